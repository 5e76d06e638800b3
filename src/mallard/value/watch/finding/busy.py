"""A member with receipts in more stores in a day than one person shops in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.findings import Finding, Period, Subject
from mallard.value.watch.finding.statements import PERSONS, receipt_facts, rows_of

_DAYS = f"""
    WITH {PERSONS}
    SELECT COALESCE(p.person, r.member_id), r.business_day, count(DISTINCT r.store_id),
        array_agg(r.id)
    FROM sales_receipt r
    LEFT JOIN persons p ON p.record = r.member_id
    WHERE r.member_id IS NOT NULL AND r.occurred_at >= %s AND r.occurred_at < %s
    GROUP BY 1, 2 HAVING count(DISTINCT r.store_id) >= %s
"""  # noqa: S608 no values


def find(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Days on which a member collected in so many stores."""
    begin = period.since - dt.timedelta(days=1)  # a business day that began before
    rows = rows_of(_DAYS, [begin, period.until, terms["least"]])
    facts = receipt_facts([id_ for row in rows for id_ in row[3]])
    findings = []
    for member_id, _day, n, ids in rows:
        verdict = rules.at_least(n, terms)
        if verdict is not None:
            subject = Subject(member_id=member_id)
            found = tuple(facts[id_] for id_ in ids)
            findings.append(Finding(patterns.BUSY.code, subject, verdict, found, terms["least"]))
    return findings
