"""How the source's year is moved next to the day of the load.

Every instant moves by one constant whole number of weeks, so weekdays, distances between visits
and the order of everything stay as they are. The year's last full day (Sunday 31 December 2017,
local time) then lies on the latest Sunday that is already over. The number of weeks is stored
with the demo, shown wherever its dates are, and subtracted again for accuracy figures.

The source's time stamps behave as UTC of a place five hours west of it (trade is lowest around
three in the morning then, and 25 December is empty), so they are read as UTC instants; the wall
time in `TIME_ZONE` (five hours behind, no daylight saving) is the time on the source's till.
The first day begins at 06:53 local time and the last ends at 23:01; both are complete days of
trade, with 382 and 515 visits against 427 on a mean day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mallard.demo.place import BUSINESS_DAY_CUTOFF_HOUR, TIME_ZONE

ZONE = ZoneInfo(TIME_ZONE)
FIRST_DAY = date(2017, 1, 1)
LAST_FULL_DAY = date(2017, 12, 31)


def business_day(at: datetime) -> date:
    """The mall's business day that the aware instant `at` belongs to."""
    return (at.astimezone(ZONE) - timedelta(hours=BUSINESS_DAY_CUTOFF_HOUR)).date()


def shift_weeks(today: date) -> int:
    """Whole weeks to add so that the source's last full day is over before `today` begins.

    `today` is the business day of the load (`business_day(clock.now())`). After the shift the
    year ends one to seven days before it. Negative for a `today` before January 2018.
    """
    return (today - timedelta(days=1) - LAST_FULL_DAY).days // 7


def shifted(at: datetime, *, weeks: int) -> datetime:
    """The demo's instant for the source's instant `at` (aware)."""
    return at + timedelta(weeks=weeks)


def unshifted(at: datetime, *, weeks: int) -> datetime:
    """The source's instant for the demo's instant `at`: undoes `shifted`."""
    return at - timedelta(weeks=weeks)


def from_source(stamp: datetime) -> datetime:
    """The instant of a naive time stamp of the source."""
    return stamp.replace(tzinfo=UTC)


def wall_time(at: datetime) -> datetime:
    """Local time in the malls for an aware instant."""
    return at.astimezone(ZONE)
