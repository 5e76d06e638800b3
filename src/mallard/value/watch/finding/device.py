"""Too much through one till, key or account within minutes.

A device is known by what the product records with every receipt and redemption: the key under
which a till comes in, or the account of who is signed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import ActorKind
from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.findings import Fact, Finding, Period, Subject
from mallard.value.watch.finding.statements import AT_A_DESK, PERSONS, receipt_facts, rows_of
from mallard.value.watch.models import FactKind

KINDS = [ActorKind.STAFF.value, ActorKind.API.value]

_CLUSTERS = """
    ), counted AS (
        SELECT store_id, mall_id, actor_id, at, count(*) OVER (
            PARTITION BY store_id, mall_id, actor_id ORDER BY at
            RANGE BETWEEN make_interval(mins => %s) PRECEDING AND CURRENT ROW
        ) AS n FROM shown
    ), ends AS (SELECT DISTINCT * FROM counted WHERE n >= %s)
    SELECT r.actor_kind, e.actor_id, e.store_id, e.mall_id, max(e.n), array_agg(DISTINCT r.id),
        count(DISTINCT r.member)
    FROM ends e
    JOIN shown r ON r.store_id IS NOT DISTINCT FROM e.store_id
        AND r.mall_id IS NOT DISTINCT FROM e.mall_id AND r.actor_id = e.actor_id
        AND r.at <= e.at AND r.at >= e.at - make_interval(mins => %s)
    GROUP BY 1, 2, 3, 4
"""

_RECEIPTS = f"""
    WITH {PERSONS}, shown AS (
        SELECT r.id, r.store_id, s.mall_id, r.actor_kind, r.actor_id, r.occurred_at AS at,
            COALESCE(p.person, r.member_id) AS member
        FROM sales_receipt r JOIN malls_store s ON s.id = r.store_id
        LEFT JOIN persons p ON p.record = r.member_id
        WHERE r.member_id IS NOT NULL AND r.actor_id IS NOT NULL AND r.actor_kind = ANY(%s)
            AND r.source <> ALL(%s) AND r.occurred_at >= %s AND r.occurred_at < %s
    {_CLUSTERS}
"""  # noqa: S608 no values

# One redemption may take from several funders and wallets: it counts once, by its first transfer.
_REDEMPTIONS = f"""
    WITH {PERSONS}, taken AS (
        SELECT DISTINCT ON (t.group_id) t.id, t.source_id, t.actor_kind, t.actor_id,
            t.occurred_at AS at, t.member_id
        FROM ledger_transfer t
        WHERE t.kind = 'redeem' AND t.actor_id IS NOT NULL AND t.actor_kind = ANY(%s)
            AND t.occurred_at >= %s AND t.occurred_at < %s
        ORDER BY t.group_id, t.id
    ), shown AS (
        SELECT t.id, NULL::uuid AS store_id, d.mall_id, t.actor_kind, t.actor_id, t.at,
            COALESCE(p.person, t.member_id) AS member
        FROM taken t
        LEFT JOIN rewards_redemption x ON x.id = t.source_id
        LEFT JOIN rewards_desk d ON d.id = x.desk_id
        LEFT JOIN persons p ON p.record = t.member_id
    {_CLUSTERS}
"""  # noqa: S608 no values

_TRANSFERS = """
    SELECT t.id, t.occurred_at, (SELECT sum(o.amount) FROM ledger_transfer o
        WHERE o.group_id = t.group_id AND o.kind = 'redeem')
    FROM ledger_transfer t WHERE t.id = ANY(%s::uuid[])
"""


def find(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Tills, keys and accounts with so many receipts of members, or redemptions, in minutes."""
    begin = period.since - dt.timedelta(minutes=terms["minutes"])
    return [*_receipts(begin, period.until, terms), *_redemptions(begin, period.until, terms)]


def _receipts(begin: dt.datetime, until: dt.datetime, terms: Mapping[str, int]) -> list[Finding]:
    minutes, least = terms["minutes"], terms["receipts"]
    rows = rows_of(_RECEIPTS, [KINDS, list(AT_A_DESK), begin, until, minutes, least, minutes])
    facts = receipt_facts([id_ for row in rows for id_ in row[5]])
    return _findings(rows, facts, FactKind.RECEIPT, least, minutes)


def _redemptions(begin: dt.datetime, until: dt.datetime, terms: Mapping[str, int]) -> list[Finding]:
    minutes, least = terms["minutes"], terms["redemptions"]
    rows = rows_of(_REDEMPTIONS, [KINDS, begin, until, minutes, least, minutes])
    malls = {id_: row[3] for row in rows for id_ in row[5]}
    facts = {
        id_: Fact(FactKind.TRANSFER, id_, at, mall_id=malls[id_], points=-int(points))
        for id_, at, points in (rows_of(_TRANSFERS, [list(malls)]) if malls else [])
    }
    return _findings(rows, facts, FactKind.TRANSFER, least, minutes)


def _findings(
    rows: list[tuple[Any, ...]],
    facts: Mapping[UUID, Fact],
    kind: FactKind,
    least: int,
    minutes: int,
) -> list[Finding]:
    found = []
    for actor_kind, actor_id, store_id, mall_id, n, ids, members in rows:
        is_staff = actor_kind == ActorKind.STAFF
        subject = Subject(
            staff_id=actor_id if is_staff else None,
            till_id=None if is_staff else actor_id,
            store_id=store_id,
            mall_id=mall_id,
        )
        verdict = rules.at_least(n, {"least": least}, minutes=minutes, members=members)
        if verdict is not None:
            evidence = tuple(facts[id_] for id_ in ids)
            found.append(
                Finding(patterns.DEVICE.code, subject, verdict, evidence, least, frozenset({kind}))
            )
    return found
