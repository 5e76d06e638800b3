"""One POS receipt over HTTP against a view that returns a constant, on the same server."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import tempfile
import time
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from mallard.bench.api.generators import Load, generator_name, send
from mallard.bench.api.place import BenchPlace, make_place
from mallard.bench.api.server import Web, web_server
from mallard.bench.registry import Outcome
from mallard.bench.scratch import scratch_database

CLIENTS = (1, 8, 32)
ROUNDS = 5
"""Product and reference take turns; the ratio is the median of the rounds' ratios."""
SECONDS = 3
WARM_UP_SECONDS = 2
GOAL = 0.25
LATENCY_CLIENTS = 8
LATENCY_LIMIT_MS = 50.0
LATENCY = f"{LATENCY_CLIENTS} clients: p99 in ms; ratio to a limit of {LATENCY_LIMIT_MS:.0f}"

RECEIPT = "/api/v1/receipts"
CONSTANT = "/bench/constant"


def run() -> Outcome:
    """Start the server on a scratch database and let the rounds take turns."""
    with (
        scratch_database() as database,
        tempfile.TemporaryDirectory(prefix="mallard-bench-") as folder,
    ):
        place = make_place()
        with web_server(database, Path(folder)) as web:
            return _Run(web, place, database, Path(folder)).outcome()


class _Run:
    def __init__(self, web: Web, place: BenchPlace, database: dict[str, Any], folder: Path) -> None:
        self._web = web
        self._place = place
        self._database = database
        self._folder = folder
        self._runs = 0
        self._answered = 0

    def outcome(self) -> Outcome:
        figures: dict[str, float] = {}
        reference: dict[str, float] = {}
        ratio: dict[str, float] = {}
        details: dict[str, Any] = {}
        for clients in CLIENTS:
            name = f"{clients} client{'s' if clients > 1 else ''}"
            rounds, shares = self._rounds(clients)
            figures[name] = round(statistics.median(mine.per_second for mine, _ in rounds), 1)
            reference[name] = round(statistics.median(its.per_second for _, its in rounds), 1)
            ratio[name] = round(
                statistics.median(mine.per_second / its.per_second for mine, its in rounds), 3
            )
            p99 = statistics.median(mine.p99_ms for mine, _ in rounds)
            details[name] = {
                "receipt_p50_ms": round(statistics.median(m.p50_ms for m, _ in rounds), 2),
                "receipt_p99_ms": round(p99, 2),
                "constant_p99_ms": round(statistics.median(i.p99_ms for _, i in rounds), 2),
                "cpu_share": shares,
            }
            if clients == LATENCY_CLIENTS:
                figures[LATENCY] = round(p99, 2)
                reference[LATENCY] = LATENCY_LIMIT_MS
                ratio[LATENCY] = round(LATENCY_LIMIT_MS / p99, 3)
        goal = {name: GOAL for name in figures if name != LATENCY} | {LATENCY: 1.0}
        notes = {
            "latency_and_cpu": details,
            "generator": generator_name(),
            "rows": self._rows_written(),
            "server": {name: version(name) for name in ("granian", "django-ninja", "pydantic")},
        }
        return Outcome("api", "requests a second", figures, reference, ratio, goal, notes)

    def _rounds(self, clients: int) -> tuple[list[tuple[Load, Load]], dict[str, float]]:
        """(receipts, constants) of each round, and who used the processor for the receipts."""
        for path in (RECEIPT, CONSTANT):
            self._send(path, clients, WARM_UP_SECONDS)
        rounds = []
        used = {"generator": 0.0, "web": 0.0}
        whole = 0.0
        for number in range(ROUNDS):
            loads: dict[str, Load] = {}
            for path in (RECEIPT, CONSTANT) if number % 2 else (CONSTANT, RECEIPT):
                web, began = self._web.cpu_seconds(), time.monotonic()
                loads[path] = self._send(path, clients, SECONDS)
                if path == RECEIPT:
                    used["web"] += self._web.cpu_seconds() - web
                    used["generator"] += loads[path].cpu_seconds
                    whole += (time.monotonic() - began) * (os.cpu_count() or 1)
            rounds.append((loads[RECEIPT], loads[CONSTANT]))
        return rounds, {name: round(seconds / whole, 3) for name, seconds in used.items()}

    def _send(self, path: str, clients: int, seconds: int) -> Load:
        self._runs += 1
        request = asdict(self._place) | {
            "port": self._web.port,
            "path": path,
            "run": f"run{self._runs}",
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        }
        load = send(request, clients=clients, seconds=seconds, folder=self._folder)
        if load.refused or load.broken or not load.answers:
            raise RuntimeError(f"{path} was not answered as it should be: {load}")
        if path == RECEIPT:
            self._answered += load.answers
        return load

    def _rows_written(self) -> dict[str, int]:
        """Every answered receipt must be there; the last of each run may have lost its reader."""
        with psycopg.connect(**self._database) as connection:
            counts = connection.execute(
                "SELECT (SELECT count(*) FROM sales_receipt),"
                " (SELECT count(*) FROM sales_receiptline), (SELECT count(*) FROM ledger_transfer)"
            ).fetchall()
        [(receipts, lines, transfers)] = counts
        unread = receipts - self._answered
        if not 0 <= unread <= self._runs * max(CLIENTS):
            raise RuntimeError(f"{self._answered} receipts answered, {receipts} written")
        return {
            "answered": self._answered,
            "receipts": receipts,
            "lines": lines,
            "transfers": transfers,
        }
