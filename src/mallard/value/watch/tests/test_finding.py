"""Each pattern is found in facts that the product recorded, and honest trade is left alone."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.value.checkout.services import record_returns
from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_member,
    a_return,
    a_trading_world,
)
from mallard.value.ledger import services as ledger
from mallard.value.ledger.models import FunderKind
from mallard.value.sales.models import Source
from mallard.value.watch.models import Alert, Evidence
from mallard.value.watch.tests.factories import (
    BEGIN,
    CARD,
    END,
    a_cashier,
    each_day,
    looked,
    only,
    record,
    strangers,
    usual_trade,
)
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import Relation, RelationKind, RelationSource
from mallard.world.members.services import enrol_members, merge_members
from mallard.world.staff.queries import actor_for_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> TradingWorld:
    return a_trading_world()


def test_honest_trade_raises_nothing(world: TradingWorld) -> None:
    usual_trade(world, world.bakery)
    report = looked()
    assert report.raised == []
    assert not Alert.objects.exists()


def test_a_cashier_on_strangers_receipts_is_found_with_the_receipts_behind_it(
    world: TradingWorld,
) -> None:
    leo = strangers(world)
    looked()
    alert = only("strangers")
    assert (alert.staff_id, alert.store_id) == (leo.pk, world.bakery.pk)
    assert alert.mall_id == world.bakery.mall_id
    assert alert.why["n"] == alert.evidence.count() == 12
    # The last two as silver, with half as much again.
    assert alert.points == sum(alert.evidence.values_list("points", flat=True)) == 1_300
    assert alert.cost_minor == 1_300
    assert {row.kind for row in alert.evidence.all()} == {"receipt"}


def test_the_only_cashier_of_a_store_says_nothing_about_one_card(world: TradingWorld) -> None:
    """All receipts are theirs: that one card has twelve of them is the card's doing."""
    only_one = actor_for_user(a_cashier(world.bakery))
    for n in range(10):
        phone = f"139000055{n:02d}"
        a_member(phone, store=world.bakery)
        record(world.bakery, phone, each_day(3, since=BEGIN), actor=only_one, prefix=f"O{n}")
    a_member(CARD, store=world.bakery)
    record(world.bakery, CARD, each_day(12, hour=3), actor=only_one)
    looked()
    assert not Alert.objects.filter(pattern="strangers").exists()


def test_receipts_loaded_from_a_file_accuse_nobody(world: TradingWorld) -> None:
    usual_trade(world, world.bakery)
    a_member(CARD, store=world.bakery)
    clerk = actor_for_user(a_cashier(world.bakery))
    record(world.bakery, CARD, each_day(12, hour=3), actor=clerk, source=Source.FILE)
    looked()
    assert not Alert.objects.exists()


def test_two_cards_of_one_person_are_one_person(world: TradingWorld) -> None:
    """Six receipts on each of two records that were merged."""
    usual_trade(world, world.bakery)
    survivor = a_member(CARD, store=world.bakery)
    other = a_member("13800138002", store=world.bakery)
    leo = actor_for_user(a_cashier(world.bakery))
    record(world.bakery, CARD, each_day(6, hour=3), actor=leo, source=Source.STAFF)
    record(world.bakery, "13800138002", each_day(6, hour=4), actor=leo, source=Source.STAFF)
    merge_members(survivor, merged_id=other, actor=TILL)
    looked()
    assert only("strangers").member_id == survivor
    assert only("strangers").evidence.count() == 12


@pytest.mark.parametrize("link", ["email", "name"])
def test_staff_who_give_points_to_themselves(world: TradingWorld, link: str) -> None:
    usual_trade(world, world.bakery)
    leo = a_cashier(world.bakery, email="leo@shop.test")
    identities = (IdentityInput("phone", CARD), IdentityInput("email", "Leo@Shop.test"))
    [row] = enrol_members(
        [
            Enrolment(
                profile={"name": "Leo Marsh" if link == "name" else "L. M."},
                identities=identities[: 2 if link == "email" else 1],
                store_id=world.bakery.pk,
                mall_id=world.bakery.mall_id,
                joined_at=BEGIN - dt.timedelta(days=90),
            )
        ],
        actor=TILL,
    )
    record(world.bakery, CARD, each_day(4), actor=actor_for_user(leo), source=Source.STAFF)
    looked()
    alert = only("own_till")
    assert (alert.member_id, alert.staff_id, alert.why["link"]) == (row.id, leo.pk, link)
    assert "Leo" not in repr(list(Alert.objects.values("why", "key", "reason")))


