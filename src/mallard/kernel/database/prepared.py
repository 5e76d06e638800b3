"""Reads and writes of the busiest paths: one round trip, planned once.

A till's receipt is a batch of one, and at that size parsing and planning a statement costs more
than running it. These statements are bound by the server and prepared, which Django's cursors do
not do. Large batches are planned for what they hold, as Django would.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, transaction

SMALL_BATCH = 32
"""Longer arrays than this deserve a plan of their own."""


def fetch_rows(sql: LiteralString, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Execute one statement with ``%s`` parameters and return its rows, if it has any.

    Arrays need a cast (``%s::uuid[]``). ``sql`` is written by our code, never by a user. Runs on
    Django's connection, in its transaction, and raises Django's database errors.
    """
    is_small = all(len(x) <= SMALL_BATCH for x in parameters if isinstance(x, list))
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    driver: psycopg.Connection[Any] = connection.connection
    if driver.prepare_threshold is None:  # Django switches preparing off for its own cursors
        driver.prepare_threshold = 0
    started = time.monotonic()
    with connection.wrap_database_errors:
        try:
            cursor = psycopg.Cursor(driver)
            cursor.execute(sql, parameters or None, prepare=is_small)
            found = cursor.fetchall() if cursor.description is not None else []
            cursor.close()
        except BaseException:
            if connection.in_atomic_block:
                transaction.set_rollback(True)
            raise
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": f"{time.monotonic() - started:.3f}"})
    return found
