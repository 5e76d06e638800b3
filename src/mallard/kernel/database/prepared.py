"""Statements of the busiest paths: planned once, few round trips, next to nothing in Python.

A till's receipt is a batch of one, and at that size parsing, planning, adapting parameters and
waiting for each answer cost more than the rows. So these statements go to libpq directly: prepared
by the server, parameters as text, and those whose answer is not needed at once (`send`, `ask`) wait
for one that is and travel with it in one go (libpq's pipeline).

A prepared statement keeps one plan that serves any parameters (`PLAN_ONCE`, said when a connection
opens): left to itself the server planned several of them anew for every receipt, for a guess of
fewer rows that were not fewer. ANALYZE makes it plan again. Arrays longer than `SMALL_BATCH` are
planned for themselves.

They run on Django's connection, in its transaction, and raise Django's database errors. Values of
our code only, in a statement of our code: ``sql`` is never written by a user.
"""

from __future__ import annotations

import select
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, LiteralString, NamedTuple, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from psycopg import abc, pq
from psycopg.adapt import Transformer

from mallard.kernel.database.backend.base import DatabaseWrapper
from mallard.kernel.database.backend.plans import PLAN_ANEW, PLAN_ONCE
from mallard.kernel.database.literals import text_of

SMALL_BATCH = 32
"""Longer arrays than this deserve a plan of their own."""

Row = tuple[Any, ...]


def fetch_rows(sql: LiteralString, parameters: Sequence[Any] = ()) -> list[Row]:
    """Execute one statement with ``%s`` parameters and return its rows, if it has any.

    Arrays need a cast (``%s::uuid[]``). Whatever `send` left waiting goes before it.
    """
    return _session().fetch(_statement(sql, parameters))


def fetch_rows_numbered(sql: str, parameters: Sequence[Any]) -> list[Row]:
    """The same with ``$1``-style parameters, always prepared: the statement's plan must be right
    for one row and for thousands."""
    return _session().fetch(_Statement(sql, [text_of(value) for value in parameters], True))


def ask(sql: LiteralString, parameters: Sequence[Any] = ()) -> Answer:
    """Execute one statement whose rows are wanted later.

    Inside `together` it waits until somebody takes an answer, or for the block's end; whatever
    goes wrong with it is raised there.
    """
    return _session().ask(_statement(sql, parameters))


def send(sql: LiteralString, parameters: Sequence[Any] = ()) -> None:
    """The same for a statement whose rows nobody wants."""
    ask(sql, parameters)


def send_numbered(sql: str, parameters: Sequence[Any]) -> None:
    """`send` as `fetch_rows_numbered` is to `fetch_rows`."""
    _session().ask(_Statement(sql, [text_of(value) for value in parameters], True))


@contextmanager
def together(*, until_commit: bool = False) -> Iterator[None]:
    """Let the statements `send` is given inside the block travel together.

    Their order is kept, also towards everything else that the block does on the connection. Needs
    an open transaction. Blocks may be nested; the outermost counts. ``until_commit``: what still
    waits at the block's end travels with the commit, where the transaction is the outermost one,
    and whatever goes wrong with it is raised there.
    """
    session = _session()
    if not session.wrapper.in_atomic_block:
        raise RuntimeError("statements travel together within a transaction")
    session.depth += 1
    try:
        if session.depth > 1:
            yield
        else:
            session.flush()  # what an earlier block left to the commit is none of this one's
            with session.wrapper.execute_wrapper(_flush_first):
                yield
                if not (until_commit and session.leave_to_commit()):
                    session.flush()
    except BaseException:
        if session.depth == 1:
            session.waiting.clear()
        raise
    finally:
        session.depth -= 1


def flush() -> None:
    """Execute what `send` left waiting, before something that goes past this module."""
    _session().flush()


def _flush_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    flush()
    return execute(sql, params, many, context)


class _Statement(NamedTuple):
    sql: str
    parameters: list[bytes | None]
    is_prepared: bool
    """False: planned anew, for its parameters."""


def _statement(sql: str, parameters: Sequence[Any]) -> _Statement:
    is_small = all(len(x) <= SMALL_BATCH for x in parameters if isinstance(x, list))
    return _Statement(_numbered(sql), [text_of(value) for value in parameters], is_small)


@lru_cache(maxsize=2_000)
def _numbered(sql: str) -> str:
    """``%s`` as ``$1``, ``$2`` …"""
    first, *rest = sql.split("%s")
    numbers = count(1)
    return "".join([first, *(f"${next(numbers)}{part}" for part in rest)]).replace("%%", "%")


_BEGIN = _Statement("BEGIN", [], True)
_COMMIT = _Statement("COMMIT", [], True)


@dataclass(slots=True, eq=False)
class Answer:
    """What a statement said, once it was executed."""

    _session: _Session
    statement: _Statement
    result: pq.abc.PGresult | None = None

    def rows(self) -> list[Row]:
        """The statement's rows; executes it with all that waits, if that has not happened yet."""
        if self.result is None:
            self._session.flush()
        if self.result is None:
            raise RuntimeError("the statement was dropped: its block had failed")
        return self._session.rows_of(self.result)


