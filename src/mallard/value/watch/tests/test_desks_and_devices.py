"""Desks that give strangers' paper to one member, and more through a till than hands can do."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Actor
from mallard.kernel.ids import uuid7
from mallard.kernel.settings.services import change_setting
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.counter.models import PaperReceipt, State
from mallard.value.counter.services import bring_receipt, decide_receipt
from mallard.value.counter.tests.factories import an_agent, paper
from mallard.value.ledger import services as ledger
from mallard.value.ledger.models import FunderKind
from mallard.value.sales.models import Receipt, Source
from mallard.value.wallets.models import RequestKind
from mallard.value.wallets.services import ChangeInput, request_change
from mallard.value.watch import rules
from mallard.value.watch.models import Alert, FactKind
from mallard.value.watch.patterns import DESK
from mallard.value.watch.services import dismiss_alert, freeze_points
from mallard.value.watch.tests.factories import BEGIN, CARD, END, looked, manager, only, record
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.services import enrol_members
from mallard.world.staff.queries import actor_for_api_key
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
TERMS = DESK.defaults()


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(END)
    return a_trading_world()


def bring(
    world: TradingWorld, member: UUID, agent: Actor, n: int, *, told: bool = True, prefix: str = "S"
) -> list[PaperReceipt]:
    """Paper receipts of strangers, one a day: the till had told their sales (``told``) or not."""
    rows = []
    for i in range(n):
        at, number = END - (n - i) * DAY, f"{prefix}{i}"
        if told:
            record_receipts([a_receipt(world.bakery, number, at=at)], actor=TILL, source=Source.POS)
        rows.append(bring_receipt(paper(member, world.bakery, number, at=at), actor=agent))
    return rows


def others(world: TradingWorld, agent: Actor, *, members: int = 5) -> None:
    """Honest members who forgot their card once."""
    for i in range(members):
        member = a_member(f"139000011{i:02d}", store=world.bakery)
        bring(world, member, agent, 1, prefix=f"H{i}-")


def test_an_agent_who_names_one_member_on_strangers_receipts_is_found(world: TradingWorld) -> None:
    """The till told the sales: the receipts themselves name the till, not the agent."""
    agent = an_agent()
    others(world, agent)
    member = a_member(CARD, store=world.bakery)
    rows = bring(world, member, agent, 6)
    assert {row.state for row in rows} == {State.NAMED}
    assert set(Receipt.objects.filter(member=member).values_list("actor_id", flat=True)) == {None}
    looked(until=END + DAY)
    alert = only("desk")
    assert (alert.staff_id, alert.member_id) == (agent.id, member)
    assert (alert.mall_id, alert.store_id) == (world.bakery.mall_id, world.bakery.pk)
    assert (alert.why["n"], alert.why["ordinary"], alert.why["link"]) == (6, 1, "none")
    assert alert.score == 50
    assert alert.evidence.count() == 6
    assert alert.points == sum(alert.evidence.values_list("points", flat=True)) > 0
    assert Alert.objects.count() == 1


def test_five_of_ones_own_are_nothing_and_looking_again_changes_nothing(world) -> None:
    agent = an_agent()
    others(world, agent)
    bring(world, a_member(CARD, store=world.bakery), agent, 5)
    looked(until=END + DAY)
    assert not Alert.objects.exists()
    bring(world, Receipt.objects.get(number="S0").member_id, agent, 1, prefix="T")
    looked(until=END + DAY)
    looked(until=END + DAY)
    assert only("desk").evidence.count() == 6


def test_a_mall_where_everybody_brings_much_paper_accuses_nobody(world: TradingWorld) -> None:
    """The tills were out for a week: an ordinary member has three papers, and one has seven."""
    agent = an_agent()
    for i in range(4):
        member = a_member(f"139000011{i:02d}", store=world.bakery)
        bring(world, member, agent, 3, prefix=f"H{i}-")
    bring(world, a_member(CARD, store=world.bakery), agent, 7)
    looked(until=END + DAY)
    assert not Alert.objects.filter(pattern="desk").exists()


@pytest.mark.parametrize("link", ["email", "name"])
def test_an_agent_who_gives_to_themself_is_found_sooner(world: TradingWorld, link: str) -> None:
    agent = an_agent(name="Leo Marsh")
    email = agent.label if link == "email" else "leo@elsewhere.test"
    enrolment = Enrolment(
        profile={"name": "Leo Marsh" if link == "name" else "L. M."},
        identities=(IdentityInput("phone", CARD), IdentityInput("email", email)),
        store_id=world.bakery.pk,
        mall_id=world.bakery.mall_id,
        joined_at=BEGIN - 90 * DAY,
    )
    [row] = enrol_members([enrolment], actor=TILL)
    bring(world, row.id, agent, 2)
    looked(until=END + DAY)
    assert not Alert.objects.exists()
    bring(world, row.id, agent, 1, prefix="T")
    looked(until=END + DAY)
    alert = only("desk")
    assert (alert.staff_id, alert.why["link"]) == (agent.id, link)
    assert alert.score == (74 if link == "email" else 50)


def test_who_brought_it_in_counts_and_not_who_agreed(world: TradingWorld) -> None:
    change_setting("counter.alone_up_to", value=1, actor=TILL)
    agent, second = an_agent(), manager()
    member = a_member(CARD, store=world.bakery)
    for row in bring(world, member, agent, 8, told=False):
        assert row.state == State.WAITING
        decide_receipt(row.pk, is_approved=True, actor=second)
    kinds = set(Receipt.objects.filter(member=member).values_list("source", "actor_id"))
    assert kinds == {(Source.PAPER.value, second.id)}
    looked(until=END + DAY)
    assert {(row.pattern, row.staff_id) for row in Alert.objects.all()} == {("desk", agent.id)}


def test_points_by_hand_count_with_the_paper(world: TradingWorld) -> None:
    agent = manager()
    member = a_member(CARD, store=world.bakery)
    bring(world, member, agent, 4)
    for n in range(2):
        change = ChangeInput(
            key=f"gift:{n}",
            kind=RequestKind.ADJUST,
            member_id=member,
            points=50,
            funder_kind=FunderKind.MALL,
            funder_id=world.bakery.mall_id,
            reason="for the long wait",
            expires_at=END + 300 * DAY,
        )
        request_change(change, actor=agent)
    looked(until=END + DAY)
    alert = only("desk")
    kinds = sorted(alert.evidence.values_list("kind", flat=True))
    assert kinds == [FactKind.CHANGE.value] * 2 + [FactKind.RECEIPT.value] * 4
    assert alert.points >= 100


def test_a_desk_alert_freezes_releases_and_is_not_said_again(world: TradingWorld) -> None:
    agent = an_agent()
    member = a_member(CARD, store=world.bakery)
    bring(world, member, agent, 6)
    looked(until=END + DAY)
    decider = manager()
    alert = only("desk")
    freeze_points(alert.pk, actor=decider)
    alert.refresh_from_db()
    assert alert.is_frozen
    dismiss_alert(alert.pk, reason="her own shop's slips", exempt=["member"],
                  until=END + 90 * DAY, actor=decider)  # fmt: skip
    alert.refresh_from_db()
    assert not alert.is_frozen
    bring(world, member, agent, 6, prefix="T")
    looked(until=END + DAY)
    assert Alert.objects.filter(pattern="desk").count() == 1


def test_slips_typed_in_one_go_are_found_where_the_till_had_told_them(world: TradingWorld) -> None:
    """Twelve slips for twelve members within minutes, of sales that the till had told."""
    agent = an_agent()
    others(world, agent, members=12)
    looked(until=END + DAY)
    alert = only("burst")
    assert (alert.staff_id, alert.why["members"]) == (agent.id, 12)


def a_till(name: str = "Till 1") -> Actor:
    key = create_api_key(
        name=name, scope=WHOLE_GROUP, permissions=("checkout.record_receipt",), actor=TILL
    )
    actor = actor_for_api_key(key.plain)
    assert actor is not None
    return actor


def rush(world: TradingWorld, actor: Actor, n: int, *, seconds: int, source=Source.POS) -> None:
    """Receipts of many members, one after the other."""
    phones = [f"137000022{i:02d}" for i in range(12)]
    for phone in phones:
        a_member(phone, store=world.bakery)
    receipts = [
        a_receipt(
            world.bakery,
            f"Q{i}",
            phone=phones[i % 12],
            at=BEGIN + dt.timedelta(seconds=i * seconds),
        )
        for i in range(n)
    ]
    record_receipts(receipts, actor=actor, source=source)


@pytest.mark.parametrize(
    ("n", "seconds", "source", "is_found"),
    [
        (60, 8, Source.POS, True),
        (59, 8, Source.POS, False),
        (60, 30, Source.POS, False),  # an honest rush: two a minute
        (60, 8, Source.FILE, False),
    ],
)
def test_a_till_that_is_faster_than_hands_is_found(world, n, seconds, source, is_found) -> None:
    till = a_till()
    rush(world, till, n, seconds=seconds, source=source)
    looked()
    found = Alert.objects.filter(pattern="device")
    assert found.exists() == is_found
    if is_found:
        alert = found.get()
        assert (alert.till_id, alert.staff_id, alert.store_id) == (till.id, None, world.bakery.pk)
        assert (alert.why["n"], alert.why["members"]) == (60, 12)
        assert alert.evidence.count() == 60


@pytest.mark.parametrize(("n", "is_found"), [(12, True), (11, False)])
def test_redemptions_one_after_the_other_through_one_key_are_found(world, n, is_found) -> None:
    till = a_till()
    counter = ledger.open_redemption(FunderKind.MALL, world.bakery.mall_id)
    for i in range(n):
        phone = f"137000022{i:02d}"
        member = a_member(phone, store=world.bakery)
        record(world.bakery, phone, [BEGIN])
        at = BEGIN + 3 * DAY + dt.timedelta(seconds=40 * i)
        redemption = ledger.Redemption(
            key=f"spend:{i}", member_id=member, redemption_account_id=counter, points=20,
            source_kind="test", source_id=uuid7(), reason="spend", occurred_at=at, recorded_at=at,
            group_id=uuid7(),
        )  # fmt: skip
        ledger.redeem([redemption], actor=till)
    looked()
    assert Alert.objects.filter(pattern="device").exists() == is_found
    if is_found:
        alert = only("device")
        assert (alert.till_id, alert.points, alert.why["n"]) == (till.id, 12 * 20, 12)
        assert set(alert.evidence.values_list("kind", flat=True)) == {FactKind.TRANSFER.value}


def test_the_pages_tell_both_patterns(client: Client, world: TradingWorld) -> None:
    bring(world, a_member(CARD, store=world.bakery), an_agent(), 6)
    looked(until=END + DAY)
    client.force_login(a_staff_user("crm_manager"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get(f"/watch/{only('desk').pk}/").content.decode()
    assert "one person gave this member 6 paper receipts or points by hand" in page
    assert "nothing that is known" in page
    assert client.get("/watch/patterns/device/").status_code == 200


def test_a_tie_needs_nothing_to_compare_with() -> None:
    given = rules.Given(n=3, of_member=3, of_recorder=3, of_store=3, members=1)
    assert rules.at_desk(given, "", TERMS) is None
    tied = rules.at_desk(given, "name", TERMS)
    assert tied is not None
    assert tied.score == 50
    many = rules.Given(n=12, of_member=12, of_recorder=40, of_store=40, members=8)
    assert rules.at_desk(many, "", TERMS) == rules.Verdict(
        50, {"days": 28, "n": 12, "ordinary": 4, "link": "none"}
    )
