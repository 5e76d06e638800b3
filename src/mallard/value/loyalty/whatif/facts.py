"""The facts of a past period, read for replaying: whole persons at a time, grouped by goods.

Lines of a receipt whose goods fall under the same rules for certain (no rule tells their categories
apart or names their products) are added up by the database: rules add the amounts of such lines
before they round, so nothing is lost and two thirds of the rows are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from mallard.value.loyalty.rules import Goods, RuleBook
from mallard.world.catalog.models import Category


class Bought(NamedTuple):
    """A receipt as it was, and what it was assessed to earn; a tuple, because there are many."""

    id: str
    member_id: str
    store_id: str
    number: str
    occurred_at: dt.datetime
    business_day: dt.date
    net_minor: int
    tenant_points: int
    mall_points: int
    bonus_points: int
    reason: str
    explanation: str


@dataclass(slots=True)
class Basket:
    """The goods of a receipt. Of the same shape: the same rules ask the same of their lines."""

    shape: tuple[int, ...]
    goods: list[Goods]


@dataclass(slots=True)
class Period:
    """The receipts of some members in a period, their goods, and how they were paid if asked."""

    receipts: list[Bought]
    baskets: Mapping[str, Basket]
    tenders: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    spent: Sequence[tuple[str, dt.date, int]] = ()
    """Of the period's points: whose, on which day, how many."""


_RECEIPTS = """
    SELECT r.id::text, r.member_id::text, r.store_id::text, r.number,
           r.occurred_at, r.business_day, r.net_minor, a.tenant_points, a.mall_points,
           a.bonus_points, a.reason, a.explanation::text
    FROM sales_receipt r
    JOIN (
        SELECT DISTINCT ON (receipt_id) receipt_id, tenant_points, mall_points, bonus_points,
               reason, explanation
        FROM loyalty_assessment
        WHERE member_id = ANY(%s::uuid[]) AND business_day BETWEEN %s AND %s
        ORDER BY receipt_id, revision DESC
    ) a ON a.receipt_id = r.id
    WHERE r.member_id = ANY(%s::uuid[]) AND r.business_day BETWEEN %s AND %s
"""
_GOODS = """
    SELECT l.receipt_id::text, {kind}, {product}, l.restricted IS NOT NULL,
           sum(l.amount_minor - coalesce(b.amount_minor, 0))::bigint,
           sum(l.quantity_milli - coalesce(b.quantity_milli, 0))::bigint,
           sum(CASE WHEN l.discount_minor = 0 THEN 0 ELSE l.discount_minor
               * (l.amount_minor - coalesce(b.amount_minor, 0)) / l.amount_minor END)::bigint
    FROM sales_receipt r
    JOIN sales_receiptline l ON l.receipt_id = r.id
    LEFT JOIN (
        SELECT s.receipt_id, x.line_no, sum(x.amount_minor)::bigint AS amount_minor,
               sum(x.quantity_milli)::bigint AS quantity_milli
        FROM sales_return s JOIN sales_returnline x ON x.goods_return_id = s.id
        GROUP BY s.receipt_id, x.line_no
    ) b ON b.receipt_id = l.receipt_id AND b.line_no = l.line_no
    {told_apart}
    WHERE r.member_id = ANY(%s::uuid[]) AND r.business_day BETWEEN %s AND %s
      AND l.amount_minor > coalesce(b.amount_minor, 0)
    GROUP BY l.receipt_id, 2, 3, 4
"""
_GOODS_ALIKE = _GOODS.format(kind="0", product="NULL::text", told_apart="")
_GOODS_TOLD_APART = _GOODS.format(
    kind="coalesce(g.kind, 0)",
    product="g.product",
    told_apart="""
    LEFT JOIN (
        SELECT v.id, k.kind, n.product_id::text AS product
        FROM catalog_product p
        JOIN catalog_variant v ON v.product_id = p.id
        LEFT JOIN unnest(%s::uuid[], %s::int[]) AS k(category_id, kind)
            ON k.category_id = p.category_id
        LEFT JOIN unnest(%s::uuid[]) AS n(product_id) ON n.product_id = p.id
        WHERE k.kind IS NOT NULL OR n.product_id IS NOT NULL
    ) g ON g.id = l.variant_id""",
)
_TENDERS = """
    SELECT t.receipt_id::text, t.kind, t.amount_minor
    FROM sales_receipt r JOIN sales_tender t ON t.receipt_id = r.id
    WHERE r.member_id = ANY(%s::uuid[]) AND r.business_day BETWEEN %s AND %s
    ORDER BY t.receipt_id, t.position
"""

