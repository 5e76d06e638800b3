"""When a request must be answered. Pure."""

from __future__ import annotations

import datetime as dt

MOST_DAYS = 30
"""GDPR art. 12 allows a month; PIPL art. 50 asks for a timely answer."""
_SATURDAY = 5


def deadline(received_at: dt.datetime, working_days: int) -> dt.datetime:
    """The moment ``working_days`` after ``received_at``, at most 30 calendar days later.

    Weekdays are those of the moment's own time zone.
    """
    due_at = received_at
    while working_days:
        due_at += dt.timedelta(days=1)
        working_days -= due_at.weekday() < _SATURDAY
    return min(due_at, received_at + dt.timedelta(days=MOST_DAYS))


def days_left(due_at: dt.datetime, at: dt.datetime) -> int:
    """Whole days until the deadline, the running one included; negative when it has passed."""
    seconds = (due_at - at) // dt.timedelta(seconds=1)
    if seconds >= 0:
        return -(-seconds // 86_400)
    return -max(1, -seconds // 86_400)
