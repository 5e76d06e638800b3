"""Transactions at the boundary of a service: opened once, tried again when the database says so."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import (
    DEFAULT_DB_ALIAS,
    IntegrityError,
    OperationalError,
    connections,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper

from mallard.kernel.database.embedded import LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS
from mallard.kernel.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")

MAX_RETRIES = 3
BASE_DELAY_SECONDS = 0.02
RETRIED_SQLSTATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock


def atomic_retrying(service: Callable[P, R]) -> Callable[P, R]:
    """Run ``service`` in a transaction; on a deadlock, a serialization failure or a lost race for a
    key (`retry_when_raced`), run it again.

    At most `MAX_RETRIES` more times, after a short random delay that doubles; then the error is
    raised. Only the outermost boundary retries: the whole transaction was rolled back, so a
    nested call alone cannot repeat its part. Inside an open transaction the service simply takes
    part in it (no savepoint): an error there spoils the whole of it, as it should.

    The service must keep its effects in the database: anything else would happen twice.
    """

    @functools.wraps(service)
    def attempted(*args: P.args, **kwargs: P.kwargs) -> R:
        connection = connections[DEFAULT_DB_ALIAS]
        if not _is_outermost(connection):
            return service(*args, **kwargs)
        retries = 0
        while True:
            try:
                with transaction.atomic(durable=True):
                    return service(*args, **kwargs)
            except (OperationalError, IntegrityError) as error:
                if retries == MAX_RETRIES or not _is_retried(error):
                    raise
            retries += 1
            _sleep(BASE_DELAY_SECONDS * 2**retries * random.uniform(0.5, 1.5))  # noqa: S311 jitter

    return attempted


def _is_retried(error: OperationalError | IntegrityError) -> bool:
    if isinstance(error, OperationalError):
        return sqlstate(error) in RETRIED_SQLSTATES
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) in _raced_constraints


_raced_constraints: set[str] = set()


def retry_when_raced(*constraints: str) -> None:
    """Name unique constraints that two honest transactions may race for.

    The loser of such a race saw no row when it looked and met one when it wrote. Run again, it
    finds the winner's row and answers accordingly. A service that breaks such a constraint by
    itself fails all the same, after the last try.
    """
    _raced_constraints.update(constraints)


def _is_outermost(connection: BaseDatabaseWrapper) -> bool:
    """Whether no transaction is open, but for the one that Django wraps round a test."""
    if not connection.in_atomic_block:
        return True
    blocks = connection.atomic_blocks
    return bool(blocks) and getattr(blocks[-1], "_from_testcase", False)


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def sqlstate(error: BaseException) -> str | None:
    """The five-letter code that PostgreSQL gave an error wrapped by Django, if it gave one."""
    cause = error.__cause__
    return getattr(cause, "sqlstate", None)


@contextmanager
def statement_limits(
    *,
    statement_ms: int = STATEMENT_TIMEOUT_MS,
    lock_ms: int = LOCK_TIMEOUT_MS,
) -> Iterator[None]:
    """Other time limits for the statements of this block; 0 means none.

    For commands and jobs that may take long, and for requests that must not. Inside a transaction
    the limits hold until its end, whichever comes last, as PostgreSQL's SET LOCAL does.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    local = connection.in_atomic_block
    _set_limits(statement_ms, lock_ms, local=local)
    try:
        yield
    finally:
        if not local:
            _set_limits(STATEMENT_TIMEOUT_MS, LOCK_TIMEOUT_MS, local=False)


def _set_limits(statement_ms: int, lock_ms: int, *, local: bool) -> None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, %s), set_config('lock_timeout', %s, %s)",
            [str(statement_ms), local, str(lock_ms), local],
        )


def each_that_may(ids: Collection[UUID], act: Callable[[UUID], object]) -> list[UUID]:
    """``act`` on each of these rows, in one order for everybody and each in a savepoint; those for
    which it was refused stay as they are. Answers the others."""
    changed = []
    for id_ in sorted(ids):
        try:
            with transaction.atomic():
                act(id_)
        except DomainError:
            continue
        changed.append(id_)
    return changed
