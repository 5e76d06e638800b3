"""A desk that gives one member the paper receipts of strangers, or points by hand.

Of a paper receipt the one counts who brought it in: a second person may have agreed, and where the
till had told the sale, the receipt itself names the till.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.cashiers import links_of
from mallard.value.watch.finding.findings import Fact, Finding, Period, Subject
from mallard.value.watch.finding.statements import PERSONS, receipt_facts, rows_of
from mallard.value.watch.models import FactKind
from mallard.world.staff.models import StaffUser

_ACTS = f"""
    WITH {PERSONS}, acts AS (
        SELECT b.asked_at AS at, b.asked_by_id AS staff, s.mall_id, b.member_id,
            'receipt' AS kind, b.receipt_id AS fact, 0::bigint AS points
        FROM counter_paperreceipt b JOIN malls_store s ON s.id = b.store_id
        WHERE b.state IN ('recorded', 'named') AND b.asked_at >= %s AND b.asked_at < %s
        UNION ALL
        SELECT q.asked_at, q.asked_by_id,
            CASE WHEN q.funder_kind = 'mall' THEN q.funder_id ELSE m.enrolled_mall_id END,
            q.member_id, 'change', t.id, q.points
        FROM wallets_pointsrequest q JOIN members_member m ON m.id = q.member_id
        JOIN LATERAL (
            SELECT id FROM ledger_transfer WHERE source_id = q.id ORDER BY id LIMIT 1
        ) t ON true
        WHERE q.kind = 'adjust' AND q.status = 'done' AND q.points > 0
            AND q.asked_at >= %s AND q.asked_at < %s
    )
    SELECT a.at, a.staff, a.mall_id, COALESCE(p.person, a.member_id), a.kind, a.fact, a.points
    FROM acts a LEFT JOIN persons p ON p.record = a.member_id
    WHERE a.staff IS NOT NULL
    ORDER BY a.at, a.fact
"""  # noqa: S608 no values
COUNTED = frozenset({FactKind.RECEIPT, FactKind.CHANGE})


@dataclass(frozen=True, slots=True)
class _Act:
    """Points that somebody at a desk gave a member. ``mall_id`` None: of no mall that is known."""

    at: dt.datetime
    staff_id: UUID
    mall_id: UUID | None
    member_id: UUID
    kind: str
    fact_id: UUID
    points: int


_Pair = tuple[UUID, UUID, UUID | None]
"""Staff, member, mall."""


def find(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Members to whom one person at a desk gives far more than others get, or who are that
    person."""
    ends = period.ends()
    window = dt.timedelta(days=terms["days"])
    begin, until = min(ends) - window, max(ends)
    acts = [_Act(*row) for row in rows_of(_ACTS, [begin, until, begin, until])]
    people = _people({act.staff_id for act in acts})
    links = links_of({(act.staff_id, act.member_id) for act in acts if act.staff_id in people})
    met: list[tuple[_Pair, rules.Verdict, Sequence[_Act]]] = []
    for end in ends:
        within = [act for act in acts if end - window <= act.at < end]
        met += [one for one in _met(within, links, terms) if one[0][0] in people]
    receipts = receipt_facts(
        [act.fact_id for _p, _v, theirs in met for act in theirs if act.kind == "receipt"]
    )
    return [
        Finding(
            patterns.DESK.code,
            Subject(member_id=member_id, staff_id=staff_id, mall_id=mall_id),
            verdict,
            tuple(_fact(act, receipts) for act in theirs),
            min(terms["least"], terms["own"]),
            COUNTED,
        )
        for (staff_id, member_id, mall_id), verdict, theirs in met
    ]


def _people(ids: Collection[UUID]) -> set[UUID]:
    """Those who are staff: what a system gives under its key is not a desk's doing."""
    return set(StaffUser.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _met(
    acts: Sequence[_Act], links: Mapping[tuple[UUID, UUID], str], terms: Mapping[str, int]
) -> list[tuple[_Pair, rules.Verdict, Sequence[_Act]]]:
    pairs: dict[_Pair, list[_Act]] = defaultdict(list)
    for act in acts:
        pairs[act.staff_id, act.member_id, act.mall_id].append(act)
    of_mall = Counter(act.mall_id for act in acts)
    of_member = Counter((act.mall_id, act.member_id) for act in acts)
    of_staff = Counter((act.mall_id, act.staff_id) for act in acts)
    members = Counter(mall_id for mall_id, _member in of_member)
    found: list[tuple[_Pair, rules.Verdict, Sequence[_Act]]] = []
    for (staff_id, member_id, mall_id), theirs in pairs.items():
        given = rules.Given(
            n=len(theirs),
            of_member=of_member[mall_id, member_id],
            of_recorder=of_staff[mall_id, staff_id],
            of_store=of_mall[mall_id],
            members=members[mall_id],
        )
        verdict = rules.at_desk(given, links.get((staff_id, member_id), ""), terms)
        if verdict is not None:
            found.append(((staff_id, member_id, mall_id), verdict, theirs))
    return found


def _fact(act: _Act, receipts: Mapping[UUID, Fact]) -> Fact:
    if act.kind == "receipt":
        return receipts[act.fact_id]
    return Fact(FactKind.CHANGE, act.fact_id, act.at, mall_id=act.mall_id, points=act.points)
