"""The demo's year through the POS batch service against COPY of the very rows that it wrote."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from mallard.bench.machine import measured_load
from mallard.bench.receipts import reference
from mallard.bench.registry import Outcome
from mallard.bench.scratch import scratch_database

if TYPE_CHECKING:
    from mallard.demo.load import Step

MOST_TIMES_COPY = 5.0
MOST_SECONDS = 300.0
VISITS = 155_848
MOST_VISITS_IN_SMALLEST_PART = 100


def run(*, part: float = 1.0) -> Outcome:
    """Load a ``part`` of the year (0 to 1; by time, from its beginning) in a scratch database."""
    visits = max(MOST_VISITS_IN_SMALLEST_PART, round(VISITS * part))
    with scratch_database() as arguments, tempfile.TemporaryDirectory() as folder:
        return _Run(arguments, Path(folder), visits).outcome()


class _Run:
    def __init__(self, arguments: dict[str, Any], folder: Path, visits: int) -> None:
        from mallard.demo.load import Manner, begin, run
        from mallard.demo.models import DemoLoad

        self._arguments = arguments
        self._folder = folder
        self._visits = visits
        self._stage = DemoLoad.Stage
        # A part is smaller than the year, and so is its share of a load's fixed costs.
        most = None if visits >= VISITS else visits
        self._load = lambda: run(begin(), manner=Manner(2, most_visits=most))
        self._steps: Generator[Step, None, None] = self._load()

    def outcome(self) -> Outcome:
        self._make_the_world()
        with self._connected() as connection:
            first = reference.next_transaction(connection)
        self._disconnect()
        with reference.twin(self._arguments, f"bench_twin_{os.getpid()}") as twin:
            with measured_load() as load:
                seconds = self._record()
            with self._connected() as connection:
                written = reference.dump(connection, self._folder, first)
                counts = reference.count(connection, list(written))
            with psycopg.connect(**twin, autocommit=True) as connection:
                reference.clear_the_way(connection, self._folder, list(written))
                with measured_load() as reference_load:
                    by_table = reference.copy_in(connection, self._folder, list(written))
                if reference.count(connection, list(written)) != counts:
                    raise RuntimeError("the reference did not write the rows of the service")
        copied = sum(by_table.values())
        whole, limit = f"{self._visits:,} visits", "against the time allowed"
        allowed = MOST_SECONDS * self._visits / VISITS
        return Outcome(
            "receipts",
            "seconds",
            figures={whole: round(seconds, 1), limit: round(seconds, 1)},
            reference={whole: round(copied, 1), limit: round(allowed, 1)},
            ratio={whole: round(seconds / copied, 2), limit: round(seconds / allowed, 2)},
            goal={whole: MOST_TIMES_COPY, limit: 1.0},
            notes={
                "rows": {table.name: rows for table, rows in written.items()},
                "receipts_per_second": round(counts["sales_receipt"] / seconds),
                "processes": {"service": 2, "reference": 1},
                "reference_seconds": by_table,
                "reference_sql": [table.copy_in().as_string() for table in written],
                "load": load,
                "reference_load": reference_load,
            },
            smaller_is_better=True,
        )

    def _make_the_world(self) -> None:
        """Malls, goods, programme and members: what is there before the first receipt."""
        for step in self._steps:
            if step.stage == self._stage.MEMBERS:
                break
        # Its processes hold connections, and a database in use cannot be copied. What is recorded
        # is recorded by a load that goes on here.
        self._steps.close()
        self._steps = self._load()

    def _record(self) -> float:
        """Record all receipts. The seconds from the moment at which a process has read the year
        to the last commit, the making of the inputs included."""
        started = None
        for step in self._steps:
            if started is None:
                started = time.monotonic()
            if step.done == step.total:
                seconds = time.monotonic() - started
                self._steps.close()  # waits for the processes, whose time is counted then
                return seconds
        raise RuntimeError("the load ended before its receipts did")

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(**self._arguments, autocommit=True)

    def _disconnect(self) -> None:
        from django.db import connections

        connections.close_all()
