"""Tiers: which one a member has reached, and days of a calendar."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class TierLevel:
    """A tier's thresholds: spend, visits and qualifying value must all be reached."""

    code: str
    rank: int
    spend_minor: int
    visits: int
    bonus_bp: int
    value: int = 0
    by_invitation: bool = False


# Remembered: reckoning over many people asks for the same few hundred days a million times.
@lru_cache(maxsize=4_096)
def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later; the month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