# A redemption that was reversed counts for what stayed spent, on its own day. The lots first, and
# by themselves: left to choose, the planner walks through whatever anybody ever spent.
_SPENT = """
    WITH lots AS MATERIALIZED (
        SELECT id, member_id FROM ledger_transfer
        WHERE member_id = ANY(%s::uuid[]) AND kind = 'accrue' AND source_kind = 'receipt'
          AND occurred_at >= %s AND occurred_at < %s
    )
    SELECT a.member_id::text, (coalesce(o.occurred_at, t.occurred_at) AT TIME ZONE 'UTC')::date,
           sum(u.amount)::bigint
    FROM lots a
    JOIN ledger_lotuse u ON u.lot_id = a.id
    JOIN ledger_transfer t ON t.id = u.transfer_id AND t.kind IN ('redeem', 'restore')
    LEFT JOIN ledger_transfer o ON t.kind = 'restore' AND o.id = t.reverses_id
    GROUP BY 1, 2 HAVING sum(u.amount) > 0
"""
ONE_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Reader:
    """Reads periods for one replay; remembers which goods the rules of ``book`` tell apart."""

    first: dt.date
    last: dt.date
    book: RuleBook
    with_tenders: bool
    _kinds: list[tuple[UUID, ...]] = field(default_factory=list)
    """Of each kind of goods, the categories of one of them: a product's own first."""
    _kind_of: dict[UUID, int] = field(default_factory=dict)
    """The kind of each category that some rule asks for; all others are of kind 0."""
    _shapes: dict[tuple[int, str | None, bool], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kinds = {self.book.kind_of_goods(()): 0}
        self._kinds = [()]
        for category, lineage in Category.objects.order_by("id").values_list("id", "lineage"):
            own_first = tuple(lineage)
            kind = kinds.setdefault(self.book.kind_of_goods(own_first), len(kinds))
            if kind == len(self._kinds):
                self._kinds.append(own_first)
            if kind:
                self._kind_of[category] = kind

    def read(self, member_ids: Collection[UUID]) -> Period:
        """Everything of these members in the period; three or four statements."""
        one: list[Any] = [list(member_ids), self.first, self.last]
        with connection.cursor() as cursor:
            cursor.execute(_RECEIPTS, [*one, *one])
            receipts = [Bought._make(row) for row in cursor.fetchall()]
            baskets = self._baskets(cursor, one)
            tenders: dict[str, tuple[tuple[str, int], ...]] = {}
            if self.with_tenders:
                cursor.execute(_TENDERS, one)
                for receipt, kind, paid in cursor.fetchall():
                    tenders[receipt] = (*tenders.get(receipt, ()), (kind, paid))
            # Business days begin at other hours than UTC's: a day more at both ends.
            around = [self.first - ONE_DAY, self.last + 2 * ONE_DAY]
            cursor.execute(_SPENT, [list(member_ids), *around])
            spent = cursor.fetchall()
        return Period(receipts, baskets, tenders, spent)

    def _baskets(self, cursor: Any, one: Sequence[Any]) -> dict[str, Basket]:
        products = self.book.products
        if self._kind_of or products:
            told_apart = [list(self._kind_of), list(self._kind_of.values()), list(products)]
            cursor.execute(_GOODS_TOLD_APART, [*told_apart, *one])
        else:
            cursor.execute(_GOODS_ALIKE, one)
        found: dict[str, Basket] = {}
        shapes, kinds = self._shapes, self._kinds
        for receipt, kind, product, restricted, amount, quantity, discount in cursor.fetchall():
            key = (kind, product, restricted)
            basket = found.get(receipt)
            if basket is None:
                basket = found[receipt] = Basket((), [])
            basket.shape += (shapes.setdefault(key, len(shapes)),)
            basket.goods.append(
                Goods(
                    len(basket.goods) + 1,
                    amount,
                    kinds[kind],
                    restricted,
                    quantity,
                    discount,
                    UUID(product) if product else None,
                )
            )
        return found
