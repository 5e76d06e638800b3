"""A store that gives far more points by hand, or long after the sale, than other stores do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.findings import Finding, Period, Subject
from mallard.value.watch.finding.statements import LOADED, receipt_facts, rows_of

LATE_HOURS = 24

_SHARES = """
    WITH counted AS (
        SELECT e.at, r.store_id, count(*) AS of_store,
            count(*) FILTER (WHERE r.source <> ALL(%s) AND (
                r.actor_kind = 'staff'
                OR r.recorded_at >= r.occurred_at + make_interval(hours => %s)
            )) AS n
        FROM unnest(%s::timestamptz[]) AS e(at)
        JOIN sales_receipt r ON r.occurred_at >= e.at - make_interval(days => %s)
            AND r.occurred_at < e.at
        WHERE r.member_id IS NOT NULL AND r.occurred_at >= %s AND r.occurred_at < %s
        GROUP BY 1, 2
    ), compared AS (
        SELECT at, store_id, n, of_store, sum(n) OVER w - n AS n_elsewhere,
            sum(of_store) OVER w - of_store AS of_elsewhere
        FROM counted WINDOW w AS (PARTITION BY at)
    )
    SELECT c.at, c.store_id, s.mall_id, c.n, c.of_store, c.n_elsewhere, c.of_elsewhere
    FROM compared c JOIN malls_store s ON s.id = c.store_id WHERE c.n >= %s
"""

_RECEIPTS = """
    SELECT r.id FROM sales_receipt r
    WHERE r.store_id = %s AND r.occurred_at >= %s AND r.occurred_at < %s
        AND r.member_id IS NOT NULL AND r.source <> ALL(%s) AND (
            r.actor_kind = 'staff'
            OR r.recorded_at >= r.occurred_at + make_interval(hours => %s)
        )
"""


def find(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Stores whose share of receipts by hand or late is far above that of the others."""
    ends = period.ends()
    window = dt.timedelta(days=terms["days"])
    parameters: list[Any] = [
        list(LOADED), LATE_HOURS, ends, terms["days"], min(ends) - window, max(ends),
        terms["least"],
    ]  # fmt: skip
    findings = []
    for at, store_id, mall_id, n, of_store, *elsewhere in rows_of(_SHARES, parameters):
        counts = rules.ByHand(n, of_store, int(elsewhere[0]), int(elsewhere[1]))
        verdict = rules.by_hand(counts, terms)
        if verdict is None:
            continue
        ids = rows_of(_RECEIPTS, [store_id, at - window, at, list(LOADED), LATE_HOURS])
        facts = receipt_facts([id_ for (id_,) in ids])
        subject = Subject(store_id=store_id, mall_id=mall_id)
        findings.append(
            Finding(patterns.BY_HAND.code, subject, verdict, tuple(facts.values()), terms["least"])
        )
    return findings
