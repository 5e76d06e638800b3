"""Points of a purchase that were spent before the goods came back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.findings import Fact, Finding, Period, Subject
from mallard.value.watch.finding.statements import PERSONS, receipt_facts, rows_of
from mallard.value.watch.models import FactKind

# A redemption that was reversed gives back to the lots it took from (negative uses of a transfer
# that names it), so that only what stayed spent counts.
_SPENT = f"""
    WITH {PERSONS}
    SELECT b.id, b.receipt_id, b.store_id, s.mall_id, b.occurred_at, b.refund_minor, r.currency,
        COALESCE(p.person, r.member_id), u.id, u.occurred_at, sum(u.amount)
    FROM sales_return b
    JOIN sales_receipt r ON r.id = b.receipt_id
    JOIN malls_store s ON s.id = b.store_id
    LEFT JOIN persons p ON p.record = r.member_id
    JOIN ledger_transfer a ON a.source_id = r.id AND a.kind = 'accrue'
    JOIN LATERAL (
        SELECT t.id, t.occurred_at, l.amount + COALESCE((
            SELECT sum(g.amount) FROM ledger_transfer x
            JOIN ledger_lotuse g ON g.transfer_id = x.id AND g.lot_id = a.id
            WHERE x.reverses_id = t.id
        ), 0) AS amount
        FROM ledger_lotuse l JOIN ledger_transfer t ON t.id = l.transfer_id
        WHERE l.lot_id = a.id AND t.kind = 'redeem' AND l.amount > 0
            AND t.occurred_at >= r.occurred_at AND t.occurred_at <= b.occurred_at
            AND t.occurred_at >= b.occurred_at - make_interval(days => %s)
    ) u ON u.amount > 0
    WHERE r.member_id IS NOT NULL AND b.occurred_at >= %s AND b.occurred_at < %s
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""  # noqa: S608 no values


def find(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Members who spent the points of receipts and then brought the goods back."""
    ends = period.ends()
    window = dt.timedelta(days=terms["days"])
    rows = rows_of(_SPENT, [terms["gap"], min(ends) - window, max(ends)])
    by_person: dict[tuple[UUID, UUID], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        by_person[row[7], row[3]].append(row)
    findings = []
    for (member_id, mall_id), theirs in by_person.items():
        for end in ends:
            within = [row for row in theirs if end - window <= row[4] < end]
            finding = _finding(member_id, mall_id, within, terms)
            if finding is not None:
                findings.append(finding)
    return findings


def _finding(
    member_id: UUID, mall_id: UUID, rows: list[tuple[Any, ...]], terms: Mapping[str, int]
) -> Finding | None:
    receipts = {row[1] for row in rows}
    redemptions = _redemptions(rows)
    points = -sum(fact.points for fact in redemptions)
    latest = max(rows, key=lambda row: (row[4], row[9]), default=None)
    if latest is None:
        return None
    gap = (latest[4] - max(row[9] for row in rows if row[0] == latest[0])).days
    verdict = rules.brought_back(len(receipts), points, gap, terms)
    if verdict is None:
        return None
    subject = Subject(member_id=member_id, mall_id=mall_id)
    facts = [*receipt_facts(receipts).values(), *_returns(rows), *redemptions]
    return Finding(patterns.BROUGHT_BACK.code, subject, verdict, tuple(facts), terms["least"])


def _returns(rows: list[tuple[Any, ...]]) -> list[Fact]:
    found = {
        id_: Fact(FactKind.RETURN, id_, at, store, mall, -refund, currency)
        for id_, _receipt, store, mall, at, refund, currency, *_rest in rows
    }
    return list(found.values())


def _redemptions(rows: list[tuple[Any, ...]]) -> list[Fact]:
    """What each redemption took from the lots of these receipts."""
    taken: dict[UUID, int] = defaultdict(int)
    at: dict[UUID, dt.datetime] = {}
    lots: set[tuple[UUID, UUID]] = set()
    for row in rows:
        if (row[1], row[8]) not in lots:  # a receipt may have come back in several returns
            lots.add((row[1], row[8]))
            taken[row[8]] += int(row[10])
            at[row[8]] = row[9]
    return [Fact(FactKind.TRANSFER, id_, at[id_], points=-points) for id_, points in taken.items()]
