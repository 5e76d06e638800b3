"""Reads of targets: how far malls, stores and people are, from the stores' daily figures."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor, Scope
from mallard.kernel.bilingual import localised
from mallard.review.targets.models import Metric, Target
from mallard.review.targets.rules import (
    DAY,
    HISTORY,
    Attainment,
    attained,
    next_month,
    weekday_weights,
)
from mallard.value.sales.queries import store_days_in, trade_by_place
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import covers_mall, stores_in
from mallard.world.members.models import Member

Daily = dict[dt.date, int]


@dataclass(frozen=True, slots=True)
class PlaceAttainment:
    """A mall, store or person with a target, and how far it is."""

    place_id: UUID
    name_en: str
    name_zh: str
    attainment: Attainment
    is_generated: bool = False

    @property
    def name(self) -> str:
        return localised(self.name_en, self.name_zh)


def last_whole_day(mall: Mall) -> dt.date:
    """The last business day of the mall that has ended."""
    zone = ZoneInfo(mall.time_zone)
    return clock.business_day(clock.now(), zone, mall.business_day_cutoff_hour) - DAY


def visible_targets(scope: Scope) -> QuerySet[Target]:
    """The targets of the stores in ``scope``, and of the malls that it holds as a whole."""
    if scope.is_group:
        return Target.objects.all()
    theirs = Target.objects.filter(store__in=stores_in(scope).values("pk"))
    return theirs | Target.objects.filter(store=None, mall__in=scope.mall_ids)


def store_attainments(
    mall: Mall, month: dt.date, scope: Scope, *, metric: str = Metric.NET_SALES
) -> list[PlaceAttainment]:
    """The stores of ``scope`` in the mall that have a target in the month, worst first."""
    targets = list(
        visible_targets(scope)
        .filter(mall=mall, month=month, metric=metric, store__isnull=False, person=None)
        .select_related("store")
    )
    daily = daily_values(
        mall, {one.store_id for one in targets if one.store_id}, month, metric=metric
    )
    as_of = last_whole_day(mall)
    found = []
    for target in targets:
        assert target.store is not None  # noqa: S101 the filter above says so
        found.append(
            PlaceAttainment(
                target.store.pk,
                target.store.name_en,
                target.store.name_zh,
                attained_of(target.amount, month, daily[target.store.pk], as_of),
                target.is_generated,
            )
        )
    return sorted(found, key=lambda row: (row.attainment.bp is None, row.attainment.bp or 0))


def mall_attainment(
    mall: Mall, month: dt.date, scope: Scope, *, metric: str = Metric.NET_SALES
) -> PlaceAttainment | None:
    """The mall's own target, or else the sum of its stores' targets against their sales.

    None without either, and for whoever has not the whole mall in ``scope``.
    """
    if not covers_mall(scope, mall.pk):
        return None
    targets = Target.objects.filter(mall=mall, month=month, metric=metric, person=None)
    own = next((one for one in targets if one.store_id is None), None)
    store_ids = {one.store_id for one in targets if one.store_id}
    amount = own.amount if own else sum(one.amount for one in targets)
    if not amount:
        return None
    if own is not None:
        store_ids = set(
            stores_in(Scope(mall_ids=frozenset([mall.pk]))).values_list("pk", flat=True)
        )
    daily = merged(daily_values(mall, store_ids, month, metric=metric).values())
    reached = attained_of(amount, month, daily, last_whole_day(mall))
    return PlaceAttainment(
        mall.pk, mall.name_en, mall.name_zh, reached, any(one.is_generated for one in targets)
    )


def person_attainments(mall: Mall, month: dt.date, store_id: UUID) -> list[PlaceAttainment]:
    """The people with a net sales target at a store.

    Receipts do not say who sold, so what a person reached is an equal share of the store's net
    sales: the store's ÷ people with a target there. Screens say so.
    """
    targets = list(
        Target.objects.filter(
            mall=mall, month=month, metric=Metric.NET_SALES, store=store_id, person__isnull=False
        ).select_related("person")
    )
    if not targets:
        return []
    daily = daily_values(mall, {store_id}, month)[store_id]
    share = {day: value // len(targets) for day, value in daily.items()}
    as_of = last_whole_day(mall)
    return [
        PlaceAttainment(
            one.person.pk,
            one.person.name,
            "",
            attained_of(one.amount, month, share, as_of),
            one.is_generated,
        )
        for one in targets
        if one.person is not None
    ]


def attained_of(
    amount: int, month: dt.date, daily: Mapping[dt.date, int], as_of: dt.date
) -> Attainment:
    """A target against daily values that reach eight weeks before the month."""
    weights = weekday_weights(daily, month)
    return attained(amount, month, weights=weights, actual=daily, as_of=as_of)


def merged(dailies: Iterable[Mapping[dt.date, int]]) -> Daily:
    """Several places' daily values as one place's."""
    total: defaultdict[dt.date, int] = defaultdict(int)
    for daily in dailies:
        for day, value in daily.items():
            total[day] += value
    return total


def daily_values(
    mall: Mall, store_ids: set[UUID], month: dt.date, *, metric: str = Metric.NET_SALES
) -> defaultdict[UUID, Daily]:
    """Each store's value per business day, from eight weeks before the month to its end.

    Net sales come from the stores' daily rollups, never from receipts; new members from where and
    on which day of the mall's zone they enrolled.
    """
    found: defaultdict[UUID, Daily] = defaultdict(dict)
    first, last = month - HISTORY, next_month(month) - DAY
    if not store_ids:
        return found
    if metric == Metric.NET_SALES:
        days = store_days_in(Scope(store_ids=frozenset(store_ids)))
        for one in trade_by_place(days, first, last, by_store=True):
            found[one.place_id][one.day] = one.trade.net_minor
        return found
    zone = ZoneInfo(mall.time_zone)
    joined = (
        Member.objects.filter(enrolled_store__in=store_ids)
        .annotate(day=TruncDate("joined_at", tzinfo=zone))
        .filter(day__gte=first, day__lte=last)
        .values_list("enrolled_store", "day")
        .annotate(members=Count("pk"))
        .order_by()
    )
    for store_id, day, members in joined:
        if store_id is not None:
            found[store_id][day] = members
    return found


def months_with_targets(actor: Actor) -> list[dt.date]:
    """The months for which the actor sees a target, newest first."""
    months = visible_targets(actor.scope).order_by("-month").values_list("month", flat=True)
    return list(months.distinct()[:36])
