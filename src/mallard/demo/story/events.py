"""What happened in the year besides sales: so far, a café that closed."""

from __future__ import annotations

from datetime import date, timedelta

from mallard.demo.calendar import LAST_FULL_DAY

# A small café in the smallest mall. Its receipts are the source's, untouched, so it closes when
# the year is over: the first day without it is the day after.
CLOSED_STORE = "GR-COF"


def closing_day(weeks: int) -> date:
    """The first day on which the closed store does not trade."""
    return LAST_FULL_DAY + timedelta(weeks=weeks, days=1)
