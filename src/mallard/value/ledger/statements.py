"""The way to the database for statements that write value: one round trip, whole columns at once.

The ledger's statements take their rows as arrays, one per column, so that a batch is one statement
whatever its size. They are bound by the server and prepared, which neither the ORM nor Django's
cursor does; both would cost more than the rows themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, transaction


def is_in_transaction() -> bool:
    """Whether a transaction is open on Django's connection."""
    return connections[DEFAULT_DB_ALIAS].in_atomic_block


def run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Execute one statement with ``$1``-style parameters and return its rows, if it has any.

    The statement is prepared: planning it anew would cost more than posting a hundred rows. Its
    joins must be right for one row and for thousands: from the arrays to tables by their keys.
    Runs on Django's connection, in its transaction, and raises Django's database errors.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    driver: psycopg.Connection[Any] = connection.connection
    if driver.prepare_threshold is None:  # Django switches preparing off for its own cursors
        driver.prepare_threshold = 0
    started = time.monotonic()
    with connection.wrap_database_errors:
        try:
            cursor = psycopg.RawCursor(driver)
            cursor.execute(sql, parameters, prepare=True)
            found = cursor.fetchall() if cursor.description is not None else []
            cursor.close()
        except BaseException:
            if connection.in_atomic_block:
                transaction.set_rollback(True)
            raise
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": f"{time.monotonic() - started:.3f}"})
    return found


def array(values: Iterable[Any]) -> str:
    """One column as a PostgreSQL array literal: UUIDs, integers, aware datetimes, text, None.

    JSON's and PostgreSQL's notations agree on all of these but control characters in text, so
    the fast JSON writer makes the literal.
    """
    column = values if isinstance(values, list) else list(values)
    literal = orjson.dumps(column)
    if b"\\" in literal:
        return "{" + ",".join(map(_quoted, column)) + "}"
    return "{" + literal[1:-1].decode() + "}"


def _quoted(value: Any) -> str:
    if value is None:
        return "NULL"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
