"""Reads of targets: how far malls, stores and people are, from the stores' daily figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
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
    equal_share,
    next_month,
    weekday_weights,
)
from mallard.value.sales.queries import store_days_in, trade_by_place
from mallard.world.malls.models import Mall, Store
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
    store: Store | None = None
    """Of a person: where."""
    is_sum: bool = False
    """Of a mall without a target of its own: what its stores' targets add up to."""

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
    """What `mall_attainments` says of one mall; None when it says nothing."""
    return mall_attainments([(mall, month)], scope, metric=metric).get(mall.pk)


def mall_attainments(
    asked: Iterable[tuple[Mall, dt.date]], scope: Scope, *, metric: str = Metric.NET_SALES
) -> dict[UUID, PlaceAttainment]:
    """For each mall its own target of that month, or else the sum of its stores' targets, against
    their sales; by mall. As many statements for ten malls as for one.

    Nothing for a mall without either, and for one that is not whole in ``scope``.
    """
    whole = {mall.pk: (mall, month) for mall, month in asked if covers_mall(scope, mall.pk)}
    months = {month for _mall, month in whole.values()}
    targets: defaultdict[UUID, list[Target]] = defaultdict(list)
    for one in Target.objects.filter(
        mall__in=whole, month__in=months, metric=metric, person=None
    ).order_by("pk"):
        if one.month == whole[one.mall_id][1]:
            targets[one.mall_id].append(one)
    own = {id_: one for id_, found in targets.items() for one in found if one.store_id is None}
    measured = {
        id_: {one.store_id for one in found if one.store_id} for id_, found in targets.items()
    } | _stores_by_mall(own)
    daily = _daily_by_mall({id_: (*whole[id_], measured[id_]) for id_ in targets}, metric=metric)
    result = {}
    for id_, found in targets.items():
        mall, month = whole[id_]
        amount = own[id_].amount if id_ in own else sum(one.amount for one in found)
        if amount:
            reached = attained_of(amount, month, daily[id_], last_whole_day(mall))
            is_generated = any(one.is_generated for one in found)
            result[id_] = PlaceAttainment(
                id_, mall.name_en, mall.name_zh, reached, is_generated, is_sum=id_ not in own
            )
    return result


def _stores_by_mall(mall_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """All stores of these malls."""
    found: dict[UUID, set[UUID]] = {id_: set() for id_ in mall_ids}
    if found:
        stores = stores_in(Scope(mall_ids=frozenset(found)))
        for mall_id, store_id in stores.values_list("mall", "pk"):
            found[mall_id].add(store_id)
    return found


def _daily_by_mall(
    asked: Mapping[UUID, tuple[Mall, dt.date, set[UUID]]], *, metric: str
) -> defaultdict[UUID, Daily]:
    """What `daily_values` says of all these stores of a mall together; net sales are added up by
    the database, because a home page asks for thousands of store days."""
    found: defaultdict[UUID, Daily] = defaultdict(dict)
    if metric != Metric.NET_SALES:
        return _joined_by_mall(asked)
    stores: defaultdict[dt.date, set[UUID]] = defaultdict(set)
    for _mall, month, store_ids in asked.values():
        stores[month] |= store_ids
    for month, store_ids in stores.items():
        days = store_days_in(Scope(store_ids=frozenset(store_ids)))
        for one in trade_by_place(days, *_span(month), by_store=False):
            found[one.place_id][one.day] = one.trade.net_minor
    return found


def _joined_by_mall(
    asked: Mapping[UUID, tuple[Mall, dt.date, set[UUID]]],
) -> defaultdict[UUID, Daily]:
    """The new members of these stores of each mall: a statement for each zone and month."""
    alike: defaultdict[tuple[str, dt.date], list[UUID]] = defaultdict(list)
    for id_, (mall, month, _stores) in asked.items():
        alike[mall.time_zone, month].append(id_)
    found: defaultdict[UUID, Daily] = defaultdict(dict)
    for (_zone, month), ids in alike.items():
        stores = {store_id for id_ in ids for store_id in asked[id_][2]}
        daily = daily_values(asked[ids[0]][0], stores, month, metric=Metric.NEW_MEMBERS)
        for id_ in ids:
            found[id_] = merged(daily[one] for one in asked[id_][2] if one in daily)
    return found


def person_attainments(
    mall: Mall,
    month: dt.date,
    store_ids: Collection[UUID],
    *,
    metric: str = Metric.NET_SALES,
) -> list[PlaceAttainment]:
    """The people with a target at these stores of the mall, by name.

    Neither receipts nor enrolments say whose they are, so what a person reached is an equal share
    of the store's: the store's ÷ people with a target there. Screens say so.
    """
    targets = list(
        Target.objects.filter(
            mall=mall, month=month, metric=metric, store__in=store_ids, person__isnull=False
        )
        .select_related("person", "store")
        .order_by("person__name", "pk")
    )
    heads = Counter(one.store_id for one in targets)
    daily = daily_values(mall, {one for one in heads if one}, month, metric=metric)
    as_of = last_whole_day(mall)
    shares = {id_: equal_share(daily[id_], heads[id_]) for id_ in heads if id_}
    return [
        PlaceAttainment(
            one.person.pk,
            one.person.name,
            "",
            attained_of(one.amount, month, shares[one.store.pk], as_of),
            one.is_generated,
            one.store,
        )
        for one in targets
        if one.person is not None and one.store is not None
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


def _span(month: dt.date) -> tuple[dt.date, dt.date]:
    """The first and last day of the values that attainment in ``month`` needs."""
    return month - HISTORY, next_month(month) - DAY


def daily_values(
    mall: Mall, store_ids: set[UUID], month: dt.date, *, metric: str = Metric.NET_SALES
) -> defaultdict[UUID, Daily]:
    """Each store's value per business day, from eight weeks before the month to its end.

    Net sales come from the stores' daily rollups, never from receipts; new members from where and
    on which day of the mall's zone they enrolled.
    """
    found: defaultdict[UUID, Daily] = defaultdict(dict)
    first, last = _span(month)
    if not store_ids:
        return found
    if metric == Metric.NET_SALES:
        days = store_days_in(Scope(store_ids=frozenset(store_ids)))
        for one in trade_by_place(days, first, last, by_store=True):
            found[one.place_id][one.day] = one.trade.net_minor
        return found
    zone = ZoneInfo(mall.time_zone)
    joined = (
        Member.objects.filter(
            enrolled_store__in=store_ids,
            joined_at__gte=midnight(first, zone),
            joined_at__lt=midnight(last + DAY, zone),
        )
        .annotate(day=TruncDate("joined_at", tzinfo=zone))
        .values_list("enrolled_store", "day")
        .annotate(members=Count("pk"))
        .order_by()
    )
    for store_id, day, members in joined:
        if store_id is not None:
            found[store_id][day] = members
    return found


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """When ``day`` begins in ``zone``."""
    return dt.datetime.combine(day, dt.time(), zone)


def months_with_targets(actor: Actor) -> list[dt.date]:
    """The months for which the actor sees a target, newest first."""
    months = visible_targets(actor.scope).order_by("-month").values_list("month", flat=True)
    return list(months.distinct()[:36])
