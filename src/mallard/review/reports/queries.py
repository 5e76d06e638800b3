"""Reads of readings: what slow figures came to, for whichever stores somebody may see."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel import clock
from mallard.kernel.access.actor import Scope
from mallard.review.reports.models import WHOLE_GROUP_ID, Reading
from mallard.value.sales import figures as sales_figures
from mallard.value.sales.measures import (
    GROUP,
    MALL,
    STORE,
    TENANT,
    MemberCounts,
    member_counts,
)
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import store_ids_in

KEPT_SECONDS = 600.0
MAX_KEPT = 64

_kept: dict[tuple[frozenset[UUID], dt.date], tuple[float, dict[str, Read]]] = {}


@dataclass(frozen=True, slots=True)
class Read:
    """A figure as it was read: ``part`` of ``whole`` (None for a count or an amount)."""

    part: int
    whole: int | None
    currency: str = ""
    taken_at: dt.datetime | None = None


def rates_of(counts: MemberCounts) -> dict[str, tuple[int, int | None]]:
    """The figures that counts of members give, as part and whole, by code."""
    return {
        sales_figures.ACTIVE_RATE.code: (counts.active, counts.known),
        sales_figures.REPURCHASE.code: (counts.bought_again, counts.bought),
        sales_figures.NEW_MEMBER_CONVERSION.code: (counts.converted, counts.joined),
        sales_figures.NEW_TO_STORE.code: (counts.new, None),
    }


def business_day_of(malls: Sequence[Mall], now: dt.datetime) -> dt.date:
    """The business day that is running in the first of these malls."""
    return clock.business_day(now, malls[0].zone, malls[0].business_day_cutoff_hour)


def place_of(scope: Scope) -> tuple[str, UUID] | None:
    """The one place that ``scope`` is, as readings name it; None for a choice of several."""
    if scope.is_group:
        return GROUP, WHOLE_GROUP_ID
    places = [
        *((MALL, one) for one in scope.mall_ids),
        *((TENANT, one) for one in scope.tenant_ids),
        *((STORE, one) for one in scope.store_ids),
    ]
    return places[0] if len(places) == 1 else None


def readings_of(scope: Scope, days: Sequence[dt.date]) -> Mapping[dt.date, Mapping[str, Read]]:
    """The slow figures of ``scope`` on each of ``days``, by code.

    A choice of several places has no readings of its own: people cannot be added up, somebody may
    have bought in two of them. It is counted on the spot and remembered for ten minutes.
    """
    place = place_of(scope)
    if place is None:
        stores = store_ids_in(scope) or frozenset()
        return {day: _counted(stores, day) for day in days}
    kind, place_id = place
    found: dict[dt.date, dict[str, Read]] = {day: {} for day in days}
    for one in Reading.objects.filter(place_kind=kind, place_id=place_id, day__in=days):
        found[one.day][one.figure] = Read(one.part, one.whole, one.currency, one.taken_at)
    return found


def _counted(stores: frozenset[UUID], day: dt.date) -> dict[str, Read]:
    now = time.monotonic()
    kept = _kept.get((stores, day))
    if kept is not None and kept[0] > now:
        return kept[1]
    [counts] = [one for one in member_counts(day, store_ids=stores) if one.place_kind == GROUP]
    moment = clock.now()
    read = {code: Read(*parts, taken_at=moment) for code, parts in rates_of(counts).items()}
    if len(_kept) >= MAX_KEPT:
        _kept.clear()
    _kept[stores, day] = (now + KEPT_SECONDS, read)
    return read


def forget_readings() -> None:
    """Drop what this process remembers of choices of places."""
    _kept.clear()