@dataclass(slots=True, eq=False)
class _Session:
    """One connection: what it has prepared, and what waits to be sent."""

    wrapper: DatabaseWrapper
    driver: psycopg.Connection[Any]
    transformer: abc.Transformer
    prepared: dict[str, bytes] = field(default_factory=dict)
    waiting: list[Answer] = field(default_factory=list)
    depth: int = 0

    def ask(self, statement: _Statement) -> Answer:
        """``statement``, when something is to be known, or at once outside `together`."""
        answer = Answer(self, statement)
        self.waiting.append(answer)
        if not self.depth:
            self.flush()
        return answer

    def fetch(self, statement: _Statement) -> list[Row]:
        """Everything that waits, then ``statement``; its rows."""
        answer = Answer(self, statement)
        self.waiting.append(answer)
        return answer.rows()

    def leave_to_commit(self) -> bool:
        """Let what waits travel with the commit; False where it is not this transaction's."""
        if self.wrapper.savepoint_ids:
            return False
        if self.wrapper.ending is None:
            self.wrapper.ending = self
            self.wrapper.execute_wrappers.append(_flush_first)
        return True

    def commit(self) -> None:
        """Everything that waits and the commit, in one round trip."""
        answers = self._take_leave()
        self._execute([*(answer.statement for answer in answers), _COMMIT])

    def drop(self) -> None:
        """Nothing of what waits: the transaction is rolled back."""
        self._take_leave()

    def _take_leave(self) -> list[Answer]:
        self.wrapper.execute_wrappers.remove(_flush_first)
        answers, self.waiting = self.waiting, []
        return answers

    def flush(self) -> None:
        """Everything that waits."""
        answers, self.waiting = self.waiting, []
        if answers:
            results = self._execute([answer.statement for answer in answers])
            for answer, result in zip(answers, results, strict=True):
                answer.result = result

    def rows_of(self, result: pq.abc.PGresult) -> list[Row]:
        if not result.nfields:
            return []
        self.transformer.set_pgresult(result)
        return self.transformer.load_rows(0, result.ntuples, tuple)

    def _execute(self, statements: list[_Statement]) -> list[pq.abc.PGresult]:
        wrapper = self.wrapper
        wrapper.validate_no_broken_transaction()
        started = time.monotonic()
        with wrapper.wrap_database_errors:
            try:
                results = self._results(statements)
            except BaseException:
                if wrapper.in_atomic_block:
                    transaction.set_rollback(True)
                raise
        if wrapper.queries_logged:
            took = f"{time.monotonic() - started:.3f}"
            for each in statements:
                wrapper.queries_log.append({"sql": each.sql, "time": took})
        return results

    def _results(self, statements: list[_Statement]) -> list[pq.abc.PGresult]:
        pgconn = self.driver.pgconn
        if pgconn.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError("the connection is closed")
        if not self.driver.autocommit and pgconn.transaction_status == pq.TransactionStatus.IDLE:
            # psycopg would do so at its first statement.
            return self._pipelined([_BEGIN, *statements])[1:]
        [first, *others] = statements
        name = self.prepared.get(first.sql)
        if others or name is None or not first.is_prepared:
            return self._pipelined(statements)
        result = pgconn.exec_prepared(name, first.parameters)  # type: ignore[arg-type]
        self._check(result)
        return [result]

    def _pipelined(self, statements: list[_Statement]) -> list[pq.abc.PGresult]:
        """Send all, then read all: one round trip. Nothing after a failed one is executed."""
        pgconn = self.driver.pgconn
        prepared: dict[str, bytes] = {}
        meanings: list[str | None] = []
        """Of each answer: the statement that was prepared, `_ROWS`, or None for no interest."""
        pgconn.enter_pipeline_mode()
        for sql, parameters, is_prepared in statements:
            if not is_prepared:
                pgconn.send_query_params(PLAN_ANEW, None)
                pgconn.send_query_params(sql.encode(), parameters)
                pgconn.send_query_params(PLAN_ONCE, None)
                meanings += [None, _ROWS, None]
                continue
            name = self.prepared.get(sql) or prepared.get(sql)
            if name is None:
                name = b"mallard_%d" % (len(self.prepared) + len(prepared))
                pgconn.send_prepare(name, sql.encode())
                prepared[sql] = name
                meanings.append(sql)
            pgconn.send_query_prepared(name, parameters)
            meanings.append(_ROWS)
        pgconn.pipeline_sync()
        found = _received(pgconn)
        pgconn.exit_pipeline_mode()
        results = []
        for meaning, result in zip(meanings, found, strict=True):
            self._check(result)
            if meaning is _ROWS:
                results.append(result)
            elif meaning is not None:
                self.prepared[meaning] = prepared[meaning]
        return results

    def _check(self, result: pq.abc.PGresult) -> None:
        if result.status in _FINE:
            return
        if self.driver.pgconn.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError("the server closed the connection")
        raise psycopg.errors.error_from_result(result)


_ROWS = "rows"
_FINE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


def _received(pgconn: pq.abc.PGconn) -> list[pq.abc.PGresult]:
    """The results of a pipeline, each statement's one."""
    poll = select.poll()
    poll.register(pgconn.socket, select.POLLIN | select.POLLOUT)
    while pgconn.flush():
        # Reading while we write: with both buffers full each side would wait for the other.
        [(_socket, events)] = poll.poll()
        if events & ~select.POLLOUT:
            pgconn.consume_input()
    poll.modify(pgconn.socket, select.POLLIN)
    results: list[pq.abc.PGresult] = []
    while True:
        while pgconn.is_busy():
            poll.poll()
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)


def _session() -> _Session:
    wrapper = cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])
    wrapper.ensure_connection()
    driver = wrapper.connection
    session: _Session | None = getattr(wrapper, _ATTRIBUTE, None)
    if session is None or session.driver is not driver:
        session = _Session(wrapper, driver, Transformer(driver))
        # On the wrapper, so that it ends with its thread.
        setattr(wrapper, _ATTRIBUTE, session)
    return session


_ATTRIBUTE = "mallard_session"
