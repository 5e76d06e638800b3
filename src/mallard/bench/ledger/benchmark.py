"""Accruals through the ledger's service against the same rows by hand-written SQL."""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from mallard.bench.machine import measured_load
from mallard.bench.registry import Outcome
from mallard.bench.scratch import scratch_database
from mallard.kernel.access.actor import system
from mallard.kernel.ids import uuid7

if TYPE_CHECKING:
    from mallard.value.ledger.types import Accrual

ACTOR = system("bench ledger")
MEMBERS = 1_000
FUNDERS = 22
ROUNDS = 7
"""Product and reference take turns this often; the ratio is the median of the rounds' ratios, so
that a neighbour's burst of work spoils one round and not the figure."""


@dataclass(frozen=True, slots=True)
class Workload:
    """``batches`` calls of ``size`` accruals in each round."""

    name: str
    size: int
    batches: int
    is_hot: bool = False
    is_replay: bool = False
    goal: float | None = None


WORKLOADS = (
    Workload("one by one", 1, 400, goal=0.6),
    Workload("one by one, one hot member", 1, 400, is_hot=True, goal=0.5),
    Workload("batches of 100", 100, 30, goal=0.7),
    Workload("batches of 100, one hot member", 100, 30, is_hot=True, goal=0.5),
    Workload("batches of 1,000", 1_000, 4, goal=0.7),
    Workload("batches of 1,000, one hot member", 1_000, 4, is_hot=True, goal=0.5),
    Workload("replay of known keys, one by one", 1, 200, is_replay=True),
    Workload("replay of known keys, batches of 1,000", 1_000, 4, is_replay=True),
)


def run() -> Outcome:
    """Run all workloads in a scratch database."""
    with scratch_database() as arguments:
        with measured_load() as load:
            outcome = _Run(arguments).outcome()
        outcome.notes["load"] = load
        return outcome


class _Run:
    def __init__(self, arguments: dict[str, Any]) -> None:
        from mallard.bench.ledger.reference import Reference
        from mallard.value.ledger import services
        from mallard.value.ledger.models import FunderKind

        self._services = services
        self._random = random.Random(1)  # noqa: S311 a repeatable workload
        self._members = _make_members(MEMBERS)
        self._funders = [services.open_funder(FunderKind.TENANT, uuid7()) for _ in range(FUNDERS)]
        wallets = services.open_wallets(self._members, actor=ACTOR)
        self._reference = Reference(arguments, wallets)

    def outcome(self) -> Outcome:
        figures: dict[str, float] = {}
        reference: dict[str, float] = {}
        ratio: dict[str, float] = {}
        try:
            for workload in WORKLOADS:
                rounds = self._rounds(workload)
                figures[workload.name] = round(statistics.median(mine for mine, _ in rounds), 1)
                reference[workload.name] = round(statistics.median(its for _, its in rounds), 1)
                ratio[workload.name] = round(
                    statistics.median(mine / its for mine, its in rounds), 3
                )
            rows = self._rows_written()
        finally:
            self._reference.close()
        goal = {w.name: w.goal for w in WORKLOADS if w.goal is not None}
        notes = {"rows": rows, "settings": _server_settings(), "reference_sql": _reference_sql()}
        return Outcome("ledger", "accruals a second", figures, reference, ratio, goal, notes)

    def _rounds(self, workload: Workload) -> list[tuple[float, float]]:
        """Accruals a second of product and reference, round by round; one unmeasured round first
        fills caches and prepares statements."""
        rounds = []
        for number in range(ROUNDS + 1):
            mine = self._batches("product", workload)
            theirs = self._batches("reference", workload)
            if workload.is_replay:
                self._post(mine)
                for batch in theirs:
                    self._reference.post(batch)
            turns = (
                partial(self._post, mine),
                partial(self._post_reference, workload, theirs),
            )
            order = turns if number % 2 else turns[::-1]
            seconds = {turn: _timed(turn) for turn in order}
            amount = workload.size * workload.batches
            if number:
                rounds.append((amount / seconds[turns[0]], amount / seconds[turns[1]]))
        return rounds

    def _post(self, batches: Sequence[Sequence[Accrual]]) -> None:
        for batch in batches:
            self._services.post_accruals(batch, actor=ACTOR)

    def _post_reference(self, workload: Workload, batches: Sequence[Sequence[Accrual]]) -> None:
        post = self._reference.replay if workload.is_replay else self._reference.post
        for batch in batches:
            post(batch)

    def _batches(self, side: str, workload: Workload) -> list[list[Accrual]]:
        hot = self._members[0]
        return [
            [
                self._accrual(side, hot if workload.is_hot else self._random.choice(self._members))
                for _ in range(workload.size)
            ]
            for _ in range(workload.batches)
        ]

    def _accrual(self, side: str, member_id: UUID) -> Accrual:
        from mallard.value.ledger.types import Accrual

        source_id, at = uuid7(), dt.datetime.now(dt.UTC)
        return Accrual(
            key=f"{side}:{source_id}:0",
            member_id=member_id,
            funder_id=self._random.choice(self._funders),
            points=self._random.randint(1, 500),
            source_kind="benchmark",
            source_id=source_id,
            reason="1 point for each 1.00",
            occurred_at=at,
            recorded_at=at,
            matures_at=at + dt.timedelta(days=7),
            expires_at=at + dt.timedelta(days=730),
            group_id=source_id,
        )

    def _rows_written(self) -> dict[str, dict[str, int]]:
        """Rows on either side, which must be as many; and the books must agree afterwards."""
        from mallard.value.ledger.statements import run as execute
        from mallard.value.ledger.verification import verify

        found = {
            side: {"transfers": transfers, "lots": lots}
            for side, transfers, lots in execute(
                "SELECT split_part(t.key, ':', 1), count(*), count(l.transfer_id) "
                "FROM ledger_transfer t LEFT JOIN ledger_lot l ON l.transfer_id = t.id GROUP BY 1",
                [],
            )
        }
        if found["product"] != found["reference"]:
            raise AssertionError(f"the two sides wrote different rows: {found}")
        wrong = [check for check in verify().checks if check.wrong]
        if wrong:
            raise AssertionError(f"the books do not agree after the benchmark: {wrong}")
        return found


def _timed(turn: Callable[[], None]) -> float:
    started = time.perf_counter()
    turn()
    return time.perf_counter() - started


def _make_members(count: int) -> list[UUID]:
    from mallard.kernel.clock import now
    from mallard.kernel.provenance import Origin
    from mallard.world.members.models import Member

    made = [
        Member(number=f"B{number:07}", joined_at=now(), origin=Origin.GENERATED)
        for number in range(count)
    ]
    Member.objects.bulk_create(made)
    return [member.id for member in made]


def _server_settings() -> dict[str, str]:
    from mallard.value.ledger.statements import run as execute

    names = "{server_version,fsync,synchronous_commit,full_page_writes,shared_buffers}"
    return dict(
        execute("SELECT name, setting FROM pg_settings WHERE name = ANY ($1::text[])", [names])
    )


def _reference_sql() -> str:
    from mallard.bench.ledger import reference

    return "\n".join((reference.ONE, reference.MANY, reference.KNOWN))
