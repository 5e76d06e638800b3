"""What is known of a floor's stores over some days: rollups, readings, declarations and leases,
never receipts. Each question is a fixed number of statements, whatever the number of stores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Max

from mallard.kernel.access.actor import Actor
from mallard.review.reports.analysis.asked import DAY, Span
from mallard.review.reports.models import Reading
from mallard.review.reports.trade import MONTH
from mallard.value.sales.by_store import (
    Buyers,
    Leased,
    StoreTrade,
    buyers_by_store,
    leased_by_store,
    trade_by_store,
)
from mallard.value.sales.declarations.facts import ComparedTotal
from mallard.value.sales.declarations.queries import compared_totals
from mallard.value.sales.measures import STORE
from mallard.world.malls.models import Mall, Store
from mallard.world.members.queries import enrolled_by_store


@dataclass(frozen=True, slots=True)
class ReadOff:
    """A slow figure of each store as a job read it at the end of ``day``: part and whole."""

    day: dt.date
    stores: Mapping[UUID, tuple[int, int | None]]


class PlanFacts:
    """The stores that are drawn on a floor, and what can be asked of them. ``actor`` may see them
    all: they come from the mall's floors as the actor's scope shows them."""

    def __init__(
        self, actor: Actor, mall: Mall, stores: Mapping[UUID, Store], areas_dm2: Mapping[UUID, int]
    ) -> None:
        self.actor = actor
        self.mall = mall
        self.stores = stores
        self.areas_dm2 = areas_dm2

    @cached_property
    def ids(self) -> list[UUID]:
        return sorted(self.stores)

    def open_in(self, span: Span) -> list[UUID]:
        """The stores that were open for at least a day of ``span``."""
        return [
            id_
            for id_, store in self.stores.items()
            if (store.opened_on is None or store.opened_on <= span.last)
            and (store.closed_on is None or store.closed_on > span.first)
        ]

    def trade(self, span: Span) -> dict[UUID, StoreTrade]:
        """What was sold. A store that was open and sold nothing has sold 0."""
        nothing = dict.fromkeys(self.open_in(span), StoreTrade())
        return nothing | trade_by_store(self.ids, span.first, span.last)

    def buyers(self, span: Span) -> dict[UUID, Buyers]:
        """Members who bought: none in a store that was open and that nobody bought from."""
        nobody = dict.fromkeys(self.open_in(span), Buyers())
        return nobody | buyers_by_store(self.ids, span.first, span.last)

    def joined(self, span: Span) -> dict[UUID, int]:
        """Members who enrolled at the stores that were open."""
        since = dt.datetime.combine(span.first, dt.time(), self.mall.zone)
        until = dt.datetime.combine(span.last + DAY, dt.time(), self.mall.zone)
        return dict.fromkeys(self.open_in(span), 0) | enrolled_by_store(self.ids, since, until)

    def leased(self, span: Span) -> dict[UUID, Leased]:
        return leased_by_store(self.ids, span.first, span.last)

    def declared(self, span: Span) -> dict[UUID, ComparedTotal]:
        totals = compared_totals(
            self.actor.scope, span.first, span.last, by="store", store_ids=self.ids
        )
        return {one.place_id: one for one in totals if one.place_id is not None}

    def read_off(self, code: str, last: dt.date) -> ReadOff | None:
        """The latest reading of a figure by the end of ``last``; the one of the day that runs then
        is the nearest to it."""
        rows = Reading.objects.filter(figure=code, place_kind=STORE, place_id__in=self.ids)
        day = rows.filter(day__lte=last + DAY).aggregate(day=Max("day"))["day"]
        return None if day is None else self.read_on(code, day)

    def read_on(self, code: str, day: dt.date) -> ReadOff:
        """The reading of a figure on ``day``, of the stores that had one."""
        rows = Reading.objects.filter(figure=code, place_kind=STORE, place_id__in=self.ids, day=day)
        return ReadOff(
            day, {row[0]: row[1:] for row in rows.values_list("place_id", "part", "whole")}
        )

    def read_before(self, code: str, read: ReadOff) -> ReadOff:
        """What homes compare a reading with: the one four weeks earlier."""
        return self.read_on(code, read.day - MONTH)
