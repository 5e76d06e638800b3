"""Points and tiers by the mall's clock where clocks change, on leap days and at the year's end."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.checkout.tests.test_order_of_facts import tell
from mallard.value.ledger import services as ledger
from mallard.value.ledger.errors import InsufficientPoints
from mallard.value.ledger.models import FunderKind, Lot
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.tests.factories import redemption
from mallard.value.loyalty.models import Assessment, Programme
from mallard.value.loyalty.queries import forget_programme, programme
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import Scheme, Window
from mallard.value.loyalty.services import set_tier_scheme
from mallard.value.loyalty.standing import tiers_at
from mallard.value.sales.models import Receipt
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import forget_store_facts

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
BERLIN = ZoneInfo("Europe/Berlin")
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def world() -> TradingWorld:
    """The lake lies in Berlin: its business day begins at four in the morning."""
    found = a_trading_world()
    Mall.objects.filter(pk=found.bakery.mall_id).update(
        time_zone="Europe/Berlin", business_day_cutoff_hour=4
    )
    Programme.objects.update(maturing_days=0)
    forget_programme()
    forget_store_facts()
    return found


def berlin(text: str, *, fold: int = 0) -> dt.datetime:
    """A moment by the clock on the wall; ``fold`` 1: the second time that it shows this."""
    local = dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)
    return local.astimezone(dt.UTC)


def buy(
    world: TradingWorld, number: str, at: dt.datetime, frozen_clock, amount: int = 10_000
) -> UUID:
    frozen_clock.set(at)
    tell(a_receipt(world.bakery, number, amount, phone=PHONE, at=at))
    return Receipt.objects.get(number=number).id


def day_of(number: str) -> str:
    return str(Assessment.objects.get(receipt__number=number).business_day)


@pytest.mark.parametrize(
    ("bought", "day", "gone"),
    [
        # In the hour that is left out in spring the clock jumps from two to three: still yesterday.
        (berlin("2026-03-29 01:59:59"), "2026-03-28", "2027-03-28 04:00"),
        (berlin("2026-03-29 03:00:00"), "2026-03-28", "2027-03-28 04:00"),
        (berlin("2026-03-29 04:00:00"), "2026-03-29", "2027-03-29 04:00"),
        # In autumn half past two comes twice; both are the day before.
        (berlin("2025-10-26 02:30"), "2025-10-25", "2026-10-25 04:00"),
        (berlin("2025-10-26 02:30", fold=1), "2025-10-25", "2026-10-25 04:00"),
        (berlin("2025-10-26 04:00"), "2025-10-26", "2026-10-26 04:00"),
        # Leap day, and the night after it.
        (berlin("2028-02-29 12:00"), "2028-02-29", "2029-02-28 04:00"),
        (berlin("2028-03-01 03:59:59"), "2028-02-29", "2029-02-28 04:00"),
        (berlin("2028-03-01 04:00"), "2028-03-01", "2029-03-01 04:00"),
        (berlin("2027-02-28 12:00"), "2027-02-28", "2028-02-28 04:00"),
        # New Year's Eve goes on until four.
        (berlin("2027-01-01 03:59:59"), "2026-12-31", "2027-12-31 04:00"),
        (berlin("2027-01-01 04:00"), "2027-01-01", "2028-01-01 04:00"),
    ],
)
def test_points_can_be_spent_until_the_last_second_of_the_malls_day(
    world: TradingWorld, frozen_clock, bought: dt.datetime, day: str, gone: str
) -> None:
    frozen_clock.set(bought)
    member_id = a_member(PHONE, store=world.bakery)
    buy(world, "R1", bought, frozen_clock)
    assert day_of("R1") == day
    end = berlin(gone)
    assert Lot.objects.get(member=member_id).expires_at == end
    till = ledger.open_redemption(FunderKind.MALL, world.bakery.mall_id)
    frozen_clock.set(end - SECOND)
    ledger.redeem([redemption(member_id, till, 40)], actor=TILL)
    assert ledger.expire_due(actor=TILL).points == 0
    frozen_clock.set(end)
    with pytest.raises(InsufficientPoints):
        ledger.redeem([redemption(member_id, till, 40)], actor=TILL)
    assert wallet_of([member_id])[member_id].available == 0
    assert ledger.expire_due(actor=TILL).points == 60


@pytest.mark.parametrize(
    ("expires_on", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-10", 24)]
)
def test_the_last_day_of_points_is_as_long_as_the_day_is(
    world: TradingWorld, frozen_clock, expires_on: str, hours: int
) -> None:
    """Points that end on the night when clocks change have an hour less or more, as the night."""
    day = dt.date.fromisoformat(expires_on)
    bought = berlin(f"{day.replace(year=2025)} 12:00")
    frozen_clock.set(bought)
    member_id = a_member(PHONE, store=world.bakery)
    buy(world, "R1", bought, frozen_clock)
    end = Lot.objects.get(member=member_id).expires_at
    assert end is not None
    before = berlin(f"{day - dt.timedelta(days=1)} 04:00")
    assert (end - before) == dt.timedelta(hours=hours)
    assert end.astimezone(BERLIN).hour == 4


def test_a_year_of_tiers_ends_with_new_years_eve_of_the_mall(world, frozen_clock) -> None:
    """Bought at one in the morning of 1 January counts for the year that is over."""
    silver = TierLevel("silver", 2, 100_000, 0, 5_000)
    levels = (TierLevel("member", 1, 0, 0, 0), silver)
    set_tier_scheme(Scheme(dt.date(2025, 1, 1), levels, Window.CALENDAR), actor=TILL)
    frozen_clock.set(berlin("2026-12-31 12:00"))
    member_id = a_member(PHONE, store=world.bakery)
    buy(world, "R1", berlin("2026-12-31 20:00"), frozen_clock, 60_000)
    buy(world, "R2", berlin("2027-01-01 01:00"), frozen_clock, 60_000)
    assert (day_of("R1"), day_of("R2")) == ("2026-12-31", "2026-12-31")
    asked = [dt.date(2026, 12, 31), dt.date(2027, 1, 1), dt.date(2027, 12, 31), dt.date(2028, 1, 1)]
    found = tiers_at([(member_id, day) for day in asked], programme())
    codes = [tier.code if tier else None for tier in found.values()]
    assert codes == ["member", "silver", "silver", "member"]
    # At five it is the new year's money: three hours make a year's difference.
    buy(world, "R3", berlin("2027-01-01 05:00"), frozen_clock, 60_000)
    assert day_of("R3") == "2027-01-01"


def test_a_rolling_tier_of_a_leap_day_falls_after_a_year(world, frozen_clock) -> None:
    frozen_clock.set(berlin("2028-02-28 12:00"))
    member_id = a_member(PHONE, store=world.bakery)
    buy(world, "R1", berlin("2028-02-28 12:00"), frozen_clock, 60_000)
    buy(world, "R2", berlin("2028-02-29 12:00"), frozen_clock, 60_000)
    days = [dt.date(2028, 3, 1), dt.date(2029, 2, 28), dt.date(2029, 3, 1)]
    found = tiers_at([(member_id, day) for day in days], programme())
    # The twelve months before 28 February 2029 begin with 28 February 2028.
    assert [tier.code for tier in found.values() if tier] == ["silver", "silver", "member"]
