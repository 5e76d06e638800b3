"""Many members' receipts recorded by hand within minutes, as from collected slips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.findings import Finding, Period, Subject
from mallard.value.watch.finding.statements import AT_A_DESK, PERSONS, receipt_facts, rows_of

LATEST = dt.timedelta(days=31)
"""Receipts are recorded by hand within a month of the sale, or nobody has the slip any more."""

_CLUSTERS = f"""
    WITH {PERSONS}, typed AS (
        SELECT r.id, r.store_id, r.actor_id, r.recorded_at, r.member_id
        FROM sales_receipt r
        WHERE r.member_id IS NOT NULL AND r.actor_kind = 'staff' AND r.actor_id IS NOT NULL
            AND r.source <> ALL(%s) AND r.occurred_at >= %s AND r.occurred_at < %s
            AND r.recorded_at >= %s AND r.recorded_at < %s
        UNION ALL
        SELECT b.receipt_id, b.store_id, b.asked_by_id, b.asked_at, b.member_id
        FROM counter_paperreceipt b
        WHERE b.state IN ('recorded', 'named') AND b.asked_by_id IS NOT NULL
            AND b.asked_at >= %s AND b.asked_at < %s
    ), shown AS (
        SELECT t.id, t.store_id, t.actor_id, t.recorded_at,
            COALESCE(p.person, t.member_id) AS member
        FROM typed t LEFT JOIN persons p ON p.record = t.member_id
    ), counted AS (
        SELECT store_id, actor_id, recorded_at, count(*) OVER (
            PARTITION BY store_id, actor_id ORDER BY recorded_at
            RANGE BETWEEN make_interval(mins => %s) PRECEDING AND CURRENT ROW
        ) AS n FROM shown
    ), ends AS (SELECT DISTINCT * FROM counted WHERE n >= %s)
    SELECT e.actor_id, e.store_id, s.mall_id, max(e.n), array_agg(DISTINCT r.id),
        count(DISTINCT r.member)
    FROM ends e
    JOIN shown r ON r.store_id = e.store_id AND r.actor_id = e.actor_id
        AND r.recorded_at <= e.recorded_at
        AND r.recorded_at >= e.recorded_at - make_interval(mins => %s)
    JOIN malls_store s ON s.id = e.store_id
    GROUP BY 1, 2, 3
"""  # noqa: S608 no values


def find(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Stretches of minutes in which one person recorded so many receipts by hand."""
    minutes = terms["minutes"]
    begin = period.since - dt.timedelta(minutes=minutes)
    parameters = [
        list(AT_A_DESK), begin - LATEST, period.until, begin, period.until, begin, period.until,
        minutes, terms["least"], minutes,
    ]  # fmt: skip
    rows = rows_of(_CLUSTERS, parameters)
    facts = receipt_facts([id_ for row in rows for id_ in row[4]])
    findings = []
    for actor_id, store_id, mall_id, n, ids, members in rows:
        verdict = rules.at_least(n, terms, minutes=minutes, members=members)
        if verdict is not None:
            subject = Subject(staff_id=actor_id, store_id=store_id, mall_id=mall_id)
            found = tuple(facts[id_] for id_ in ids)
            findings.append(Finding(patterns.BURST.code, subject, verdict, found, terms["least"]))
    return findings
