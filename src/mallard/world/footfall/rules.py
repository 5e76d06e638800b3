"""Pure decisions about counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from mallard.kernel import clock
from mallard.kernel.errors import DomainError
from mallard.world.footfall.errors import (
    CountFromTheFuture,
    CountOutOfRange,
    EntranceWasClosed,
    NotAQuarter,
    StaleRevision,
)
from mallard.world.footfall.facts import CountInput, CountStatus

QUARTER = dt.timedelta(minutes=15)
# A broad door lets three people a second through; what is more is a counter gone wild.
MOST_IN_A_QUARTER = 10_000


@dataclass(frozen=True, slots=True)
class KnownCount:
    """What a count says now."""

    entries: int
    exits: int
    origin: str
    revision: int


def count_problem(
    given: CountInput, *, now: dt.datetime, business_day: dt.date, closed_on: dt.date | None
) -> DomainError | None:
    """What is wrong with a count by itself; None when nothing is."""
    at = given.quarter_at
    if at.minute % 15 or at.second or at.microsecond:
        return NotAQuarter()
    if at + QUARTER > now:
        return CountFromTheFuture()
    if not (0 <= given.entries <= MOST_IN_A_QUARTER and 0 <= given.exits <= MOST_IN_A_QUARTER):
        return CountOutOfRange(most=MOST_IN_A_QUARTER)
    if closed_on is not None and business_day >= closed_on:
        return EntranceWasClosed()
    return None


def what_it_does(given: CountInput, *, origin: str, known: KnownCount | None) -> CountStatus:
    """What a sound count does to what is known. Raises `StaleRevision`.

    The same figures again are nothing new, under whatever revision.
    """
    if known is None:
        return CountStatus.RECORDED
    if (given.entries, given.exits, origin) == (known.entries, known.exits, known.origin):
        return CountStatus.UNCHANGED
    if given.revision is not None and given.revision <= known.revision:
        raise StaleRevision(known=known.revision)
    return CountStatus.CORRECTED


def next_revision(given: CountInput, known: KnownCount | None) -> int:
    """The number that this statement gets: the counter's own, or one more than the last."""
    if given.revision is not None:
        return given.revision
    return known.revision + 1 if known else 1


@lru_cache(maxsize=100_000)
def day_and_hour(hour_at: dt.datetime, zone: ZoneInfo, cutoff_hour: int) -> tuple[dt.date, int]:
    """The business day and the local hour of a moment.

    Remembered, because a year of counts asks for the same moments once an entrance.
    """
    return clock.business_day(hour_at, zone, cutoff_hour), hour_at.astimezone(zone).hour
