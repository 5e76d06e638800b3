"""Reads of footfall. Who passes a mall's doors is the mall's business: a tenant's scope sees
none of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet

from mallard.kernel.access.actor import Scope
from mallard.kernel.database.prepared import fetch_rows
from mallard.world.footfall.facts import PlaceDayEntries
from mallard.world.footfall.models import Entrance, FootfallDay, FootfallHour
from mallard.world.footfall.rules import KnownCount

EntranceQuarter = tuple[UUID, dt.datetime]


def _in_whole_malls(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    return rows if scope.is_group else rows.filter(mall__in=scope.mall_ids)


def entrances_in(scope: Scope) -> QuerySet[Entrance]:
    """The entrances of the malls that ``scope`` holds as a whole."""
    return _in_whole_malls(Entrance.objects.all(), scope)


def days_in(scope: Scope) -> QuerySet[FootfallDay]:
    """The business days of the malls that ``scope`` holds as a whole."""
    return _in_whole_malls(FootfallDay.objects.all(), scope)


def hours_in(scope: Scope) -> QuerySet[FootfallHour]:
    """The local hours of the malls that ``scope`` holds as a whole."""
    return _in_whole_malls(FootfallHour.objects.all(), scope)


def entries_by_day(
    scope: Scope, first: dt.date, last: dt.date, *, mall_ids: Collection[UUID] | None = None
) -> list[PlaceDayEntries]:
    """How many people came into each mall on each business day from ``first`` to ``last``.

    Days without any count are left out: nobody counted is not nobody came.
    """
    rows = _ranged(days_in(scope), first, last, mall_ids)
    return [
        PlaceDayEntries(
            row.mall_id, row.business_day, row.entries, row.exits, row.quarters, row.is_generated
        )
        for row in rows.order_by("business_day", "mall_id")
    ]


def entries_by_hour(
    scope: Scope, first: dt.date, last: dt.date, *, mall_ids: Collection[UUID] | None = None
) -> list[PlaceDayEntries]:
    """The same by the local hour of the clock. A business day runs past midnight."""
    rows = _ranged(hours_in(scope), first, last, mall_ids)
    return [
        PlaceDayEntries(
            row.mall_id,
            row.business_day,
            row.entries,
            row.exits,
            row.quarters,
            row.is_generated,
            hour=row.hour,
        )
        for row in rows.order_by("business_day", "mall_id", "hour")
    ]


def _ranged(
    rows: QuerySet[Any], first: dt.date, last: dt.date, mall_ids: Collection[UUID] | None
) -> QuerySet[Any]:
    rows = rows.filter(business_day__range=(first, last))
    return rows if mall_ids is None else rows.filter(mall__in=mall_ids)


def latest_counted_day(scope: Scope) -> dt.date | None:
    """The latest business day with a count."""
    latest: dt.date | None = days_in(scope).aggregate(latest=Max("business_day"))["latest"]
    return latest


@dataclass(frozen=True, slots=True)
class EntranceFacts:
    """What recording a count needs to know of its entrance."""

    id: UUID
    mall_id: UUID
    zone: ZoneInfo
    cutoff_hour: int
    closed_on: dt.date | None


def entrance_facts(codes: Collection[tuple[str, str]]) -> dict[tuple[str, str], EntranceFacts]:
    """Entrances by (mall code, entrance code); what is unknown is left out."""
    rows = Entrance.objects.filter(
        mall__code__in={mall for mall, _code in codes}, code__in={code for _mall, code in codes}
    ).values_list(
        "mall__code",
        "code",
        "id",
        "mall_id",
        "mall__time_zone",
        "mall__business_day_cutoff_hour",
        "closed_on",
    )
    return {
        (mall, code): EntranceFacts(row_id, mall_id, ZoneInfo(zone), cutoff, closed_on)
        for mall, code, row_id, mall_id, zone, cutoff, closed_on in rows
        if (mall, code) in codes
    }


def known_counts(wanted: Sequence[EntranceQuarter]) -> dict[EntranceQuarter, KnownCount]:
    """What is known of these quarters; one statement for any number."""
    if not wanted:
        return {}
    found = fetch_rows(
        """
        SELECT c.entrance_id, c.quarter_at, c.entries, c.exits, c.origin, c.revision
        FROM unnest(%s::uuid[], %s::timestamptz[]) AS asked(entrance_id, quarter_at)
        JOIN footfall_footfallcount c
            ON c.entrance_id = asked.entrance_id AND c.quarter_at = asked.quarter_at
        """,
        [[entrance for entrance, _at in wanted], [at for _entrance, at in wanted]],
    )
    return {(row[0], row[1]): KnownCount(*row[2:]) for row in found}


@dataclass(frozen=True, slots=True)
class EntranceDay:
    """An entrance on one business day, by local hour: entries in 24 places, None where no count
    came."""

    entrance: Entrance
    hours: tuple[int | None, ...]

    @property
    def entries(self) -> int:
        return sum(hour or 0 for hour in self.hours)


def entrance_days(scope: Scope, mall_id: UUID, day: dt.date) -> list[EntranceDay]:
    """The entrances of a mall on a business day, by code; two statements."""
    entrances = list(entrances_in(scope).filter(mall=mall_id).order_by("code"))
    counted = fetch_rows(
        """
        SELECT entrance_id, hour, sum(entries)::bigint FROM footfall_footfallcount
        WHERE entrance_id = ANY(%s::uuid[]) AND business_day = %s
            AND quarter_at BETWEEN %s::date - interval '1 day' AND %s::date + interval '3 days'
        GROUP BY entrance_id, hour
        """,
        [[entrance.pk for entrance in entrances], day, day, day],
    )
    entries = {(entrance_id, hour): people for entrance_id, hour, people in counted}
    return [
        EntranceDay(entrance, tuple(entries.get((entrance.pk, hour)) for hour in range(24)))
        for entrance in entrances
    ]
