"""What the programme's points cost, in money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.money import Money
from mallard.value.ledger.measures import points_funded_by_tenants, points_outstanding
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import programme
from mallard.value.loyalty.settings import EXPECTED_REDEMPTION

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Liability:
    """What the points that members still have will cost, and what that rests on."""

    cost: Money
    points: int
    expected_percent: int


def points_liability(day: dt.date) -> Liability | None:
    """The liability at the end of ``day``; None before a programme is set up."""
    try:
        facts = programme()
    except NoProgramme:
        return None
    points = points_outstanding(day)
    expected = EXPECTED_REDEMPTION.value
    # To the nearest minor unit, halves up: the one place where it is rounded.
    micro = points * expected * facts.point_cost_micro
    cost = (2 * micro + 100 * MICRO) // (2 * 100 * MICRO)
    return Liability(Money(cost, facts.currency), points, expected)


def cost_of_tenants_points(
    tenant_ids: Collection[UUID], first: dt.date, last: dt.date
) -> Money | None:
    """What the points that these tenants fund cost them; None before a programme is set up."""
    try:
        facts = programme()
    except NoProgramme:
        return None
    micro = points_funded_by_tenants(tenant_ids, first, last) * facts.point_cost_micro
    return Money((2 * micro + MICRO) // (2 * MICRO), facts.currency)
