"""What goods brought, by store and month: a rollup that follows the facts within minutes.

Lines are the bulk of what tills send, so nothing is reckoned anew here: a job adds what it has not
seen yet and remembers how far it got, both in one transaction. The outbox tells what is new: its
events carry the id of the transaction that recorded them, and only ids below the oldest one that
still runs are read, so that a receipt that commits late is neither skipped nor counted twice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import LiteralString
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from mallard.kernel.access.actor import Scope
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.sales.models import GoodsCursor, ProductMonth
from mallard.world.malls.queries import store_ids_in

CURSOR = "product_months"
EVENTS_AT_ONCE = 20_000

# What lines and returned lines add to their month, of the receipts and returns in {told}.
_PARTS: LiteralString = """
    SELECT r.store_id, v.product_id, date_trunc('month', r.business_day)::date AS month,
           1 AS lines, l.quantity_milli, l.amount_minor, l.discount_minor,
           0::bigint AS returned_milli, 0::bigint AS refund_minor
    FROM sales_receipt r JOIN sales_receiptline l ON l.receipt_id = r.id
    JOIN catalog_variant v ON v.id = l.variant_id
    WHERE {receipts}
    UNION ALL
    SELECT b.store_id, v.product_id, date_trunc('month', b.business_day)::date, 0, 0, 0, 0,
           x.quantity_milli, x.amount_minor
    FROM sales_return b JOIN sales_returnline x ON x.goods_return_id = b.id
    JOIN sales_receiptline l ON l.receipt_id = b.receipt_id AND l.line_no = x.line_no
    JOIN catalog_variant v ON v.id = l.variant_id
    WHERE {returns}
"""

_SUMS: LiteralString = """
    SELECT store_id, product_id, month, sum(lines)::bigint AS lines,
           sum(quantity_milli)::bigint AS quantity_milli, sum(amount_minor)::bigint AS net_minor,
           sum(discount_minor)::bigint AS discount_minor,
           sum(returned_milli)::bigint AS returned_milli, sum(refund_minor)::bigint AS refund_minor
    FROM ({parts}) AS parts GROUP BY 1, 2, 3
"""

_INSERT: LiteralString = """
INSERT INTO sales_productmonth AS p (store_id, product_id, month, lines, quantity_milli, net_minor,
    discount_minor, returned_milli, refund_minor)
"""

_ADD: LiteralString = """
ON CONFLICT (store_id, product_id, month) DO UPDATE SET
    lines = p.lines + excluded.lines,
    quantity_milli = p.quantity_milli + excluded.quantity_milli,
    net_minor = p.net_minor + excluded.net_minor,
    discount_minor = p.discount_minor + excluded.discount_minor,
    returned_milli = p.returned_milli + excluded.returned_milli,
    refund_minor = p.refund_minor + excluded.refund_minor
