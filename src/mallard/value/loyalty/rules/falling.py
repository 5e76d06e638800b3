"""What becomes of a tier if nothing more is bought: the day on which purchases no longer count.

Pure, and worked out from the same days as the tier itself: over a rolling window every purchase
ages out 12 months after its day, and the first day without enough of them is known beforehand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mallard.value.loyalty.rules.schemes import (
    MAX_GRACE_DAYS,
    Days,
    Missing,
    Scheme,
    brought_value,
    missing_to,
    scheme_on,
    turning_days,
)
from mallard.value.loyalty.rules.tiers import TierLevel, add_months

HORIZON_MONTHS = 36
"""A purchase counts for two years at most, and a little longer with grace."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What comes after a day without further purchases: the next day with another tier, and the
    first one with a lower tier, what it is then, and what would keep the present one until that
    day (None where buying does not help: the tier was given)."""

    changes_on: dt.date | None = None
    falls_on: dt.date | None = None
    falls_to: str | None = None
    keep: Missing | None = None


def ahead(days: Days, schemes: Sequence[Scheme], day: dt.date) -> Ahead:
    """What becomes of the tier of ``day``."""
    now = days.tier_on(day, schemes)
    changes_on = None
    for turn, tier in _tiers_after(days, schemes, day):
        if changes_on is None and _code(tier) != _code(now):
            changes_on = turn
        if now is not None and (tier is None or tier.rank < now.rank):
            return Ahead(changes_on, turn, _code(tier), _keep(days, schemes, now, turn))
    return Ahead(changes_on)


def _tiers_after(
    days: Days, schemes: Sequence[Scheme], day: dt.date
) -> Iterator[tuple[dt.date, TierLevel | None]]:
    if not days.days and not days.overrides:
        return
    until = add_months(day, HORIZON_MONTHS) + dt.timedelta(days=MAX_GRACE_DAYS)
    for turn in sorted(one for one in turning_days(days, schemes, until) if one > day):
        yield turn, days.tier_on(turn, schemes)


def _keep(
    days: Days, schemes: Sequence[Scheme], now: TierLevel, falls_on: dt.date
) -> Missing | None:
    """What has to be bought before ``falls_on`` so that the tier is reached on that day, too."""
    scheme = scheme_on(schemes, falls_on)
    level = scheme.level(now.code)
    if level is None or level.by_invitation:
        return None
    first, until = scheme.spans(falls_on, days.joined_on)[0]
    spend, visits = days.between(first, until)
    brought = brought_value(days.overrides, first, until, falls_on)
    return missing_to(level, scheme, spend_minor=spend, visits=visits, brought=brought)


def _code(tier: TierLevel | None) -> str | None:
    return tier.code if tier else None
