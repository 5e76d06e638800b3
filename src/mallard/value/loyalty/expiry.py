"""When points end: so long after the purchase, on a fixed day, so long after the last. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mallard.value.loyalty.rules import add_months


class ExpiryMode(StrEnum):
    ROLLING = "rolling"
    FIXED_DAY = "fixed_day"
    INACTIVITY = "inactivity"


RETURN_GRACE = dt.timedelta(days=30)
"""What a return shortens lives at least so long: nobody loses points on the day of a return."""


def expires_on(
    business_day: dt.date, months: int, *, mode: str = ExpiryMode.ROLLING, fixed_month: int = 1
) -> dt.date:
    """The first day on which the points of ``business_day`` are gone.

    Rolling, and with inactivity as long as nothing follows: ``months`` later. On a fixed day: the
    first of ``fixed_month`` that is no earlier than that, so that nobody gets less time than the
    rolling rule would give. 12 months and January: what is earned in 2026 ends with the year
    2027, except what was earned on 1 January 2026, which ends with 2026.
    """
    rolling = add_months(business_day, months)
    if mode != ExpiryMode.FIXED_DAY:
        return rolling
    fixed = dt.date(rolling.year, fixed_month, 1)
    return fixed if fixed >= rolling else dt.date(rolling.year + 1, fixed_month, 1)


@dataclass(frozen=True, slots=True)
class Activity:
    """A purchase that earns: when it was, and until when it lets a member's points live."""

    at: dt.datetime
    ends_at: dt.datetime


def lived_until(ends_at: dt.datetime, activities: Iterable[Activity]) -> dt.datetime:
    """When a lot ends that would end at ``ends_at``: each purchase while it lives renews it.

    What was over before a purchase stays over; no purchase shortens a life.
    """
    for activity in sorted(activities, key=lambda one: (one.at, one.ends_at)):
        if activity.at < ends_at < activity.ends_at:
            ends_at = activity.ends_at
    return ends_at


def shortened_until(
    opened_for: dt.datetime,
    ends_at: dt.datetime,
    activities: Iterable[Activity],
    gone: Iterable[Activity],
    *,
    at: dt.datetime,
) -> dt.datetime:
    """When a lot ends once the purchases in ``gone`` were brought back.

    A lot whose end they made gets the end that it would have without them, but lives `RETURN_GRACE`
    more. One whose end somebody else set (by hand, a redemption that came back) keeps it.
    """
    rest = list(activities)
    if lived_until(opened_for, [*rest, *gone]) != ends_at:
        return ends_at
    without = lived_until(opened_for, rest)
    return ends_at if without >= ends_at else min(ends_at, max(without, at + RETURN_GRACE))