"""

_IN_RANGE: LiteralString = """IN (
    SELECT e.subject_id FROM outbox_event e WHERE {events}
        AND e.transaction_id >= %s::text::xid8 AND e.transaction_id < %s::text::xid8
)"""

_NOT_AFTER: LiteralString = """NOT IN (
    SELECT e.subject_id FROM outbox_event e WHERE {events}
        AND e.transaction_id >= %s::text::xid8
)"""

_SOLD: LiteralString = """(e.name = 'sales.receipt_met' OR e.name = 'sales.receipt_recorded'
        AND NOT coalesce((e.payload->>'is_paper')::boolean, false))"""
_CAME_BACK: LiteralString = "e.name = 'sales.return_recorded'"


def _sums(told: LiteralString) -> LiteralString:
    """The sums of the facts whose events `told` picks."""
    return (
        _SUMS.replace("{parts}", _PARTS)
        .replace("{receipts}", "r.source <> 'paper' AND r.id " + told.replace("{events}", _SOLD))
        .replace("{returns}", "b.id " + told.replace("{events}", _CAME_BACK))
    )


_ADD_RANGE = _INSERT + _sums(_IN_RANGE) + "ORDER BY 1, 2, 3" + _ADD
# In the order of time, as a year that is lived comes in: the rows of a month lie beside each other.
_FILL = _INSERT + _sums(_NOT_AFTER) + "ORDER BY 3, 1, 2"

# How far one run goes: to the oldest running transaction, and not beyond so many events.
_HIGH: LiteralString = """
SELECT least(
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    (SELECT greatest(e.transaction_id::text::bigint, %s + 1) FROM outbox_event e
     WHERE e.transaction_id >= %s::text::xid8
     ORDER BY e.transaction_id, e.id OFFSET %s LIMIT 1)
)
"""


@atomic_retrying
def add_up_goods() -> bool:
    """Add what was recorded since the last time to the months of its goods; whether more waits."""
    GoodsCursor.objects.get_or_create(name=CURSOR)
    cursor = GoodsCursor.objects.select_for_update().get(name=CURSOR)
    low = cursor.transaction
    [(high,)] = fetch_rows(_HIGH, [low, str(low), EVENTS_AT_ONCE])
    if high <= low:
        return False
    fetch_rows(_ADD_RANGE, [str(low), str(high), str(low), str(high)])
    cursor.transaction = high
    cursor.save(update_fields=["transaction"])
    [(newest,)] = fetch_rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return bool(high < newest)


@atomic_retrying
def fill_goods() -> None:
    """Add up everything that is recorded, at once; the job goes on from here. Changes nothing where
    there are months already."""
    if ProductMonth.objects.exists():
        return
    [(high,)] = fetch_rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    GoodsCursor.objects.update_or_create(name=CURSOR, defaults={"transaction": high})
    fetch_rows(_FILL, [str(high), str(high)])


VERIFY = """
WITH seen AS (
    SELECT coalesce(max(transaction), 0)::text::xid8 AS high FROM sales_goodscursor
), derived AS ({derived})
SELECT 'product ' || coalesce(d.product_id, x.product_id) || ' at store '
           || coalesce(d.store_id, x.store_id) || ' in '
           || to_char(coalesce(d.month, x.month), 'YYYY-MM') AS what,
       ROW(d.lines, d.quantity_milli, d.net_minor, d.discount_minor, d.returned_milli,
           d.refund_minor)::text AS found,
       ROW(x.lines, x.quantity_milli, x.net_minor, x.discount_minor, x.returned_milli,
           x.refund_minor)::text AS derived
FROM sales_productmonth d
FULL JOIN derived x ON x.store_id = d.store_id AND x.product_id = d.product_id
    AND x.month = d.month
""".replace("{derived}", _sums(_NOT_AFTER.replace("%s::text::xid8", "(SELECT high FROM seen)")))
"""Derives every month again from the facts that were counted; see `verification`."""


class Goods(Enum):
    """What goods are told by."""

    PRODUCT = "product"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class GoodsTrade:
    """What a product or a category brought in some months, and in the months it is compared with.

    Net is after refunds; ``lines`` is how often it was sold; ``place`` 1 is the best.
    """

    id: UUID
    net_minor: int
    before_minor: int
    lines: int
    place: int


@dataclass(frozen=True, slots=True)
class GoodsTold:
    """The best and the weakest, how many there are in all, and what all of them came to."""

    rows: list[GoodsTrade]
    count: int
    net_minor: int
    before_minor: int


_OF_STORES: LiteralString = "(%(stores)s::uuid[] IS NULL OR m.store_id = ANY(%(stores)s::uuid[]))"
_NOW: LiteralString = "m.month BETWEEN %(first)s AND %(last)s"
_BEFORE: LiteralString = "m.month BETWEEN %(before_first)s AND %(before_last)s"
_NET: LiteralString = "sum(m.net_minor - m.refund_minor)"

# Products are many: of the earlier months each that is shown is looked up by its index, and what
# all of them came to is a sum of its own.
_PRODUCTS: LiteralString = """
    SELECT m.product_id AS id, {net}::bigint AS net, sum(m.lines)::bigint AS lines,
        NULL::bigint AS before
    FROM sales_productmonth m WHERE {now} AND {of_stores} GROUP BY 1
