"""Rates of members, against a reckoning by hand over the facts: late, returned and merged ones too.

Here because a trade with returns is made by checkout; the measures are those of sales.
"""

from __future__ import annotations

import datetime as dt
import random
from uuid import UUID

import pytest

from mallard.kernel.access.actor import Scope
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
)
from mallard.value.ledger.verification import verify
from mallard.value.sales.breakdowns import By, store_hours_in, trade_per, trade_per_hour
from mallard.value.sales.facts import ReturnLineInput
from mallard.value.sales.measures import MemberCounts, buyers_on, leased_trade, member_counts
from mallard.value.sales.models import MemberStoreDay, Receipt, Return, Source, StoreHour
from mallard.value.sales.queries import store_days_in
from mallard.value.sales.rollups import bring_up_to_date, fill
from mallard.world.malls.models import Store
from mallard.world.malls.tests.factories import LeaseFactory
from mallard.world.members.models import Member, MemberPresence

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
TODAY = NOON.date()
PHONES = [f"1381234{n:04d}" for n in range(12)]
GROUP = Scope(is_group=True)


def follow_everything() -> None:
    """What the outbox consumer does with the events of all facts so far, twice."""
    days = set(Receipt.objects.values_list("store_id", "business_day"))
    days |= set(Return.objects.values_list("store_id", "business_day"))
    for _time in range(2):
        bring_up_to_date(days, set(Receipt.objects.values_list("id", flat=True)))


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    """Twelve members who joined over a year and bought at random, in any order of arrival; a
    quarter of it came back, some of it whole; two records are one person."""
    frozen_clock.set(NOON + dt.timedelta(hours=6))
    made = a_trading_world()
    chance = random.Random(7)
    stores = [made.bakery, made.pharmacy, made.place.hillside_bakery]
    joined = [0, 31, 32, 45, 60, 61, 90, 200, 300, 364, 365, 400]
    members = [
        a_member(phone, store=chance.choice(stores), joined_at=NOON - ago * DAY)
        for phone, ago in zip(PHONES, joined, strict=True)
    ]
    sales, backs = [], []
    for number in range(140):
        ago = chance.choice([0, 0, 1, 2, 10, 29, 30, 31, 60, 89, 90, 91, 200, 364, 365, 366])
        store, at = chance.choice(stores), NOON - ago * DAY + dt.timedelta(minutes=number)
        phone = chance.choice([*PHONES, None])
        sale = a_receipt(
            store, f"R{number}", chance.choice([100, 1_000, 2_500]), phone=phone, at=at
        )
        sales.append(sale)
        if chance.random() < 0.25:
            some = chance.choice([None, (ReturnLineInput(1, 500),)])
            back_at = min(at + chance.choice([0, 3]) * DAY + dt.timedelta(hours=1), NOON)
            backs.append(
                a_return(store, f"B{number}", sale.number, at=max(back_at, at), lines=some)
            )
    chance.shuffle(sales)
    record_receipts(sales, actor=TILL, source=Source.POS)
    record_returns(backs, actor=TILL, source=Source.POS)
    Member.objects.filter(pk=members[1]).update(merged_into=members[2])
    Member.objects.filter(pk=members[5]).update(status="closed", closed_at=NOON - 3 * DAY)
    follow_everything()
    return made