def test_a_colleague_who_buys_is_no_fraud(world: TradingWorld) -> None:
    """The receipts of a member of staff, recorded by another."""
    usual_trade(world, world.bakery)
    a_cashier(world.bakery, name="王小明")  # the members' name, as it happens
    other = actor_for_user(a_cashier(world.bakery, name="Nora Quinn"))
    a_member(CARD, store=world.bakery)
    record(world.bakery, CARD, each_day(4), actor=other, source=Source.STAFF)
    looked()
    assert not Alert.objects.filter(pattern="own_till").exists()


def spent_and_brought_back(
    world: TradingWorld, *, sales: int = 3, is_reversed: bool = False
) -> None:
    member = a_member(CARD, store=world.bakery)
    moments = each_day(1, a_day=sales)
    record(world.bakery, CARD, moments)
    spent = ledger.Redemption(
        key="gift",
        member_id=member,
        redemption_account_id=ledger.open_redemption(FunderKind.MALL, world.bakery.mall_id),
        points=sales * 100,
        source_kind="gift",
        source_id=member,
        reason="gift card",
        occurred_at=BEGIN + dt.timedelta(days=2),
        recorded_at=BEGIN + dt.timedelta(days=2),
        group_id=member,
    )
    ledger.redeem([spent], actor=TILL)
    if is_reversed:
        restoration = ledger.Restoration(
            key="undone",
            redemption_key="gift",
            points=None,
            source_kind="gift",
            source_id=member,
            reason="mistake",
            occurred_at=BEGIN + dt.timedelta(days=3),
            recorded_at=BEGIN + dt.timedelta(days=3),
            group_id=uuid7(),
        )
        ledger.reverse_redemption(restoration, actor=TILL)
    record_returns(
        [
            a_return(
                world.bakery, f"R{n}", f"8001-{at:%d%H%M}-{n}", at=BEGIN + dt.timedelta(days=4)
            )
            for n, at in enumerate(moments)
        ],
        actor=TILL,
        source=Source.POS,
    )


def test_points_spent_and_goods_brought_back(world: TradingWorld) -> None:
    spent_and_brought_back(world)
    looked()
    alert = only("brought_back")
    assert alert.points == alert.why["points"] == 300
    assert alert.why["gap"] == 2
    kinds = sorted(alert.evidence.values_list("kind", flat=True))
    assert kinds == ["receipt"] * 3 + ["return"] * 3 + ["transfer"]
    taken = Evidence.objects.get(alert=alert, kind="transfer")
    assert taken.points == -300


def test_a_redemption_that_was_taken_back_spent_nothing(world: TradingWorld) -> None:
    spent_and_brought_back(world, is_reversed=True)
    looked()
    assert not Alert.objects.exists()


def test_goods_brought_back_without_spending_are_a_return_and_no_more(world: TradingWorld) -> None:
    a_member(CARD, store=world.bakery)
    moments = each_day(1, a_day=3)
    record(world.bakery, CARD, moments)
    back = BEGIN + dt.timedelta(days=4)
    returns = [
        a_return(world.bakery, f"R{n}", f"8001-{at:%d%H%M}-{n}", at=back)
        for n, at in enumerate(moments)
    ]
    record_returns(returns, actor=TILL, source=Source.POS)
    looked()
    assert not Alert.objects.exists()


def test_one_purchase_split_up(world: TradingWorld) -> None:
    a_member(CARD, store=world.bakery)
    record(world.bakery, CARD, [BEGIN + dt.timedelta(minutes=5 * n) for n in range(9)])
    looked()
    alert = only("split")
    assert alert.why == {"n": 9, "minutes": 60}
    assert alert.evidence.count() == 9


def test_the_same_receipts_over_a_day_are_a_customer(world: TradingWorld) -> None:
    a_member(CARD, store=world.bakery)
    record(world.bakery, CARD, [BEGIN + dt.timedelta(minutes=55 * n) for n in range(9)])
    looked()
    assert not Alert.objects.exists()


def test_in_two_malls_at_once(world: TradingWorld) -> None:
    a_member(CARD, store=world.bakery)
    far = world.place.hillside_bakery
    days = each_day(4)
    record(world.bakery, CARD, days)
    record(far, CARD, [at + dt.timedelta(minutes=4) for at in days], prefix="far")
    looked()
    alert = only("apart")
    assert (alert.why["n"], alert.why["shortest"]) == (4, 4)
    assert (alert.store_id, alert.mall_id) == (None, None)


