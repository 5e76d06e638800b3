"""Points that end twelve months after the last purchase that earns, whenever we hear of it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, ActorKind
from mallard.kernel.clock import business_day, business_day_start
from mallard.kernel.ids import uuid7
from mallard.kernel.settings.permissions import CHANGE_SETTING
from mallard.kernel.settings.services import change_setting
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
    line,
)
from mallard.value.ledger.models import Lot, TransferKind
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.services import expire_due, extend_lot
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.rules import add_months
from mallard.value.sales.models import Receipt, Source
from mallard.world.members.services import merge_members

pytestmark = pytest.mark.django_db

PHONE, OTHER_PHONE = "13812345678", "13987654321"
START = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
OPERATOR = Actor(ActorKind.STAFF, uuid7(), "op", frozenset({CHANGE_SETTING}), WHOLE_GROUP)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(START)
    change_setting("loyalty.expiry_mode", value="inactivity", actor=OPERATOR)
    return a_trading_world()


@pytest.fixture
def member(world: TradingWorld) -> UUID:
    return a_member(PHONE, store=world.bakery)


def end_after(world: TradingWorld, at: dt.datetime) -> dt.datetime:
    mall = world.bakery.mall
    day = business_day(at, mall.zone, mall.business_day_cutoff_hour)
    return business_day_start(add_months(day, 12), mall.zone, mall.business_day_cutoff_hour)


def buy(world: TradingWorld, number: str, at: dt.datetime, *, phone: str = PHONE) -> None:
    receipt = a_receipt(world.bakery, number, 10_000, phone=phone, at=at)
    [outcome] = record_receipts([receipt], actor=TILL, source=Source.POS)
    assert outcome.points == 100


def lives(*members: UUID) -> dict[str, dt.datetime | None]:
    """When the lot of each receipt ends."""
    names = dict(Receipt.objects.values_list("id", "number"))
    lots = Lot.objects.filter(member__in=members, transfer__kind=TransferKind.ACCRUE)
    return {
        names[lot.transfer.source_id]: lot.expires_at for lot in lots.select_related("transfer")
    }


@pytest.mark.parametrize("days", [200, 364, 365])
def test_a_purchase_renews_everything_that_lives(
    frozen_clock, world: TradingWorld, member: UUID, days: int
) -> None:
    buy(world, "A", START)
    later = frozen_clock.advance(days=days, hours=1)
    is_alive = later < end_after(world, START)
    buy(world, "B", later)
    end = end_after(world, later)
    assert lives(member) == {"A": end if is_alive else end_after(world, START), "B": end}
    expire_due(actor=TILL, at=end - dt.timedelta(seconds=1))
    assert wallet_of([member])[member].balance == (200 if is_alive else 100)
    expire_due(actor=TILL, at=end)
    assert wallet_of([member])[member].balance == 0
    assert verify().is_sound


def test_what_earns_nothing_renews_nothing(frozen_clock, world: TradingWorld, member: UUID) -> None:
    buy(world, "A", START)
    later = frozen_clock.advance(days=100)
    tobacco = a_receipt(world.bakery, "B", phone=PHONE, at=later, lines=(line(9_000, sku="CIG-1"),))
    record_receipts([tobacco], actor=TILL, source=Source.POS)
    assert lives(member) == {"A": end_after(world, START)}


@pytest.mark.parametrize("is_expired_already", [False, True])
def test_a_purchase_told_late_brings_back_what_it_had_kept_alive(
    frozen_clock, world: TradingWorld, member: UUID, is_expired_already: bool
) -> None:
    buy(world, "A", START)
    frozen_clock.set(START + dt.timedelta(days=370))
    if is_expired_already:
        expire_due(actor=TILL)
        assert wallet_of([member])[member].balance == 0
    sold = START + dt.timedelta(days=300)
    buy(world, "LATE", sold)
    assert lives(member) == dict.fromkeys(("A", "LATE"), end_after(world, sold))
    assert wallet_of([member])[member].balance == 200
    assert verify().is_sound


def test_two_late_purchases_in_any_order_end_alike(
    frozen_clock, world: TradingWorld, member: UUID
) -> None:
    a_member(OTHER_PHONE, store=world.bakery)
    days = {"A": 0, "B": 300, "C": 640}
    frozen_clock.set(START + dt.timedelta(days=700))
    for number in "ABC":
        buy(world, number, START + dt.timedelta(days=days[number]))
    for number in "CAB":
        at = START + dt.timedelta(days=days[number])
        buy(world, f"{number}{number}", at, phone=OTHER_PHONE)
    ends = dict(Receipt.objects.values_list("number", "id"))
    by_number = {
        number: Lot.objects.get(transfer__source_id=id_).expires_at for number, id_ in ends.items()
    }
    assert {by_number[n] for n in "ABC"} == {end_after(world, START + dt.timedelta(days=640))}
    assert [by_number[n * 2] for n in "ABC"] == [by_number[n] for n in "ABC"]


def test_a_return_takes_the_renewal_back(frozen_clock, world: TradingWorld, member: UUID) -> None:
    buy(world, "A", START)
    later = frozen_clock.advance(days=200)
    buy(world, "B", later)
    assert lives(member)["A"] == end_after(world, later)
    frozen_clock.advance(days=3)
    back = a_return(world.bakery, "R", "B", at=later + dt.timedelta(days=2))
    record_returns([back], actor=TILL, source=Source.POS)
    assert lives(member)["A"] == end_after(world, START)
    assert verify().is_sound


def test_a_return_after_the_first_end_leaves_thirty_days(
    frozen_clock, world: TradingWorld, member: UUID
) -> None:
    buy(world, "A", START)
    later = frozen_clock.advance(days=360)
    buy(world, "B", later)
    now = frozen_clock.advance(days=20)
    back = a_return(world.bakery, "R", "B", at=now)
    record_returns([back], actor=TILL, source=Source.POS)
    assert lives(member)["A"] == now + dt.timedelta(days=30)


def test_a_life_that_staff_made_longer_is_not_shortened(
    frozen_clock, world: TradingWorld, member: UUID
) -> None:
    buy(world, "A", START)
    later = frozen_clock.advance(days=10)
    buy(world, "B", later)
    lot = Lot.objects.get(transfer__source_id=Receipt.objects.get(number="A").pk)
    by_hand = START + dt.timedelta(days=900)
    extend_lot(lot.pk, expires_at=by_hand, at=later)
    record_returns([a_return(world.bakery, "R", "B", at=later)], actor=TILL, source=Source.POS)
    buy(world, "C", frozen_clock.advance(days=20))
    assert lives(member)["A"] == by_hand


def test_a_purchase_renews_the_points_of_all_records_of_a_person(
    frozen_clock, world: TradingWorld, member: UUID
) -> None:
    twin = a_member(OTHER_PHONE, store=world.bakery)
    buy(world, "A", START)
    merge_members(twin, merged_id=member, actor=TILL)
    later = frozen_clock.advance(days=50)
    buy(world, "B", later, phone=OTHER_PHONE)
    assert set(lives(member, twin).values()) == {end_after(world, later)}


def test_without_the_setting_nothing_is_renewed(
    frozen_clock, world: TradingWorld, member: UUID
) -> None:
    change_setting("loyalty.expiry_mode", value="rolling", actor=OPERATOR)
    buy(world, "A", START)
    later = frozen_clock.advance(days=50)
    buy(world, "B", later)
    assert lives(member) == {"A": end_after(world, START), "B": end_after(world, later)}
