"""Reads of declarations beside what receipts say. Both sides are read from rows by store and
business day, never from the receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Literal, LiteralString
from uuid import UUID

from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Abs, Coalesce

from mallard.kernel.access.actor import Scope
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.provenance import Origin
from mallard.value.sales.declarations.facts import ComparedDay, ComparedTotal
from mallard.value.sales.models import SalesDeclaration, StoreDay
from mallard.world.malls.queries import store_ids_in, stores_in

StoreDayKey = tuple[UUID, dt.date]

# Each open day of each store, and each day of which there is something to say, with both sides.
_DAYS: LiteralString = """
    SELECT s.id AS store_id, s.mall_id, s.tenant_id, m.currency, d.day::date AS business_day,
           (s.opened_on IS NULL OR s.opened_on <= d.day::date)
               AND (s.closed_on IS NULL OR d.day::date < s.closed_on) AS is_open,
           x.id, x.amount_minor, x.receipts, x.status, x.reason, x.declared_at, x.origin,
           coalesce(t.net_minor - t.refund_minor, 0) AS recorded_minor,
           coalesce(t.member_net_minor - t.member_refund_minor, 0) AS member_minor,
           coalesce(t.receipts, 0) AS recorded_receipts, t.store_id IS NOT NULL AS has_trade
    FROM malls_store s
    JOIN malls_mall m ON m.id = s.mall_id
    CROSS JOIN generate_series(%s::timestamp, %s::timestamp, interval '1 day') AS d(day)
    LEFT JOIN sales_salesdeclaration x ON x.store_id = s.id AND x.business_day = d.day::date
    LEFT JOIN sales_storeday t ON t.store_id = s.id AND t.business_day = d.day::date
    WHERE %s::uuid[] IS NULL OR s.id = ANY(%s::uuid[])
"""


def declarations_in(scope: Scope) -> QuerySet[SalesDeclaration]:
    """The declarations of the stores in ``scope``."""
    store_ids = store_ids_in(scope)
    rows = SalesDeclaration.objects.all()
    return rows if store_ids is None else rows.filter(store_id__in=store_ids)


def beside_receipts(rows: QuerySet[SalesDeclaration]) -> QuerySet[SalesDeclaration]:
    """``rows`` with ``recorded_minor``, ``difference_minor`` and ``gap_minor`` (its size)."""
    trade = StoreDay.objects.filter(
        store_id=OuterRef("store_id"), business_day=OuterRef("business_day")
    )
    net = trade.annotate(net=F("net_minor") - F("refund_minor")).values("net")
    number = BigIntegerField()
    recorded = Coalesce(Subquery(net, output_field=number), 0, output_field=number)
    return rows.annotate(recorded_minor=recorded).annotate(
        difference_minor=ExpressionWrapper(
            F("amount_minor") - F("recorded_minor"), output_field=number
        ),
        gap_minor=Abs(F("amount_minor") - F("recorded_minor"), output_field=number),
    )


def compared_days(
    scope: Scope, first: dt.date, last: dt.date, *, store_ids: Collection[UUID] | None = None
) -> list[ComparedDay]:
    """Each open day of each store of ``scope`` from ``first`` to ``last``, and each on which it
    declared or traded all the same; by store and day."""
    ids = _wanted(scope, store_ids)
    found = fetch_rows(
        f"""
        SELECT store_id, business_day, id, amount_minor, receipts, status, coalesce(reason, ''),
               declared_at, coalesce(origin = %s, false), recorded_minor, recorded_receipts
        FROM ({_DAYS}) AS days WHERE is_open OR id IS NOT NULL OR has_trade
        ORDER BY store_id, business_day
        """,  # noqa: S608 constant text
        [Origin.GENERATED.value, first, last, ids, ids],
    )
    return [ComparedDay(*row) for row in found]


def _wanted(scope: Scope, store_ids: Collection[UUID] | None) -> list[UUID] | None:
    """The ids of the wanted stores of ``scope``; None: every store."""
    allowed = store_ids_in(scope)
    if store_ids is None:
        return None if allowed is None else sorted(allowed)
    return sorted(set(store_ids) if allowed is None else allowed & set(store_ids))


def has_generated_days(scope: Scope, first: dt.date, last: dt.date) -> bool:
    """Whether a generator made some of the declarations from ``first`` to ``last``."""
    made = declarations_in(scope).filter(
        business_day__range=(first, last), origin=Origin.GENERATED.value
    )
    return made.exists()


Place = Literal["mall", "tenant", "store"]
_PLACES: dict[Place | None, LiteralString] = {
    "mall": "mall_id",
    "tenant": "tenant_id",
    "store": "store_id",
    None: "NULL::uuid",
}


def compared_totals(
    scope: Scope,
    first: dt.date,
    last: dt.date,
    *,
    by: Place | None = None,
    store_ids: Collection[UUID] | None = None,
) -> list[ComparedTotal]:
    """Declared, recorded and members' net sales over the same tenant-days from ``first`` to
    ``last``, by mall, tenant or store, or of all together; a row per currency.

    Member sales share is ``member_minor ÷ declared_minor``; its coverage ``declared_days ÷
    open_days``. What was recorded on days without a declaration is left out of it.
    """
    ids = _wanted(scope, store_ids)
    found = fetch_rows(
        f"""
        SELECT {_PLACES[by]}, currency,
               coalesce(sum(amount_minor), 0)::bigint,
               coalesce(sum(recorded_minor) FILTER (WHERE id IS NOT NULL), 0)::bigint,
               coalesce(sum(member_minor) FILTER (WHERE id IS NOT NULL), 0)::bigint,
               count(id), count(*) FILTER (WHERE is_open OR id IS NOT NULL)
        FROM ({_DAYS}) AS days GROUP BY 1, 2 ORDER BY 1, 2
        """,  # noqa: S608 constant text
        [first, last, ids, ids],
    )
    return [ComparedTotal(*row) for row in found]


def missing_days(
    scope: Scope, first: dt.date, last: dt.date, *, store_ids: Collection[UUID] | None = None
) -> list[StoreDayKey]:
    """The open days of each store of ``scope`` on which nothing is declared."""
    ids = _wanted(scope, store_ids)
    found = fetch_rows(
        f"SELECT store_id, business_day FROM ({_DAYS}) AS days"  # noqa: S608 constant text
        " WHERE is_open AND id IS NULL ORDER BY store_id, business_day",
        [first, last, ids, ids],
    )
    return [(row[0], row[1]) for row in found]


def stores_to_declare(scope: Scope) -> QuerySet[Any]:
    """The stores of ``scope`` with what lists of declarations show of them."""
    return stores_in(scope).select_related("mall", "tenant")
