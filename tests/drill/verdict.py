"""The tills' word against the database: what was lost, doubled, or does not add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.drill.acknowledged import Acknowledged
from tests.drill.expected import Expected, expected

Query = Callable[[str], Sequence[tuple[Any, ...]]]
"""Runs SQL on the database in question."""

RECEIPTS = """
    SELECT s.code, r.number, r.id::text, r.member_id::text,
           array_agg(a.tenant_points + a.mall_points ORDER BY a.revision)
    FROM sales_receipt r
    JOIN malls_store s ON s.id = r.store_id
    LEFT JOIN loyalty_assessment a ON a.receipt_id = r.id
    GROUP BY s.code, r.number, r.id, r.member_id
"""
RETURNS = """
    SELECT s.code, r.number, r.refund_minor
    FROM sales_return r JOIN malls_store s ON s.id = r.store_id
"""
WALLETS = """
    SELECT member_id::text, balance - owed, (
        SELECT coalesce(sum(remaining), 0)::bigint FROM ledger_lot l
        WHERE l.member_id = w.member_id)
    FROM ledger_wallet w
"""
STORE_DAYS = """
    SELECT s.code, d.business_day, d.receipts, d.member_receipts, d.net_minor,
           d.member_net_minor, d.discount_minor, d.returns, d.refund_minor, d.member_refund_minor
    FROM sales_storeday d JOIN malls_store s ON s.id = d.store_id
"""
EVENTS = """
    SELECT id::text, name, subject_id::text FROM outbox_event WHERE name LIKE 'sales.%'
"""


@dataclass
class Verdict:
    """Each list names what is wrong; all empty is green."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    balances: list[str] = field(default_factory=list)
    store_days: list[str] = field(default_factory=list)
    returns: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    @property
    def is_green(self) -> bool:
        return not any(vars(self).values())

    def __str__(self) -> str:
        counted = {name: len(found) for name, found in vars(self).items()}
        samples = {name: found[:3] for name, found in vars(self).items() if found}
        return f"{counted} {samples}"


def judge(
    place: dict[str, Any],
    said: Acknowledged,
    query: Query,
    *,
    heard: Path | None = None,
) -> Verdict:
    """Compare everything acknowledged with everything there is. ``heard``: the listener's file."""
    verdict = Verdict(contradicted=[str(found)[:600] for found in said.contradictions])
    wanted = expected(place, said.receipts, said.returns)
    rows = query(RECEIPTS)
    _judge_receipts(verdict, said, wanted, rows)
    _judge_balances(verdict, said, wanted, rows, query(WALLETS))
    _judge_returns(verdict, said, wanted, query(RETURNS), query)
    found = {(code, day): list(figures) for code, day, *figures in query(STORE_DAYS)}
    for key in sorted(found.keys() | wanted.store_days.keys()):
        if found.get(key) != wanted.store_days.get(key):
            verdict.store_days.append(f"{key}: {found.get(key)}, not {wanted.store_days.get(key)}")
    _judge_events(verdict, query(EVENTS), rows, query, heard)
    return verdict


def _judge_receipts(
    verdict: Verdict, said: Acknowledged, wanted: Expected, rows: Sequence[tuple[Any, ...]]
) -> None:
    there: dict[tuple[str, str], list[tuple[str, list[int]]]] = defaultdict(list)
    for code, number, receipt_id, _member, revisions in rows:
        there[code, number].append((receipt_id, revisions))
    for number, answers in said.answers.items():
        kept = there.pop(number, [])
        promised = {answer["receipt_id"] for answer in answers}
        if len(kept) > 1 or len(promised) > 1:
            verdict.doubled.append(f"{number}: {kept}, promised {sorted(promised)}")
        if not promised <= {receipt_id for receipt_id, _points in kept}:
            verdict.lost.append(f"{number}: promised {sorted(promised)}, there is {kept}")
        for receipt_id, revisions in kept:
            told = {a["points"] for a in answers if a["receipt_id"] == receipt_id}
            if not told <= set(revisions):
                verdict.points.append(f"{number}: told {sorted(told)}, assessed {revisions}")
            if revisions[-1] != wanted.points[number]:
                verdict.points.append(f"{number}: {revisions}, not {wanted.points[number]}")
    verdict.unasked += [f"{number}: {kept}" for number, kept in there.items()]


def _judge_balances(
    verdict: Verdict,
    said: Acknowledged,
    wanted: Expected,
    rows: Sequence[tuple[Any, ...]],
    wallets: Sequence[tuple[Any, ...]],
) -> None:
    phones: dict[str, str] = {}
    for code, number, _id, member_id, _revisions in rows:
        body = said.receipts.get((code, number))
        if body is None:
            continue
        phone = body["member"]["value"] if body.get("member") else None
        if (phone is None) != (member_id is None):
            verdict.balances.append(f"{code} {number}: {phone} became {member_id}")
        elif phone is not None and phones.setdefault(member_id, phone) != phone:
            verdict.balances.append(f"{code} {number}: {member_id} is not {phone}")
    found: Counter[str] = Counter()
    for member_id, balance, in_lots in wallets:
        if balance != in_lots:
            verdict.balances.append(f"{member_id}: wallet {balance}, lots {in_lots}")
        found[phones.get(member_id, member_id)] += balance
    for phone in sorted(found.keys() | wanted.balances.keys()):
        if found[phone] != wanted.balances.get(phone, 0):
            verdict.balances.append(f"{phone}: {found[phone]}, not {wanted.balances.get(phone)}")


def _judge_returns(
    verdict: Verdict,
    said: Acknowledged,
    wanted: Expected,
    rows: Sequence[tuple[Any, ...]],
    query: Query,
) -> None:
    counted = Counter((code, number) for code, number, _refund in rows)
    found = {(code, number): refund for code, number, refund in rows}
    for number, refund in wanted.refunds.items():
        if counted[number] == 0:
            verdict.lost.append(f"return {number}")
        elif counted[number] > 1:
            verdict.doubled.append(f"return {number}")
        elif not refund == found[number] == said.refunds.get(number, refund):
            verdict.returns.append(
                f"{number}: {found[number]}, told {said.refunds.get(number)}, not {refund}"
            )
    verdict.unasked += [f"return {number}" for number in found.keys() - wanted.refunds.keys()]
    [(waiting,)] = query("SELECT count(*) FROM sales_pendingreturn")
    if waiting:
        verdict.returns.append(f"{waiting} returns still wait for their sale")


def _judge_events(
    verdict: Verdict,
    events: Sequence[tuple[Any, ...]],
    rows: Sequence[tuple[Any, ...]],
    query: Query,
    heard: Path | None,
) -> None:
    announced = Counter(subject for _id, _name, subject in events)
    facts = [row[2] for row in rows] + [i for (i,) in query("SELECT id::text FROM sales_return")]
    verdict.events += [f"{i}: announced {announced[i]} times" for i in facts if announced[i] != 1]
    verdict.events += [f"{i}: no such fact" for i in announced.keys() - set(facts)]
    if heard is not None:
        known = {line.split()[0] for line in heard.read_text().splitlines()}
        missing = {event_id for event_id, _name, _subject in events} - known
        verdict.events += [f"{event_id}: never delivered" for event_id in missing]
