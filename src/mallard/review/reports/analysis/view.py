"""The sales that an analysis tells of: each question to the database is asked once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import ExtractIsoWeekDay

from mallard.kernel.access.actor import Actor
from mallard.review.reports.analysis.asked import Asked, By, Months, Span, whole_months
from mallard.review.reports.trade import Links
from mallard.value.sales import breakdowns
from mallard.value.sales.breakdowns import (
    HourTrade,
    counts_generated,
    store_hours_in,
    trade_per,
    trade_per_hour,
)
from mallard.value.sales.figures import Trade
from mallard.value.sales.goods import Goods, GoodsTold, trade_of_goods
from mallard.value.sales.models import StoreDay
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import store_days_in
from mallard.world.catalog.models import Category, Product
from mallard.world.malls.models import Store
from mallard.world.malls.queries import stores_in

MOST_PRODUCTS, MOST_CATEGORIES = 25, 250
MOST_MONTHS = 3

# All that a page tells of goods; their search words and lineages are long.
_NAMED = ("name_en", "name_zh")


@dataclass(frozen=True, slots=True)
class WeekdayTrade:
    """What a weekday (1: Monday) brought, and the discounts that were given."""

    weekday: int
    net_minor: int
    receipts: int
    discount_minor: int


@dataclass(frozen=True, slots=True)
class Row:
    """What a place, a trade category or goods brought, and what they brought before. Of goods
    `Trade.receipts` are the lines on which they were sold. ``place`` 1 is the best."""

    id: UUID
    name: str
    now: Trade
    before: Trade
    place: int
    short: str = ""
    is_restricted: bool = False


class SalesView:
    """Sales of the reader's stores as one page needs them.

    Sums are of one currency, that of most receipts: amounts in several would say nothing.
    """

    def __init__(self, actor: Actor, asked: Asked, *, before: Span | None = None) -> None:
        self.actor = actor
        self.asked = asked
        self.before = before or asked.span.against(asked.against)
        self.links = Links(actor.may(VIEW_RECEIPT))

    @cached_property
    def all_stores(self) -> list[Store]:
        """Every store that the reader sees."""
        related = ("mall", "tenant", "brand", "trade_category__parent")
        return list(stores_in(self.actor.scope).select_related(*related).order_by("code"))

    @cached_property
    def stores(self) -> dict[UUID, Store]:
        """The stores that are asked about and sell in the one currency."""
        wanted = [store for store in self.all_stores if self._is_wanted(store)]
        return {store.pk: store for store in wanted if store.mall.currency == self.currency}

    def _is_wanted(self, store: Store) -> bool:
        trade = store.trade_category
        own = {
            "mall": (store.mall_id,),
            "tenant": (store.tenant_id,),
            "store": (store.pk,),
            "trade": (trade.pk, trade.parent_id),
        }
        return all(id_ in own[name] for name, id_ in self.asked.places.items())

    @cached_property
    def currency(self) -> str:
        wanted = [store for store in self.all_stores if self._is_wanted(store)]
        currencies = sorted({store.mall.currency for store in wanted})
        if len(currencies) < 2:
            return next(iter(currencies), "")
        days = store_days_in(self.actor.scope).filter(store_id__in=[one.pk for one in wanted])
        span = self.asked.span
        sold = trade_per(days, breakdowns.By.CURRENCY, span.first, span.last)
        return max(currencies, key=lambda one: sold.get(one, Trade()).receipts)

    @cached_property
    def is_partial(self) -> bool:
        wanted = [store for store in self.all_stores if self._is_wanted(store)]
        return len({store.mall.currency for store in wanted}) > 1

    @cached_property
    def days(self) -> QuerySet[StoreDay]:
        return store_days_in(self.actor.scope).filter(store_id__in=list(self.stores))

    @cached_property
    def by_store(self) -> tuple[Mapping[UUID, Trade], Mapping[UUID, Trade]]:
        """Each store's trade in the period, and in the period before."""
        return (self._trade_of(self.asked.span), self._trade_of(self.before))

    def _trade_of(self, span: Span) -> Mapping[UUID, Trade]:
        return trade_per(self.days, breakdowns.By.STORE, span.first, span.last)

    @cached_property
    def total(self) -> Trade:
        return sum(self.by_store[0].values(), Trade())

    @cached_property
    def total_before(self) -> Trade:
        return sum(self.by_store[1].values(), Trade())

    @cached_property
    def by_day(self) -> Mapping[dt.date, Trade]:
        span = self.asked.span
        return trade_per(self.days, breakdowns.By.DAY, span.first, span.last)

    @cached_property
    def hours(self) -> dict[tuple[int, int], HourTrade]:
        hours = store_hours_in(self.actor.scope).filter(store_id__in=list(self.stores))
        return trade_per_hour(hours, self.asked.span.first, self.asked.span.last)

    @cached_property
    def weekdays(self) -> dict[int, WeekdayTrade]:
        return self._weekdays_of(self.asked.span)

    @cached_property
    def weekdays_before(self) -> dict[int, WeekdayTrade]:
        return self._weekdays_of(self.before)

    def _weekdays_of(self, span: Span) -> dict[int, WeekdayTrade]:
        rows = (
            self.days.filter(business_day__range=(span.first, span.last))
            .order_by()
            .annotate(weekday=ExtractIsoWeekDay("business_day"))
            .values_list("weekday")
            .annotate(
                net=Sum(F("net_minor") - F("refund_minor")),
                count=Sum("receipts"),
                discount=Sum("discount_minor"),
            )
        )
        return {row[0]: WeekdayTrade(row[0], *(int(one) for one in row[1:])) for row in rows}

    @cached_property
    def months(self) -> Months:
        """Goods are told by whole months, by the latest three of a longer period: what is to be
        ordered and shown next follows from them, and a page must not add up a year of goods. Beside
        other tables the latest month says enough."""
        most = MOST_MONTHS if self.asked.by.is_of_goods else 1
        return whole_months(self.asked.span).latest(most)

    @cached_property
    def months_before(self) -> Months:
        return self.months.against(self.asked.against)

    @cached_property
    def goods(self) -> GoodsTold:
        """Products where they are asked for, categories otherwise."""
        by = Goods.PRODUCT if self.asked.by is By.PRODUCT else Goods.CATEGORY
        is_everything = self.actor.scope.is_group and len(self.stores) == len(self.all_stores)
        store_ids = None if is_everything else list(self.stores)
        bounds, before = self.months.bounds, self.months_before.bounds
        most = MOST_PRODUCTS if by is Goods.PRODUCT else MOST_CATEGORIES
        return trade_of_goods(by, store_ids, bounds, before, most=most)

    @cached_property
    def place_rows(self) -> list[Row]:
        """The rows by a place or a trade category, the largest first."""
        by = self.asked.by
        names: dict[UUID, str] = {}
        sums: dict[UUID, list[Trade]] = {}
        for which, trades in enumerate(self.by_store):
            for store_id, trade in trades.items():
                id_, names_of = place_of(self.stores[store_id], by)
                names[id_] = names_of
                own = sums.setdefault(id_, [Trade(), Trade()])
                own[which] = own[which] + trade
        ordered = sorted(sums, key=lambda id_: (-sums[id_][0].net_minor, names[id_]))
        # Stores of one brand have names that differ only at their ends; codes are short.
        codes = {pk: store.code for pk, store in self.stores.items()}
        return [
            Row(id_, names[id_], sums[id_][0], sums[id_][1], place, codes.get(id_, ""))
            for place, id_ in enumerate(ordered, start=1)
        ]

    @cached_property
    def goods_rows(self) -> list[Row]:
        """The best and the weakest goods, with their names."""
        ids = [one.id for one in self.goods.rows]
        names: Mapping[UUID, Product | Category]
        if self.asked.by is By.PRODUCT:
            named = (*_NAMED, "restricted", "category__restriction")
            names = Product.objects.select_related("category").only(*named).in_bulk(ids)
        else:
            names = Category.objects.only(*_NAMED, "restriction").in_bulk(ids)
        return [
            Row(
                one.id,
                names[one.id].name,
                Trade(receipts=one.lines, net_minor=one.net_minor),
                Trade(net_minor=one.before_minor),
                one.place,
                is_restricted=bool(names[one.id].restriction),
            )
            for one in self.goods.rows
        ]

    @cached_property
    def rows(self) -> list[Row]:
        """What the question asks for."""
        return self.goods_rows if self.asked.by.is_of_goods else self.place_rows

    @cached_property
    def has_generated(self) -> bool:
        """Whether a generator made some of what these figures count."""
        return counts_generated(self.actor.scope, self.before.first, self.asked.span.last)

    def rows_url(self, by: By, id_: UUID, **more: str) -> str:
        """The receipts behind a row."""
        span = self.months.span if by.is_of_goods else self.asked.span
        narrowed = {name: str(one) for name, one in self.asked.places.items()}
        return self.links.receipts(
            span.first, span.last, **narrowed, **{by.value: str(id_)}, **more
        )


def place_of(store: Store, by: By) -> tuple[UUID, str]:
    """What a store counts under, and its name."""
    if by is By.MALL:
        return store.mall_id, store.mall.name
    if by is By.TENANT:
        return store.tenant_id, store.tenant.name
    if by is By.TRADE:
        upper = store.trade_category.parent
        own = store.trade_category
        return own.pk, f"{upper.name} › {own.name}" if upper else own.name
    return store.pk, store.name