def by_hand(day: dt.date, stores: set[UUID], *, is_group: bool, kind: str) -> dict[str, int]:
    """The same counts, one receipt and one member at a time."""
    person = {one.pk: one.merged_into_id or one.pk for one in Member.objects.all()}
    valid: dict[UUID, set[dt.date]] = {}
    first: dict[UUID, dt.date] = {}
    bought_anywhere: dict[UUID, set[dt.date]] = {}
    kept: dict[tuple[UUID, UUID, dt.date], int] = {}
    for one in Receipt.objects.filter(member__isnull=False, business_day__lte=day):
        returned = sum(one.returns.values_list("refund_minor", flat=True))
        key = (person[one.member_id], one.member_id, one.store_id, one.business_day)
        kept[key] = kept.get(key, 0) + one.net_minor - returned
    for (who, _member, store_id, on), left in kept.items():
        if left > 0 and (kind != "choice" or store_id in stores):
            bought_anywhere.setdefault(who, set()).add(on)
        if store_id in stores:
            first[who] = min(on, first.get(who, on))
            valid.setdefault(who, set())
            if left > 0:
                valid[who].add(on)
    people = [one for one in Member.objects.filter(merged_into=None) if one.joined_at.date() <= day]
    is_open = {one.pk for one in people if not one.closed_at or one.closed_at.date() > day}
    stays = MemberPresence.objects.filter(store_id__in=stores).select_related("store__mall")
    known = {
        person[one.member_id]
        for one in stays
        if one.first_at.astimezone(one.store.mall.zone).date() <= day
    }
    malls = set(Store.objects.filter(pk__in=stores).values_list("mall_id", flat=True))
    if kind == "mall":
        known |= {one.pk for one in people if one.enrolled_mall_id in malls}
    joined = [
        one for one in people
        if 31 <= (day - one.joined_at.date()).days <= 60
        and (is_group or one.enrolled_store_id in stores)
    ]  # fmt: skip
    converted = [
        one for one in joined
        if any(
            0 <= (on - one.joined_at.date()).days <= 30
            for on in bought_anywhere.get(one.pk, ())
        )
    ]  # fmt: skip
    recent = {who: {on for on in days if (day - on).days < 90} for who, days in valid.items()}
    return {
        "known": len(is_open if is_group else known & is_open),
        "active": sum(
            any((day - on).days < 365 for on in days) for who, days in valid.items()
            if who in is_open
        ),
        "bought": sum(len(days) >= 1 for days in recent.values()),
        "bought_again": sum(len(days) >= 2 for days in recent.values()),
        "joined": len(joined),
        "converted": len(converted),
        "new": sum((day - on).days < 30 for on in first.values()),
    }  # fmt: skip


def told(counts: MemberCounts) -> dict[str, int]:
    names = ("known", "active", "bought", "bought_again", "joined", "converted", "new")
    return {name: getattr(counts, name) for name in names}


@pytest.mark.parametrize("ago", [0, 1, 28])
def test_counts_are_those_of_the_facts_at_every_place(world: TradingWorld, ago: int) -> None:
    day = TODAY - ago * DAY
    stores = list(Store.objects.all())
    for counts in member_counts(day):
        column = {"mall": "mall_id", "tenant": "tenant_id", "store": "pk"}.get(counts.place_kind)
        here = {s.pk for s in stores if column is None or getattr(s, column) == counts.place_id}
        expected = by_hand(day, here, is_group=column is None, kind=counts.place_kind)
        assert told(counts) == expected, (counts.place_kind, counts.place_id)
        assert counts.active <= counts.known


def test_a_choice_of_stores_is_counted_as_one_place(world: TradingWorld) -> None:
    chosen = {world.bakery.pk, world.place.hillside_bakery.pk}
    [group] = [one for one in member_counts(TODAY, store_ids=chosen) if one.place_kind == "group"]
    assert told(group) == by_hand(TODAY, chosen, is_group=False, kind="choice")


def test_people_who_bought_are_counted_once_a_day(world: TradingWorld) -> None:
    days = [TODAY, TODAY - DAY, TODAY - 400 * DAY]
    for stores in (None, {world.bakery.pk}):
        expected: dict[dt.date, set[UUID]] = {}
        for one in Receipt.objects.filter(member__isnull=False).select_related("member"):
            if one.business_day in days and (stores is None or one.store_id in stores):
                who = one.member.merged_into_id or one.member_id
                expected.setdefault(one.business_day, set()).add(who)
        assert buyers_on(days, stores) == {day: len(who) for day, who in expected.items()}


