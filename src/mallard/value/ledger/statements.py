"""The way to the database for statements that write value: one round trip, whole columns at once.

The ledger's statements take their rows as arrays, one per column, so that a batch is one statement
whatever its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from mallard.kernel.database.literals import array
from mallard.kernel.database.prepared import fetch_rows_numbered, send_numbered

__all__ = ["array", "is_in_transaction", "later", "run"]


def is_in_transaction() -> bool:
    """Whether a transaction is open on Django's connection."""
    return connections[DEFAULT_DB_ALIAS].in_atomic_block


def run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Execute one statement with ``$1``-style parameters and return its rows, if it has any.

    The statement is prepared: planning it anew would cost more than posting a hundred rows. Its
    joins must be right for one row and for thousands: from the arrays to tables by their keys.
    """
    return fetch_rows_numbered(sql, parameters)


def later(sql: str, parameters: Sequence[Any]) -> None:
    """The same without an answer: travels with the next statement that has one."""
    send_numbered(sql, parameters)
