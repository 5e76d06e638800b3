"""Points that inactivity ends: once and never early, whatever clocks and calendars do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from mallard.value.checkout.tests.factories import TILL, TradingWorld
from mallard.value.checkout.tests.test_inactivity import buy, lives, member, world
from mallard.value.ledger.models import Transfer, TransferKind
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.services import expire_due
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.models import Programme
from mallard.value.loyalty.queries import forget_programme
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import forget_store_facts

__all__ = ["member", "world"]
pytestmark = pytest.mark.django_db

DAY, MOMENT = dt.timedelta(days=1), dt.timedelta(microseconds=1)
BERLIN, BEIRUT, SHANGHAI = "Europe/Berlin", "Asia/Beirut", "Asia/Shanghai"


@dataclass(frozen=True)
class Night:
    """The last purchase by the mall's own clock, and when the points of it end (UTC): written
    down, not worked out by what is tested."""

    bought: str
    ends: str
    zone: str = BERLIN
    cutoff_hour: int = 4
    months: int = 12
    fold: int = 0

    @property
    def bought_at(self) -> dt.datetime:
        local = dt.datetime.fromisoformat(self.bought)
        return local.replace(tzinfo=ZoneInfo(self.zone), fold=self.fold).astimezone(dt.UTC)

    @property
    def ends_at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.ends).replace(tzinfo=dt.UTC)


NIGHTS = {
    # Clocks go forward in Berlin on 28 March 2027, at 2: the day begins in the hour that is not.
    "the day summer time begins": Night("2026-03-28 12:00", "2027-03-28 02:00"),
    "the hour that does not exist": Night("2026-03-28 12:00", "2027-03-28 01:00", cutoff_hour=2),
    # In Beirut they do at midnight: that midnight does not exist.
    "no midnight": Night("2026-03-28 12:00", "2027-03-27 22:00", BEIRUT, cutoff_hour=0),
    # Clocks go back on 31 October 2027, at 3.
    "the day summer time ends": Night("2026-10-31 12:00", "2027-10-31 03:00"),
    "the hour that comes twice": Night("2026-10-31 12:00", "2027-10-31 00:00", cutoff_hour=2),
    "bought the first time at half past two": Night(
        "2026-10-25 02:30", "2027-10-24 01:00", cutoff_hour=3
    ),
    "bought the second time at half past two": Night(
        "2026-10-25 02:30", "2027-10-24 01:00", cutoff_hour=3, fold=1
    ),
    "bought on leap day": Night("2028-02-29 12:00", "2029-02-28 03:00"),
    "bought after midnight of leap day": Night("2028-03-01 01:30", "2029-02-28 03:00"),
    "ends on leap day": Night("2027-08-31 12:00", "2028-02-29 03:00", months=6),
    "ends with the old year": Night("2026-12-31 23:30", "2027-12-30 23:00", cutoff_hour=0),
    "ends as the new year begins": Night("2027-01-01 00:00", "2027-12-31 23:00", cutoff_hour=0),
    "a new year's night is the old year's": Night("2027-01-01 01:30", "2027-12-31 03:00"),
    "a year without changes": Night("2026-12-31 23:30", "2027-12-30 20:00", SHANGHAI),
}


@pytest.fixture(params=NIGHTS.values(), ids=list(NIGHTS))
def night(request: pytest.FixtureRequest, world: TradingWorld) -> Night:
    night: Night = request.param
    Mall.objects.update(time_zone=night.zone, business_day_cutoff_hour=night.cutoff_hour)
    Programme.objects.update(expiry_months=night.months)
    forget_store_facts()
    forget_programme()
    return night


def balance(member_id: UUID) -> int:
    return wallet_of([member_id])[member_id].balance


def expired() -> int:
    """Points that the job takes now."""
    return expire_due(actor=TILL).points


def bought_twice(frozen_clock, world: TradingWorld, night: Night) -> None:
    """A purchase months before and the last one, each told as it is made."""
    for number, at in (("A", night.bought_at - 100 * DAY), ("B", night.bought_at)):
        frozen_clock.set(at)
        buy(world, number, at)


def test_everything_ends_at_that_moment_once(
    frozen_clock, world: TradingWorld, member: UUID, night: Night
) -> None:
    """A day and a microsecond before, at the moment itself, a day after, and with a clock that was
    put back a day."""
    bought_twice(frozen_clock, world, night)
    end = night.ends_at
    assert lives(member) == {"A": end, "B": end}
    for early in (end - DAY, end - MOMENT):
        frozen_clock.set(early)
        assert expired() == 0
        assert balance(member) == 200
    frozen_clock.set(end)
    assert balance(member) == 0
    assert expired() == 200
    for again in (end, end + DAY, end - DAY, end + 400 * DAY):
        frozen_clock.set(again)
        assert expired() == 0
        assert balance(member) == 0
    assert Transfer.objects.filter(kind=TransferKind.EXPIRE).count() == 2
    assert verify().is_sound


def test_a_purchase_of_the_last_moment_renews_and_one_at_the_end_does_not(
    frozen_clock, world: TradingWorld, member: UUID, night: Night
) -> None:
    bought_twice(frozen_clock, world, night)
    last = night.ends_at - MOMENT
    frozen_clock.set(last)
    buy(world, "LAST", last)
    ends = lives(member)
    [renewed] = set(ends.values())
    assert renewed is not None
    assert renewed > night.ends_at
    frozen_clock.set(night.ends_at)
    assert expired() == 0
    frozen_clock.set(renewed)
    buy(world, "AFTER", renewed)
    assert {n: e for n, e in lives(member).items() if n != "AFTER"} == dict.fromkeys(ends, renewed)
    assert expired() == 300
    assert expired() == 0
    assert balance(member) == 100
    assert verify().is_sound


def test_what_a_clock_a_day_ahead_took_comes_back_with_the_next_purchase(
    frozen_clock, world: TradingWorld, member: UUID, night: Night
) -> None:
    bought_twice(frozen_clock, world, night)
    frozen_clock.set(night.ends_at + DAY - dt.timedelta(hours=1))
    assert expired() == 200
    right = night.ends_at - dt.timedelta(hours=1)
    frozen_clock.set(right)
    assert balance(member) == 0
    buy(world, "C", right)
    assert balance(member) == 300
    [renewed] = set(lives(member).values())
    assert renewed is not None
    frozen_clock.set(renewed - MOMENT)
    assert expired() == 0
    frozen_clock.set(renewed)
    assert (expired(), expired(), balance(member)) == (300, 0, 0)
    assert verify().is_sound
