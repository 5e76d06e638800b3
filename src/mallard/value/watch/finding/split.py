"""Many receipts of one member at one store within minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.findings import Finding, Period, Subject
from mallard.value.watch.finding.statements import PERSONS, receipt_facts, rows_of

_CLUSTERS = f"""
    WITH {PERSONS}, shown AS (
        SELECT r.id, r.store_id, COALESCE(p.person, r.member_id) AS member, r.occurred_at
        FROM sales_receipt r LEFT JOIN persons p ON p.record = r.member_id
        WHERE r.member_id IS NOT NULL AND r.occurred_at >= %s AND r.occurred_at < %s
    ), counted AS (
        SELECT store_id, member, occurred_at, count(*) OVER (
            PARTITION BY store_id, member ORDER BY occurred_at
            RANGE BETWEEN make_interval(mins => %s) PRECEDING AND CURRENT ROW
        ) AS n FROM shown
    ), ends AS (SELECT DISTINCT * FROM counted WHERE n >= %s)
    SELECT e.member, e.store_id, s.mall_id, max(e.n), array_agg(DISTINCT r.id)
    FROM ends e
    JOIN shown r ON r.store_id = e.store_id AND r.member = e.member
        AND r.occurred_at <= e.occurred_at
        AND r.occurred_at >= e.occurred_at - make_interval(mins => %s)
    JOIN malls_store s ON s.id = e.store_id
    GROUP BY 1, 2, 3
"""  # noqa: S608 no values


def find(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Stretches of minutes with so many receipts of a member at a store."""
    minutes = terms["minutes"]
    begin = period.since - dt.timedelta(minutes=minutes)
    rows = rows_of(_CLUSTERS, [begin, period.until, minutes, terms["least"], minutes])
    facts = receipt_facts([id_ for row in rows for id_ in row[4]])
    findings = []
    for member_id, store_id, mall_id, n, ids in rows:
        verdict = rules.at_least(n, terms, minutes=minutes)
        if verdict is not None:
            subject = Subject(member_id=member_id, store_id=store_id, mall_id=mall_id)
            found = tuple(facts[id_] for id_ in ids)
            findings.append(Finding(patterns.SPLIT.code, subject, verdict, found, terms["least"]))
    return findings
