"""Statements that several patterns share. Reads only; no limit of time but the caller's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from mallard.value.sales.models import Source
from mallard.value.watch.finding.findings import Fact
from mallard.value.watch.models import FactKind

LOADED = (Source.FILE.value, Source.HISTORY.value)
"""Receipts that came in bulk: nobody stood at a till and recorded them."""

AT_A_DESK = (*LOADED, Source.PAPER.value)
"""And those that a desk typed from paper: `desk` asks who brought them in, which is not always who
recorded them."""

PERSONS = """
    RECURSIVE up AS (
        SELECT id AS record, merged_into_id AS person FROM members_member
        WHERE merged_into_id IS NOT NULL
        UNION ALL
        SELECT up.record, m.merged_into_id FROM up JOIN members_member m ON m.id = up.person
        WHERE m.merged_into_id IS NOT NULL
    ), persons AS (
        SELECT up.record, up.person FROM up JOIN members_member m ON m.id = up.person
        WHERE m.merged_into_id IS NULL
    )
"""
"""For ``WITH``: who stands for each merged record, as receipts stay with the record."""

_RECEIPTS = """
    SELECT r.id, r.occurred_at, r.store_id, s.mall_id, r.net_minor, r.currency,
        COALESCE((SELECT sum(t.amount) FROM ledger_transfer t
            WHERE t.source_id = r.id AND t.kind = 'accrue'), 0)
    FROM sales_receipt r JOIN malls_store s ON s.id = r.store_id
    WHERE r.id = ANY(%s::uuid[])
"""


def rows_of(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return list(cursor.fetchall())


def receipt_facts(receipt_ids: Collection[UUID]) -> dict[UUID, Fact]:
    """These receipts as evidence, with the points that they earned at first."""
    rows = rows_of(_RECEIPTS, [list(set(receipt_ids))]) if receipt_ids else []
    return {
        id_: Fact(FactKind.RECEIPT, id_, at, store, mall, net, currency, int(points))
        for id_, at, store, mall, net, currency, points in rows
    }