"""
_PRODUCTS_BEFORE: LiteralString = """
    SELECT {net} FROM sales_productmonth m WHERE {before} AND {of_stores}
"""
_PRODUCT_BEFORE = _PRODUCTS_BEFORE + "AND m.product_id = p.id"
# Categories are few: both periods in one go.
_CATEGORIES: LiteralString = """
    SELECT c.category_id AS id, coalesce({net} FILTER (WHERE {now}), 0)::bigint AS net,
        coalesce(sum(m.lines) FILTER (WHERE {now}), 0)::bigint AS lines,
        {net} FILTER (WHERE {before})::bigint AS before
    FROM sales_productmonth m JOIN catalog_product c ON c.id = m.product_id
    WHERE ({now} OR {before}) AND {of_stores} GROUP BY 1
"""

# Only the ends are put in order: both need their few rows, not a sort of all goods.
_TOLD: LiteralString = """
WITH added AS MATERIALIZED ({added}), sums AS MATERIALIZED (
    SELECT * FROM added WHERE lines > 0
), told AS MATERIALIZED (
    SELECT count(*) AS count, sum(net)::bigint AS total FROM sums
), picked AS (
    SELECT id, net, lines, before, row_number() OVER (ORDER BY net DESC, id) AS place
    FROM (SELECT * FROM sums ORDER BY net DESC, id LIMIT %(most)s) best
    UNION
    SELECT id, net, lines, before,
        told.count + 1 - row_number() OVER (ORDER BY net, id DESC) AS place
    FROM (SELECT * FROM sums ORDER BY net, id DESC LIMIT %(most)s) weakest CROSS JOIN told
)
SELECT p.id, p.net, coalesce(({own_before}), 0)::bigint, p.lines, p.place, told.count, told.total,
    coalesce(({all_before}), 0)::bigint
FROM picked p CROSS JOIN told ORDER BY p.place
"""


def _told_by(added: LiteralString, own_before: LiteralString, all_before: LiteralString) -> str:
    told = _TOLD.replace("{added}", added)
    told = told.replace("{own_before}", own_before).replace("{all_before}", all_before)
    told = told.replace("{net}", _NET).replace("{of_stores}", _OF_STORES)
    return told.replace("{now}", _NOW).replace("{before}", _BEFORE)


_TOLD_BY = {
    Goods.PRODUCT: _told_by(_PRODUCTS, _PRODUCT_BEFORE, _PRODUCTS_BEFORE),
    Goods.CATEGORY: _told_by(_CATEGORIES, "p.before", "SELECT sum(before) FROM added"),
}


def months_of_goods(scope: Scope, month: date) -> QuerySet[ProductMonth]:
    """What products brought in a month (its first day) in the stores of ``scope``."""
    store_ids = store_ids_in(scope)
    months = ProductMonth.objects.filter(month=month)
    return months if store_ids is None else months.filter(store_id__in=store_ids)


def trade_of_goods(
    by: Goods,
    store_ids: Collection[UUID] | None,
    months: tuple[date, date],
    before: tuple[date, date],
    *,
    most: int,
) -> GoodsTold:
    """The ``most`` best and the ``most`` weakest of the goods that these stores (None: all) sold in
    these months (first days of them, both included); one statement, however many there are.

    A group of malls sells a few hundred thousand product-months a quarter: ask for a few months.
    """
    parameters = {
        "first": months[0],
        "last": months[1],
        "before_first": before[0],
        "before_last": before[1],
        "stores": None if store_ids is None else list(store_ids),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TOLD_BY[by], parameters)
        rows = cursor.fetchall()
    told = [GoodsTrade(*row[:5]) for row in rows]
    count, total, total_before = rows[0][5:] if rows else (0, 0, 0)
    return GoodsTold(told, count, total, total_before)
