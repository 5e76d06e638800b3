"""The facts of a past period, read for replaying: whole persons at a time, grouped by goods.

Lines of a receipt whose goods fall under the same rules for certain (the same category, and the
same product where a rule asks for products) are added up by the database: rules add the amounts of
such lines before they round, so nothing is lost and half of the rows are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, connections

from mallard.kernel.database.transactions import statement_limits
from mallard.value.loyalty.rules import Goods
from mallard.world.catalog.models import Category


@dataclass(frozen=True, slots=True)
class Bought:
    """A receipt as it was, and what it was assessed to earn."""

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
class Period:
    """The receipts of some members in a period, their goods, and how they were paid if asked."""

    receipts: list[Bought]
    goods: Mapping[str, Sequence[Goods]]
    tenders: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    spent: Sequence[tuple[str, dt.date, int]] = ()
    """Of the period's points: whose, on which day, how many."""


_RECEIPTS = """
    SELECT r.id::text, r.member_id::text, r.store_id::text, r.number, r.occurred_at,
           r.business_day, r.net_minor, a.tenant_points, a.mall_points, a.bonus_points, a.reason,
           a.explanation::text
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
    SELECT l.receipt_id::text, p.category_id::text, {product}, l.restricted IS NOT NULL,
           sum(l.amount_minor - coalesce(b.amount_minor, 0))::bigint,
           sum(l.quantity_milli - coalesce(b.quantity_milli, 0))::bigint,
           sum(CASE WHEN l.discount_minor = 0 THEN 0 ELSE l.discount_minor
               * (l.amount_minor - coalesce(b.amount_minor, 0)) / l.amount_minor END)::bigint
    FROM sales_receipt r
    JOIN sales_receiptline l ON l.receipt_id = r.id
    LEFT JOIN catalog_variant v ON v.id = l.variant_id
    LEFT JOIN catalog_product p ON p.id = v.product_id
    LEFT JOIN (
        SELECT s.receipt_id, x.line_no, sum(x.amount_minor) AS amount_minor,
               sum(x.quantity_milli) AS quantity_milli
        FROM sales_return s JOIN sales_returnline x ON x.goods_return_id = s.id
        GROUP BY s.receipt_id, x.line_no
    ) b ON b.receipt_id = l.receipt_id AND b.line_no = l.line_no
    WHERE r.member_id = ANY(%s::uuid[]) AND r.business_day BETWEEN %s AND %s
      AND l.amount_minor > coalesce(b.amount_minor, 0)
    GROUP BY 1, 2, 3, 4
"""
_GOODS_BY_CATEGORY = _GOODS.format(product="NULL::text")
_GOODS_BY_PRODUCT = _GOODS.format(product="p.id::text")
_TENDERS = """
    SELECT t.receipt_id::text, t.kind, t.amount_minor
    FROM sales_receipt r JOIN sales_tender t ON t.receipt_id = r.id
    WHERE r.member_id = ANY(%s::uuid[]) AND r.business_day BETWEEN %s AND %s
    ORDER BY t.receipt_id, t.position
"""

# A redemption that was reversed counts for what stayed spent, on its own day.
_SPENT = """
    SELECT a.member_id::text, (coalesce(o.occurred_at, t.occurred_at) AT TIME ZONE 'UTC')::date,
           sum(u.amount)::bigint
    FROM ledger_transfer a
    JOIN ledger_lotuse u ON u.lot_id = a.id
    JOIN ledger_transfer t ON t.id = u.transfer_id AND t.kind IN ('redeem', 'restore')
    LEFT JOIN ledger_transfer o ON t.kind = 'restore' AND o.id = t.reverses_id
    WHERE a.member_id = ANY(%s::uuid[]) AND a.kind = 'accrue' AND a.source_kind = 'receipt'
      AND a.occurred_at >= %s AND a.occurred_at < %s
    GROUP BY 1, 2 HAVING sum(u.amount) > 0
"""
ONE_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Reader:
    """Reads periods for one replay; remembers the tree of categories."""

    first: dt.date
    last: dt.date
    by_product: bool
    with_tenders: bool
    lineages: dict[str | None, tuple[UUID, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = Category.objects.values_list("id", "lineage")
        self.lineages = {str(category): tuple(lineage) for category, lineage in rows}
        self.lineages[None] = ()

    def read(self, member_ids: Collection[UUID]) -> Period:
        """Everything of these members in the period; three or four statements."""
        one: list[Any] = [list(member_ids), self.first, self.last]
        with connection.cursor() as cursor:
            cursor.execute(_RECEIPTS, [*one, *one])
            receipts = [Bought(*row) for row in cursor.fetchall()]
            cursor.execute(_GOODS_BY_PRODUCT if self.by_product else _GOODS_BY_CATEGORY, one)
            goods: dict[str, list[Goods]] = defaultdict(list)
            lineages = self.lineages
            for (
                receipt,
                category,
                product,
                restricted,
                amount,
                quantity,
                discount,
            ) in cursor.fetchall():
                of_receipt = goods[receipt]
                of_receipt.append(
                    Goods(
                        len(of_receipt) + 1,
                        amount,
                        lineages[category],
                        restricted,
                        quantity,
                        discount,
                        UUID(product) if product else None,
                    )
                )
            tenders: dict[str, tuple[tuple[str, int], ...]] = {}
            if self.with_tenders:
                cursor.execute(_TENDERS, one)
                for receipt, kind, paid in cursor.fetchall():
                    tenders[receipt] = (*tenders.get(receipt, ()), (kind, paid))
            # Business days begin at other hours than UTC's: a day more at both ends.
            around = [self.first - ONE_DAY, self.last + 2 * ONE_DAY]
            cursor.execute(_SPENT, [list(member_ids), *around])
            spent = cursor.fetchall()
        return Period(receipts, goods, tenders, spent)

    def read_all(self, groups: Sequence[Collection[UUID]], *, ahead: bool) -> Iterator[Period]:
        """The period of each group of members in turn. ``ahead``: while one is worked on, the
        database reads the next, on a connection of its own (which sees what was committed)."""
        if not ahead:
            yield from (self.read(group) for group in groups)
            return
        with ThreadPoolExecutor(max_workers=1) as reader:
            waiting = [reader.submit(self._read_apart, group) for group in groups[:1]]
            try:
                for following in (*groups[1:], None):
                    period = waiting.pop().result()
                    if following is not None:
                        waiting.append(reader.submit(self._read_apart, following))
                    yield period
            finally:
                reader.submit(connections.close_all).result()

    def _read_apart(self, member_ids: Collection[UUID]) -> Period:
        with statement_limits(statement_ms=0):
            return self.read(member_ids)
