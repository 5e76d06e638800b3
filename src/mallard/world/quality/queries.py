"""Reads of data quality: figures of a day, worst first, and their way over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Q, QuerySet, Sum

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
    """All fields of a day together, per mille."""

    day: dt.date
    complete: int
    validity: int
    freshness: int


def trend(
    actor: Actor, *, since: dt.date, mall_id: UUID | None = None, fields: Collection[str]
) -> list[TrendDay]:
    """How the three shares went, day by day."""
    rows = _rows(actor, mall_id).filter(
        Q(day__gte=since), source=Source.MALL, field__in=list(fields)
    )
    added = rows.values_list("day").annotate(
        Sum("members"), Sum("filled"), Sum("valid"), Sum("fresh")
    )
    return [
        TrendDay(
            day,
            _share(filled, members) or 0,
            _share(valid, filled) or 0,
            _share(fresh, filled) or 0,
        )
        for day, members, filled, valid, fresh in added.order_by("day")
    ]
