"""A member in two malls with no time to go from one to the other."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.findings import Finding, Period, Subject
from mallard.value.watch.finding.statements import PERSONS, receipt_facts, rows_of

_JUMPS = f"""
    WITH {PERSONS}, shown AS (
        SELECT r.id, s.mall_id, COALESCE(p.person, r.member_id) AS member, r.occurred_at
        FROM sales_receipt r JOIN malls_store s ON s.id = r.store_id
        LEFT JOIN persons p ON p.record = r.member_id
        WHERE r.member_id IS NOT NULL AND r.occurred_at >= %s AND r.occurred_at < %s
    ), beside AS (
        SELECT member, id, mall_id, occurred_at, lag(id) OVER w AS id_before,
            lag(mall_id) OVER w AS mall_before, lag(occurred_at) OVER w AS at_before
        FROM shown WINDOW w AS (PARTITION BY member ORDER BY occurred_at, id)
    )
    SELECT member, id_before, id, occurred_at,
        floor(extract(epoch FROM occurred_at - at_before) / 60)::int
    FROM beside
    WHERE mall_before <> mall_id AND occurred_at - at_before < make_interval(mins => %s)
"""  # noqa: S608 no values


def find(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Members who were in two malls within so many minutes, so many times."""
    ends = period.ends()
    window = dt.timedelta(days=terms["days"])
    rows = rows_of(_JUMPS, [min(ends) - window, max(ends), terms["minutes"]])
    by_member: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for member_id, *jump in rows:
        by_member[member_id].append(tuple(jump))
    findings = []
    for member_id, jumps in by_member.items():
        for end in ends:
            within = [jump for jump in jumps if end - window <= jump[2] < end]
            shortest = min((jump[3] for jump in within), default=0)
            verdict = rules.at_least(
                len(within), terms, days=terms["days"], minutes=terms["minutes"], shortest=shortest
            )
            if verdict is not None:
                facts = receipt_facts([id_ for jump in within for id_ in jump[:2]])
                findings.append(
                    Finding(
                        patterns.APART.code,
                        Subject(member_id=member_id),
                        verdict,
                        tuple(facts.values()),
                        terms["least"],
                    )
                )
    return findings
