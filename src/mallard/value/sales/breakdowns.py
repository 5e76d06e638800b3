"""Trade taken apart: by place, trade category, day, weekday and hour. From the rollups only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import ExtractIsoWeekDay

from mallard.kernel.access.actor import Scope
from mallard.value.sales.figures import Trade
from mallard.value.sales.models import GENERATED, Receipt, Return, StoreDay, StoreHour
from mallard.world.malls.queries import store_ids_in


class By(Enum):
    """What trade is told by; the value is the way from a store's row."""

    MALL = "store__mall_id"
    TENANT = "store__tenant_id"
    STORE = "store_id"
    CATEGORY = "store__trade_category_id"
    CURRENCY = "store__mall__currency"
    DAY = "business_day"


@dataclass(frozen=True, slots=True)
class HourTrade:
    """What an hour of a weekday brought: ``weekday`` 1 (Monday) to 7, ``hour`` 0 to 23."""

    weekday: int
    hour: int
    receipts: int
    net_minor: int


def trade_per(days: QuerySet[StoreDay], by: By, first: dt.date, last: dt.date) -> dict[Any, Trade]:
    """The trade from ``first`` to ``last`` by one dimension; its keys are ids, or days."""
    rows = (
        days.filter(business_day__range=(first, last))
        .order_by()
        .values_list(by.value)
        .annotate(
            receipts_sum=Sum("receipts"),
            member_receipts_sum=Sum("member_receipts"),
            net_sum=Sum(F("net_minor") - F("refund_minor")),
            member_net_sum=Sum(F("member_net_minor") - F("member_refund_minor")),
        )
    )
    return {row[0]: Trade(*(int(figure) for figure in row[1:])) for row in rows}


def store_hours_in(scope: Scope) -> QuerySet[StoreHour]:
    """The hours of the stores in ``scope``."""
    store_ids = store_ids_in(scope)
    hours = StoreHour.objects.all()
    return hours if store_ids is None else hours.filter(store_id__in=store_ids)


def trade_per_hour(
    hours: QuerySet[StoreHour], first: dt.date, last: dt.date
) -> dict[tuple[int, int], HourTrade]:
    """The trade of every weekday and hour that had any, by (weekday, hour)."""
    rows = (
        hours.filter(business_day__range=(first, last))
        .order_by()
        .annotate(weekday=ExtractIsoWeekDay("business_day"))
        .values_list("weekday", "hour")
        .annotate(receipts_sum=Sum("receipts"), net_sum=Sum(F("net_minor") - F("refund_minor")))
    )
    return {(row[0], row[1]): HourTrade(*(int(figure) for figure in row)) for row in rows}


def silent_stores(days: QuerySet[StoreDay], day: dt.date, *, since: dt.date) -> set[UUID]:
    """Stores that sold something on most days from ``since`` to the day before, and nothing on
    ``day``."""
    span = (day - since).days
    usual = (
        days.filter(business_day__gte=since, business_day__lt=day, receipts__gt=0)
        .order_by()
        .values_list("store_id")
        .annotate(open_days=Count("business_day"))
        .filter(open_days__gte=-(-span * 4 // 5))
    )
    sold = days.filter(business_day=day, receipts__gt=0).values_list("store_id", flat=True)
    return {store_id for store_id, _days in usual} - set(sold)


def counts_generated(scope: Scope, first: dt.date, last: dt.date) -> bool:
    """Whether sales from ``first`` to ``last`` count receipts or returns that a generator made:
    whoever shows them says so."""
    store_ids = store_ids_in(scope)
    for model in (Return, Receipt):
        made = model._default_manager.filter(GENERATED, business_day__range=(first, last))
        if (made if store_ids is None else made.filter(store_id__in=store_ids)).exists():
            return True
    return False