def test_a_store_with_many_receipts_by_hand(world: TradingWorld) -> None:
    usual_trade(world, world.bakery)
    usual_trade(world, world.pharmacy, prefix="P")
    hand = actor_for_user(a_cashier(world.pharmacy))
    for n in range(24):
        phone = f"137000000{n:02d}"
        a_member(phone, store=world.pharmacy)
        at = BEGIN + dt.timedelta(hours=9 * n)
        record(world.pharmacy, phone, [at], actor=hand, source=Source.STAFF, prefix=f"H{n}")
    looked()
    alert = only("by_hand")
    assert alert.store_id == world.pharmacy.pk
    assert (alert.member_id, alert.staff_id) == (None, None)
    assert (alert.why["n"], alert.why["of_store"]) == (24, 64)


def test_receipts_typed_in_one_go(world: TradingWorld) -> None:
    usual_trade(world, world.bakery)
    clerk = a_cashier(world.bakery)
    moment = now()
    for n in range(12):
        phone = f"137000000{n:02d}"
        a_member(phone, store=world.bakery)
        at = moment - dt.timedelta(days=1, hours=n)
        record(
            world.bakery, phone, [at], actor=actor_for_user(clerk), source=Source.STAFF,
            prefix=f"B{n}", recorded_at=moment,
        )  # fmt: skip
    looked(moment - dt.timedelta(days=3), now() + dt.timedelta(minutes=1))
    alert = only("burst")
    assert (alert.staff_id, alert.why["members"]) == (clerk.pk, 12)


def test_a_year_of_windows_is_one_alert(world: TradingWorld) -> None:
    strangers(world)
    report = looked(BEGIN - dt.timedelta(days=200), END + dt.timedelta(days=150))
    assert report.by_pattern["strangers"] == len(report.raised) == 1


def brought(world: TradingWorld, friends: int, *, since: dt.datetime) -> tuple[UUID, list[str]]:
    """A member and so many friends of theirs, named on ``since``; the referrer and the phones."""
    referrer = a_member(CARD, store=world.bakery)
    phones = [f"137000066{n:02d}" for n in range(friends)]
    for phone in phones:
        friend = a_member(phone, store=world.bakery)
        Relation.objects.create(
            kind=RelationKind.REFERRAL,
            from_member_id=referrer,
            to_member_id=friend,
            since=since,
            source=RelationSource.DESK,
        )
    return referrer, phones


def test_friends_who_bought_once_and_never_again_lead_to_who_brought_them(
    world: TradingWorld,
) -> None:
    long_ago = END - dt.timedelta(days=60)
    referrer, phones = brought(world, 5, since=long_ago)
    for n, phone in enumerate(phones):
        record(world.bakery, phone, [long_ago + dt.timedelta(days=1, minutes=n)])
    looked()
    alert = only("friends")
    assert (alert.member_id, alert.store_id) == (referrer, world.bakery.pk)
    assert (alert.why["n"], alert.why["brought"], alert.evidence.count()) == (5, 5, 5)
    assert not looked().raised


def test_friends_who_come_back_or_came_lately_accuse_nobody(world: TradingWorld) -> None:
    long_ago = END - dt.timedelta(days=60)
    _referrer, phones = brought(world, 6, since=long_ago)
    for n, phone in enumerate(phones[:3]):
        record(
            world.bakery, phone, [long_ago + dt.timedelta(days=day, minutes=n) for day in (1, 9)]
        )
    for n, phone in enumerate(phones[3:5]):
        record(world.bakery, phone, [END - dt.timedelta(days=3, minutes=n)])
    looked()
    assert not Alert.objects.filter(pattern="friends").exists()


def test_friends_who_are_the_referrer_after_a_merge_are_no_friends(world: TradingWorld) -> None:
    long_ago = END - dt.timedelta(days=60)
    referrer, phones = brought(world, 4, since=long_ago)
    for n, phone in enumerate(phones):
        record(world.bakery, phone, [long_ago + dt.timedelta(days=1, minutes=n)])
    merged = Relation.objects.filter(from_member=referrer).first()
    assert merged is not None
    merge_members(referrer, merged_id=merged.to_member_id, actor=TILL)
    looked()
    assert not Alert.objects.filter(pattern="friends").exists()
