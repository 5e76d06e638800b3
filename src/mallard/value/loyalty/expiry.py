"""When points end: so long after the purchase, or on a fixed day of the year. Pure."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from mallard.value.loyalty.rules import add_months


class ExpiryMode(StrEnum):
    ROLLING = "rolling"
    FIXED_DAY = "fixed_day"


def expires_on(
    business_day: dt.date, months: int, *, mode: str = ExpiryMode.ROLLING, fixed_month: int = 1
) -> dt.date:
    """The first day on which the points of ``business_day`` are gone.

    Rolling: ``months`` later. On a fixed day: the first of ``fixed_month`` that is no earlier than
    that, so that nobody gets less time than the rolling rule would give. 12 months and January:
    what is earned in 2026 ends with the year 2027, except what was earned on 1 January 2026, which
    ends with 2026.
    """
    rolling = add_months(business_day, months)
    if mode != ExpiryMode.FIXED_DAY:
        return rolling
    fixed = dt.date(rolling.year, fixed_month, 1)
    return fixed if fixed >= rolling else dt.date(rolling.year + 1, fixed_month, 1)
