"""Derives every running figure again from the transfers and says where they differ.

Other apps register checks of their own rollups (`register_verification`), so that one command
answers for all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from mallard.kernel.database.transactions import statement_limits
from mallard.value.ledger import derivations
from mallard.value.ledger.statements import run

SAMPLES = 5

Verification = Callable[[], tuple[int, list[str]]]
"""Returns how many figures were derived, and a sentence for each one that differs."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: what it looked at, how many figures, how many differ, the first few of those."""

    name: str
    checked: int
    wrong: int
    samples: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class VerifyReport:
    checks: tuple[CheckResult, ...]

    @property
    def is_sound(self) -> bool:
        return all(check.wrong == 0 for check in self.checks)


_registered: dict[str, Verification] = {}


def register_verification(name: str, verification: Verification) -> None:
    """Let `verify` run a check of another app. Registering a name twice is a mistake."""
    if name in _registered or name in derivations.CHECKS:
        raise ValueError(f"verification {name} is registered twice")
    _registered[name] = verification


def verify() -> VerifyReport:
    """Run every check on one snapshot of the database; postings meanwhile do not disturb it."""
    with _one_snapshot(), statement_limits(statement_ms=0):
        checks = [_derive(name, sql) for name, sql in derivations.CHECKS.items()]
        checks += [_ask(name, verification) for name, verification in _registered.items()]
    return VerifyReport(tuple(checks))


def _derive(name: str, sql: str) -> CheckResult:
    started = time.monotonic()
    [(checked, wrong, samples)] = run(_counting(sql), [])
    return CheckResult(
        name, checked, wrong, tuple(samples or ()), round(time.monotonic() - started, 3)
    )


def _ask(name: str, verification: Verification) -> CheckResult:
    started = time.monotonic()
    checked, differences = verification()
    return CheckResult(
        name,
        checked,
        len(differences),
        tuple(differences[:SAMPLES]),
        round(time.monotonic() - started, 3),
    )


def _counting(sql: str) -> str:
    """Each derivation yields (what, is, should be); count them and keep the first that differ."""
    return f"""
    WITH derived (what, found, derived) AS ({sql}),
    wrong AS (SELECT * FROM derived WHERE found IS DISTINCT FROM derived)
    SELECT (SELECT count(*) FROM derived), (SELECT count(*) FROM wrong), (
        SELECT array_agg(what || ': ' || coalesce(found::text, '-') || ', derived '
            || coalesce(derived::text, '-'))
        FROM (SELECT * FROM wrong LIMIT {SAMPLES}) AS first
    )
    """  # noqa: S608 constant text


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """A read-only transaction that sees one moment. Inside an open transaction: as it is."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", [])
        yield
