"""Friends whom a member brought, who bought once at one store and never again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.findings import Finding, Period, Subject
from mallard.value.watch.finding.statements import PERSONS, receipt_facts, rows_of

# Of every friend brought: when, how many receipts they have in all, and where the last one was.
_BROUGHT = f"""
    WITH {PERSONS}, brought AS (
        SELECT COALESCE(p.person, b.from_member_id) AS referrer,
            COALESCE(q.person, b.to_member_id) AS friend, b.since
        FROM members_relation b
        LEFT JOIN persons p ON p.record = b.from_member_id
        LEFT JOIN persons q ON q.record = b.to_member_id
        WHERE b.kind = 'referral' AND b.ended_at IS NULL AND b.since >= %s AND b.since < %s
    ), records AS (
        SELECT b.*, b.friend AS record FROM brought b
        UNION ALL
        SELECT b.*, p.record FROM brought b JOIN persons p ON p.person = b.friend
    )
    SELECT f.referrer, f.since, f.n, f.receipt_id, f.occurred_at, f.store_id, s.mall_id
    FROM (
        SELECT x.referrer, x.friend, x.since, count(r.id) AS n,
            (array_agg(r.id ORDER BY r.occurred_at DESC))[1] AS receipt_id,
            max(r.occurred_at) AS occurred_at,
            (array_agg(r.store_id ORDER BY r.occurred_at DESC))[1] AS store_id
        FROM records x LEFT JOIN sales_receipt r
            ON r.member_id = x.record AND r.occurred_at < %s
        WHERE x.referrer <> x.friend GROUP BY 1, 2, 3
    ) f LEFT JOIN malls_store s ON s.id = f.store_id
"""  # noqa: S608 no values


def find(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Members who brought so many friends who bought once at a store, and then never again."""
    ends = period.ends()
    window, quiet = (dt.timedelta(days=terms[code]) for code in ("days", "quiet"))
    rows = rows_of(_BROUGHT, [min(ends) - window, max(ends), period.until])
    by_referrer: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for referrer, *friend in rows:
        by_referrer[referrer].append(tuple(friend))
    findings = []
    for referrer, friends in by_referrer.items():
        for end in ends:
            brought = [one for one in friends if end - window <= one[0] < end]
            once: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
            for _since, n, receipt_id, at, store_id, mall_id in brought:
                if n == 1 and at <= end - quiet:
                    once[store_id, mall_id].append(receipt_id)
            for (store_id, mall_id), ids in once.items():
                verdict = rules.at_least(
                    len(ids), terms, days=terms["days"], brought=len(brought), quiet=terms["quiet"]
                )
                if verdict is None:
                    continue
                subject = Subject(member_id=referrer, store_id=store_id, mall_id=mall_id)
                facts = tuple(receipt_facts(ids).values())
                findings.append(
                    Finding(patterns.FRIENDS.code, subject, verdict, facts, terms["least"])
                )
    return findings
