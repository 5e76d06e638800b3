"""Which points of a period are gone unspent. Pure: a person's earnings, what they spent, and rules.

What was really spent of the period's points is taken, on its days, from the points as they were or
would be, soonest-expiring first. So both figures are reckoned alike; they differ from the ledger's
where somebody moved a single lot's end by hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mallard.value.loyalty.expiry import ExpiryMode, expires_on

Dated = tuple[dt.date, int]
"""Points on a day."""


@dataclass(frozen=True, slots=True)
class Lives:
    """How long points live (`expiry.expires_on`)."""

    months: int
    mode: str = ExpiryMode.ROLLING
    fixed_month: int = 1

    def ends(self, days: Sequence[dt.date]) -> list[dt.date]:
        """The first day without the points of each day; ``days`` in order."""
        ends = [_end_of(day, self.months, self.mode, self.fixed_month) for day in days]
        if self.mode != ExpiryMode.INACTIVITY:
            return ends
        # From the last purchase backwards: who buys while points live lets them live as long.
        for i in range(len(ends) - 2, -1, -1):
            if days[i + 1] < ends[i]:
                ends[i] = max(ends[i], ends[i + 1])
        return ends


@lru_cache(maxsize=4_096)
def _end_of(day: dt.date, months: int, mode: str, fixed_month: int) -> dt.date:
    """Remembered: a replay asks for the same few hundred days a million times."""
    return expires_on(day, months, mode=mode, fixed_month=fixed_month)


def gone_unspent(
    earned: Sequence[Dated], spent: Sequence[Dated], lives: Lives, *, until: dt.date
) -> int:
    """How many of the points ``earned`` have expired by the end of ``until``."""
    lots = sorted(lot for lot in earned if lot[1] > 0)
    ends = lives.ends([day for day, _points in lots])
    left = [points for _day, points in lots]
    first = 0
    for day, points in sorted(spent):
        while first < len(lots) and (left[first] == 0 or ends[first] <= day):
            first += 1
        for i in range(first, len(lots)):
            if points == 0 or lots[i][0] > day:
                break
            taken = min(points, left[i])
            left[i] -= taken
            points -= taken
    return sum(points for points, end in zip(left, ends, strict=True) if end <= until)
