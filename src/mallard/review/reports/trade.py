"""The trade that a home tells of: the latest business day, eight weeks before it, place by place.

Everything comes from the stores' daily and hourly figures, never from the receipts themselves.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.urls import reverse

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor, Scope
from mallard.review.reports.queries import Read, readings_of
from mallard.value.sales.breakdowns import counts_generated, store_hours_in
from mallard.value.sales.figures import WEEK, PlaceDay, Trade, trade_on
from mallard.value.sales.measures import buyers_on
from mallard.value.sales.models import StoreDay
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import latest_trading_day, store_days_in, trade_by_place
from mallard.world.malls.models import Mall, Store
from mallard.world.malls.queries import malls_in, store_ids_in, stores_in

TREND = dt.timedelta(weeks=8)
DAY = dt.timedelta(days=1)
MONTH = dt.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Place:
    """A mall or a store that figures are told of; ``parameter`` filters the list of receipts."""

    id: UUID
    name: str
    currency: str
    parameter: str


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the rows behind a figure; empty for whoever may not see receipts."""

    may_open: bool

    def receipts(self, first: dt.date, last: dt.date, **more: str) -> str:
        return self._rows("checkout:receipts", first, last, more)

    def returns(self, first: dt.date, last: dt.date, **more: str) -> str:
        return self._rows("checkout:returns", first, last, more)

    def sales(self, trade: Trade, day: dt.date, **more: str) -> str:
        """The rows of a day's net sales: its receipts; its returns if nothing was sold."""
        page = "checkout:receipts" if trade.receipts else "checkout:returns"
        return self._rows(page, day, day, more)

    def _rows(self, page: str, first: dt.date, last: dt.date, more: Mapping[str, str]) -> str:
        if not self.may_open:
            return ""
        query = {"day_from": first.isoformat(), "day_to": last.isoformat(), **more}
        return f"{_address(page)}?{urlencode(query)}"


@cache
def _address(page: str) -> str:
    """A year has a thousand links to the same two pages."""
    return reverse(page)


@dataclass(frozen=True, slots=True)
class SameHours:
    """Two days up to the same full hour: what a day that still runs is compared by."""

    now: Trade
    before: Trade
    until_hour: int


