"""What happened in the year besides sales: a café that closed.

The member day is a rule of the programme, which has to be there before the receipts:
see `mallard.demo.people_load.member_day`.
"""

from __future__ import annotations

from datetime import date, timedelta

from mallard.demo.calendar import LAST_FULL_DAY

# A small café in the smallest mall. Its receipts are the source's, untouched, so it closes when
# the year is over: the first day without it is the day after.
CLOSED_STORE = "GR-COF"


def closing_day(weeks: int) -> date:
    """The first day on which the closed store does not trade."""
    return LAST_FULL_DAY + timedelta(weeks=weeks, days=1)
