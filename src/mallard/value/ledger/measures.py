"""What the figures of points are reckoned from: the funders' days, minutes old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.database.prepared import fetch_rows


@dataclass(frozen=True, slots=True)
class PointsMoved:
    """Points issued and redeemed, each less what was taken back of it."""

    issued: int
    redeemed: int


def points_moved(first: dt.date, last: dt.date) -> PointsMoved:
    """The group's points from ``first`` to ``last`` (days of recording, UTC)."""
    [(issued, redeemed)] = fetch_rows(
        """
        SELECT coalesce(sum(points) FILTER (
                   WHERE kind IN ('accrue', 'adjust', 'reverse', 'recover', 'settle')), 0)::bigint,
               coalesce(-sum(points) FILTER (
                   WHERE kind IN ('redeem', 'restore', 'unmerge')), 0)::bigint
        FROM ledger_funderday WHERE day BETWEEN %s::date AND %s::date
        """,
        [first, last],
    )
    return PointsMoved(issued, redeemed)


def points_outstanding(day: dt.date) -> int:
    """What members could still spend at the end of ``day`` (of recording, UTC)."""
    [(points,)] = fetch_rows(
        "SELECT coalesce(sum(points), 0)::bigint FROM ledger_funderday"
        " WHERE kind <> 'owe' AND day <= %s::date",
        [day],
    )
    return int(points)


def points_funded_by_tenants(tenant_ids: Collection[UUID], first: dt.date, last: dt.date) -> int:
    """Points that receipts earned at these tenants' cost, less what returns took back of those very
    points or left members owing for them."""
    [(points,)] = fetch_rows(
        """
        SELECT coalesce(sum(CASE d.kind WHEN 'owe' THEN -d.points ELSE d.points END), 0)::bigint
        FROM ledger_account a JOIN ledger_funderday d ON d.funder_id = a.id
        WHERE a.kind = 'funder' AND a.owner_kind = 'tenant' AND a.owner_id = ANY(%s::uuid[])
            AND d.kind IN ('accrue', 'reverse', 'owe')
            AND d.day BETWEEN %s::date AND %s::date
        """,
        [list(tenant_ids), first, last],
    )
    return int(points)