class TradeView:
    """The trade of a scope as one page needs it; each question is asked once, when it is first
    needed, whatever the number of stores and days.

    Sums are of the malls that sell in ``currency``: amounts in several would say nothing.
    """

    def __init__(self, actor: Actor, scope: Scope, malls: Sequence[Mall], day: dt.date) -> None:
        self.actor = actor
        self.scope = scope
        self.malls = malls
        self.day = day
        self.by_store = len(malls) == 1
        self.links = Links(actor.may(VIEW_RECEIPT))
        self.places = _places(malls, scope, by_store=self.by_store)
        self.everything = trade_by_place(
            self.store_days, day - TREND + DAY, day, by_store=self.by_store
        )
        self.currency = _main_currency(self.everything, self.places)
        self.told = [
            one for one in self.everything if self.places[one.place_id].currency == self.currency
        ]

    @cached_property
    def store_days(self) -> QuerySet[StoreDay]:
        return store_days_in(self.scope)

    @cached_property
    def told_store_days(self) -> QuerySet[StoreDay]:
        """The daily figures of the stores that sell in the main currency."""
        if not self.is_partial:
            return self.store_days
        return self.store_days.filter(store__mall__in=self.told_malls)

    @cached_property
    def told_malls(self) -> list[Mall]:
        return [mall for mall in self.malls if mall.currency == self.currency]

    @cached_property
    def stores(self) -> QuerySet[Store]:
        """The stores that are told of."""
        return stores_in(self.scope).filter(mall__in=self.told_malls)

    @cached_property
    def is_partial(self) -> bool:
        return len({mall.currency for mall in self.malls}) > 1

    @cached_property
    def is_running(self) -> bool:
        """Whether the day has not ended yet in one of the malls."""
        now = clock.now()
        return any(
            self.day >= clock.business_day(now, mall.zone, mall.business_day_cutoff_hour)
            for mall in self.malls
        )

    @cached_property
    def whole_day(self) -> dt.date:
        """The last day that has ended everywhere."""
        return self.day - DAY if self.is_running else self.day

    def on(self, first: dt.date, last: dt.date | None = None) -> Trade:
        """The trade of a day, or of several."""
        return trade_on(self.told, first, last)

    @cached_property
    def same_hours(self) -> SameHours | None:
        """The running day and the same weekday before, both up to the last full hour of the mall's
        clock; None at the very start of a day."""
        mall = self.malls[0]
        cutoff = mall.business_day_cutoff_hour
        now = clock.now().astimezone(mall.zone)
        passed = (now.hour - cutoff) % 24
        if clock.business_day(clock.now(), mall.zone, cutoff) > self.day or not passed:
            return None
        hours = [(cutoff + number) % 24 for number in range(passed)]
        sums = {self.day: Trade(), self.day - WEEK: Trade()}
        rows = (
            store_hours_in(self.scope)
            .filter(Q(business_day__in=list(sums)) & Q(hour__in=hours))
            .filter(store__mall__in=self.told_malls)
            .values_list("business_day")
            .annotate(count=Sum("receipts"), net=Sum(F("net_minor") - F("refund_minor")))
        )
        for day, count, net in rows:
            sums[day] = Trade(receipts=count, net_minor=net)
        return SameHours(sums[self.day], sums[self.day - WEEK], (cutoff + passed) % 24)

    @cached_property
    def counts_generated(self) -> bool:
        """Whether a generator made some of the trade that is told."""
        return counts_generated(self.scope, self.day - TREND + DAY, self.day)

    @cached_property
    def buyers(self) -> dict[dt.date, int]:
        """How many people bought on the day and on the same weekday before."""
        store_ids = store_ids_in(self.scope)
        if self.is_partial:
            store_ids = frozenset(self.stores.values_list("id", flat=True))
        return buyers_on([self.day, self.day - WEEK], store_ids)

    @cached_property
    def read(self) -> Mapping[dt.date, Mapping[str, Read]]:
        """The slow figures of today and of the days that today is compared with."""
        days = [self.today, self.today - WEEK, self.today - MONTH]
        return readings_of(self.scope, days)

    @cached_property
    def today(self) -> dt.date:
        """The business day that is running where the first mall stands."""
        mall = self.malls[0]
        return clock.business_day(clock.now(), mall.zone, mall.business_day_cutoff_hour)


def trade_view(actor: Actor, scope: Scope) -> TradeView | None:
    """The trade of ``scope``; None before anything was sold there."""
    malls = list(malls_in(scope).order_by("code"))
    day = latest_trading_day(store_days_in(scope))
    return TradeView(actor, scope, malls, day) if malls and day else None


def latest_whole_day(scope: Scope, now: dt.datetime) -> dt.date | None:
    """The latest day with trade in ``scope`` that has ended; None before anything was sold."""
    mall = malls_in(scope).order_by("code").first()
    day = latest_trading_day(store_days_in(scope))
    if mall is None or day is None:
        return None
    running = clock.business_day(now, mall.zone, mall.business_day_cutoff_hour)
    return min(day, running - DAY)


def _places(malls: Sequence[Mall], scope: Scope, *, by_store: bool) -> dict[UUID, Place]:
    if by_store:
        currency = malls[0].currency
        stores = stores_in(scope)
        return {one.pk: Place(one.pk, one.name, currency, "store") for one in stores}
    return {one.pk: Place(one.pk, one.name, one.currency, "mall") for one in malls}


def _main_currency(days: Sequence[PlaceDay], places: Mapping[UUID, Place]) -> str:
    """The currency of most receipts."""
    receipts: defaultdict[str, int] = defaultdict(int)
    for one in days:
        receipts[places[one.place_id].currency] += one.trade.receipts
    return max(receipts, key=lambda currency: (receipts[currency], currency))
