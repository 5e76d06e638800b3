"""Reads of data quality: figures of a day, worst first, and their way over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet, Sum

from mallard.kernel.access.actor import Actor
from mallard.world.malls.queries import whole_malls_in
from mallard.world.quality.models import QualityDay, Source

PER_MILLE = 1_000


@dataclass(frozen=True, slots=True)
class Figures:
    """A field of one group of members. ``key`` is the channel or file; shares are per mille, None
    where there is nothing to take a share of."""

    key: str
    field: str
    members: int
    filled: int
    valid: int
    fresh: int

    @property
    def complete(self) -> int | None:
        return _share(self.filled, self.members)

    @property
    def validity(self) -> int | None:
        return _share(self.valid, self.filled)

    @property
    def freshness(self) -> int | None:
        return _share(self.fresh, self.filled)

    @property
    def sound(self) -> int:
        """Of all members, those of whom the field holds something that makes sense and is fresh, at
        the most: what the worst is ordered by."""
        return _share(min(self.valid, self.fresh), self.members) or 0


def _share(part: int, whole: int) -> int | None:
    return part * PER_MILLE // whole if whole else None


def _rows(actor: Actor, mall_id: UUID | None) -> QuerySet[QualityDay]:
    """What the reader may see: the malls that they hold as a whole."""
    rows = QualityDay.objects.order_by()
    if not actor.scope.is_group:
        rows = rows.filter(mall__in=whole_malls_in(actor.scope).values("pk"))
    return rows.filter(mall=mall_id) if mall_id else rows


def last_day(actor: Actor, mall_id: UUID | None) -> dt.date | None:
    """The newest day that was measured."""
    found: dt.date | None = _rows(actor, mall_id).aggregate(day=Max("day"))["day"]
    return found


def figures(
    actor: Actor,
    *,
    day: dt.date,
    source: str = Source.MALL,
    mall_id: UUID | None = None,
    fields: Collection[str],
) -> list[Figures]:
    """The figures of a day, worst first: how few members have something sound there."""
    rows = _rows(actor, mall_id).filter(day=day, source=source, field__in=list(fields))
    added = rows.values_list("key", "field").annotate(
        Sum("members"), Sum("filled"), Sum("valid"), Sum("fresh")
    )
    found = [Figures(*row) for row in added]
    return sorted(found, key=lambda one: (one.sound, one.field, one.key))


@dataclass(frozen=True, slots=True)
class TrendDay:
    """The three shares of one day, per mille; None where there is nothing to take a share of."""

    day: dt.date
    complete: int | None
    validity: int | None
    freshness: int | None


Line = tuple[str, str]
"""Key and field: whose figures, as `Figures` has them."""


def trend(
    actor: Actor,
    *,
    since: dt.date,
    source: str = Source.MALL,
    key: str = "",
    mall_id: UUID | None = None,
    fields: Collection[str],
) -> list[TrendDay]:
    """How the three shares went, day by day, of these fields together."""
    rows = _rows(actor, mall_id).filter(
        day__gte=since, source=source, key=key, field__in=list(fields)
    )
    added = rows.values_list("day").annotate(
        Sum("members"), Sum("filled"), Sum("valid"), Sum("fresh")
    )
    return [_trend_day(*row) for row in added.order_by("day")]


def trends_by_field(
    actor: Actor,
    *,
    since: dt.date,
    most_days: int,
    source: str = Source.MALL,
    keys: Collection[str] = ("",),
    mall_id: UUID | None = None,
    fields: Collection[str],
) -> dict[Line, list[TrendDay]]:
    """How the three shares of each field went: on ``most_days`` days at the most, evenly chosen
    among those measured, the first and the last of them always. Two statements."""
    rows = _rows(actor, mall_id).filter(day__gte=since, source=source)
    measured = rows.values_list("day", flat=True).order_by("day").distinct()
    days = _some_of(list(measured), most_days)
    rows = rows.filter(day__in=days, key__in=list(keys), field__in=list(fields))
    added = rows.values_list("key", "field", "day").annotate(
        Sum("members"), Sum("filled"), Sum("valid"), Sum("fresh")
    )
    found: dict[Line, list[TrendDay]] = {}
    for group, field, *figures_of_day in added.order_by("day"):
        found.setdefault((group, field), []).append(_trend_day(*figures_of_day))
    return found


def _some_of(days: Sequence[dt.date], most: int) -> list[dt.date]:
    if len(days) <= most:
        return list(days)
    last = len(days) - 1
    return [days[place * last // (most - 1)] for place in range(most)]


def _trend_day(day: dt.date, members: int, filled: int, valid: int, fresh: int) -> TrendDay:
    return TrendDay(day, _share(filled, members), _share(valid, filled), _share(fresh, filled))