def test_hours_and_breakdowns_are_those_of_the_facts(world: TradingWorld) -> None:
    first, last = TODAY - 60 * DAY, TODAY
    expected: dict[tuple[int, int], list[int]] = {}
    facts = [(one.business_day, one.occurred_at, one.store, 1, one.net_minor)
             for one in Receipt.objects.select_related("store__mall")]  # fmt: skip
    facts += [(one.business_day, one.occurred_at, one.store, 0, -one.refund_minor)
              for one in Return.objects.select_related("store__mall")]  # fmt: skip
    per_tenant: dict[UUID, list[int]] = {}
    for on, at, store, receipts, net in facts:
        if first <= on <= last:
            key = (on.isoweekday(), at.astimezone(store.mall.zone).hour)
            for sums in (expected.setdefault(key, [0, 0]),
                         per_tenant.setdefault(store.tenant_id, [0, 0])):  # fmt: skip
                sums[0] += receipts
                sums[1] += net
    found = trade_per_hour(store_hours_in(GROUP), first, last)
    assert {key: [one.receipts, one.net_minor] for key, one in found.items()} == expected
    by_tenant = trade_per(store_days_in(GROUP), By.TENANT, first, last)
    assert {key: [one.receipts, one.net_minor] for key, one in by_tenant.items()} == per_tenant


def test_density_counts_leased_stores_on_their_open_days(world: TradingWorld) -> None:
    LeaseFactory(
        store=world.bakery, tenant=world.bakery.tenant, unit=world.bakery.unit, area_dm2=2_000,
        starts_on=TODAY - 9 * DAY, ends_on=TODAY + 300 * DAY,
    )  # fmt: skip
    Store.objects.filter(pk=world.bakery.pk).update(opened_on=TODAY - 4 * DAY)
    stores = Store.objects.all()
    trade = leased_trade(store_days_in(GROUP), stores, TODAY - 20 * DAY, TODAY)
    assert trade.area_days_dm2 == 2_000 * 5
    sold = sum(
        day.net_minor - day.refund_minor
        for day in store_days_in(GROUP)
        if day.store_id == world.bakery.pk and 0 <= (TODAY - day.business_day).days <= 20
    )
    assert trade.net_minor == sold
    assert leased_trade(store_days_in(GROUP), stores.none(), TODAY, TODAY).density_minor is None


def test_verify_derives_the_rollups_and_finds_a_wrong_one(world: TradingWorld) -> None:
    from django.db import connection

    with connection.cursor() as cursor:  # nothing waits: the consumer has handled every event
        cursor.execute("DELETE FROM outbox_event")
    assert found_wrong() == (0, 0)
    StoreHour.objects.filter(store=world.pharmacy, business_day=TODAY).update(net_minor=1)
    day = MemberStoreDay.objects.filter(store=world.bakery).first()
    MemberStoreDay.objects.filter(pk=day.pk).update(returned_minor=77_777)
    hours, days = found_wrong()
    assert hours >= 1
    assert days == 1


def test_what_still_waits_in_the_outbox_is_no_fault(world: TradingWorld) -> None:
    MemberStoreDay.objects.all().delete()
    StoreHour.objects.all().delete()
    assert found_wrong() == (0, 0)


def found_wrong() -> tuple[int, int]:
    checks = {check.name: check.wrong for check in verify().checks}
    return checks["store hours"], checks["member store days"]


def test_history_added_up_at_once_is_what_its_events_come_to(world: TradingWorld) -> None:
    def rollups() -> list[list[tuple]]:
        return [
            sorted(StoreHour.objects.values_list(), key=str),
            sorted(MemberStoreDay.objects.values_list(), key=str),
        ]

    followed = rollups()
    assert all(followed)
    StoreHour.objects.all().delete()
    MemberStoreDay.objects.all().delete()
    for _time in range(2):
        fill()
        assert rollups() == followed
