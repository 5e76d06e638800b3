"""What points and rewards are worth, and what would be if it changed. Pure integers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MICRO = 1_000_000
BP = 10_000
PER_POINTS = 1_000
"""Prices are told for so many points: one point is too little to be read."""


def to_nearest(numerator: int, denominator: int) -> int:
    """The quotient rounded to a whole number, halves up: the one place where values are rounded."""
    return (2 * numerator + denominator) // (2 * denominator)


def cost_of(points: int, point_cost_micro: int, *, expected_percent: int = 100) -> int:
    """Minor units that ``points`` will cost when ``expected_percent`` of them are redeemed."""
    return to_nearest(points * point_cost_micro * expected_percent, MICRO * 100)


@dataclass(frozen=True, slots=True)
class Worth:
    """What a reward gives for `PER_POINTS` points, in minor units, and that in basis points of what
    the programme reckons a point to cost (None when that is nothing)."""

    per_points_minor: int
    ratio_bp: int | None


def worth_of(points: int, cost_minor: int, price_minor: int, point_cost_micro: int) -> Worth:
    """Cost less what the member pays on top, for the points it takes."""
    net = cost_minor - price_minor
    reckoned = points * point_cost_micro
    ratio = to_nearest(net * MICRO * BP, reckoned) if reckoned else None
    return Worth(to_nearest(net * PER_POINTS, points), ratio)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """``point_cost_micro`` as in the programme; ``expected_percent`` of points redeemed one day;
    ``price_percent``: rewards' prices in points against today's (100: the same)."""

    point_cost_micro: int
    expected_percent: int
    price_percent: int = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """Liability and yearly cost in minor units, yearly burn in points and in bp of what is issued.

    ``years_bp``: how many years of burn are outstanding, in basis points of a year (None: no burn).
    """

    liability_minor: int
    burnt_points: int
    burn_bp: int | None
    burn_cost_minor: int
    years_bp: int | None


def outcome(outstanding: int, issued: int, redeemed: int, assumed: Assumptions) -> Outcome:
    """What follows if as many rewards are taken as in the last 12 months, at other prices.

    A dearer reward burns more points each time; that fewer would be taken is not guessed.
    """
    burnt = to_nearest(redeemed * assumed.price_percent, 100)
    return Outcome(
        cost_of(outstanding, assumed.point_cost_micro, expected_percent=assumed.expected_percent),
        burnt,
        to_nearest(burnt * BP, issued) if issued > 0 else None,
        cost_of(burnt, assumed.point_cost_micro),
        to_nearest(outstanding * BP, burnt) if burnt > 0 else None,
    )


def breakage_bp(redeemed: int, expired: int) -> int | None:
    """Of the points whose story is over, how many expired; None before any is."""
    over = redeemed + expired
    return to_nearest(expired * BP, over) if over > 0 else None


AGES = ((3, "0-3"), (6, "4-6"), (12, "7-12"))
OLDER = "13+"


def age_of(earned_month: dt.date, month: dt.date) -> str:
    """The age class of points earned in one month, seen from another (both first days)."""
    months = (month.year - earned_month.year) * 12 + month.month - earned_month.month
    for limit, name in AGES:
        if months < limit:
            return name
    return OLDER
