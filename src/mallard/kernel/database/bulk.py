"""Many rows in one statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import psycopg
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from psycopg import sql

from mallard.kernel.database.prepared import fetch_rows, flush, send, send_numbered

MAX_UNNEST_ROWS = 100_000
FEW_ROWS = 4
"""Up to so many rows are inserted value by value."""
SOME_ROWS = 100
"""Up to so many are inserted column by column, more are copied: COPY can't travel with others."""


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append ``rows`` to ``table`` with COPY (up to a hundred by INSERT), in Django's transaction.

    ``rows`` yields the values of ``columns`` in their order, as Python values (UUID, datetime,
    Decimal, bytes, list, None …; JSON as `psycopg.types.json.Jsonb`); it is read as it is sent, so
    a generator needs little memory. Returns the number of rows. All of them or none: outside a
    transaction the statement is its own. Columns left out take the database's default, not
    Django's. Raises Django's database errors (IntegrityError …).
    """
    remaining = iter(rows)
    first = list(islice(remaining, SOME_ROWS + 1))
    if len(first) <= FEW_ROWS:
        return _insert_few(table, tuple(columns), first)
    if len(first) <= SOME_ROWS and (statement := _columns_statement(table, tuple(columns))):
        return _insert_some(statement, len(columns), first)
    copying = sql.SQL("COPY {} ({}) FROM STDIN").format(
        _table(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    width = len(columns)
    flush()
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.wrap_database_errors, connection.cursor() as cursor:
        driver = _driver_cursor(cursor)
        count = 0
        try:
            with driver.copy(copying) as copy:
                for row in chain(first, remaining):
                    if len(row) != width:
                        raise ValueError(_wrong_width(count, row, width))
                    copy.write_row(row)
                    count += 1
        except BaseException:
            _spoil(connection)
            raise
    return count


def _insert_few(table: str, columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> int:
    """A handful of rows: one prepared INSERT is one round trip, COPY takes two and a plan."""
    _check_widths(rows, len(columns))
    if rows:
        send(_insert_statement(table, columns, len(rows)), list(chain.from_iterable(rows)))
    return len(rows)


def _insert_some(statement: str, width: int, rows: Sequence[Sequence[Any]]) -> int:
    """Dozens of rows: one array a column, one statement for any number of them."""
    _check_widths(rows, width)
    send_numbered(statement, [list(column) for column in zip(*rows, strict=True)])
    return len(rows)


def _check_widths(rows: Sequence[Sequence[Any]], width: int) -> None:
    for count, row in enumerate(rows):
        if len(row) != width:
            raise ValueError(_wrong_width(count, row, width))


@lru_cache(maxsize=1_000)
def _columns_statement(table: str, columns: tuple[str, ...]) -> str | None:
    """The INSERT that takes an array a column; None where we do not know a column's type, or it is
    an array itself."""
    types = [_types_of(table).get(column, "[]") for column in columns]
    if any(kind.endswith("[]") for kind in types):
        return None
    arrays = (sql.SQL(f"${n}::{kind}[]") for n, kind in enumerate(types, 1))
    statement = sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({})").format(
        _table(table), sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join(arrays)
    )
    return statement.as_string()


@lru_cache(maxsize=1_000)
def _types_of(table: str) -> dict[str, str]:
    """The type of each column of a model's table, without its length: an explicit cast would cut
    off what is too long."""
    connection = connections[DEFAULT_DB_ALIAS]
    return {
        field.column or "": re.sub(r"\(.*\)", "", field.db_type(connection) or "[]")
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table == table
        for field in model._meta.local_concrete_fields
    }


@lru_cache(maxsize=1_000)
def _insert_statement(table: str, columns: tuple[str, ...], count: int) -> str:
    row = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        _table(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([row] * count),
    )
    return statement.as_string()


def _wrong_width(number: int, row: Sequence[Any], width: int) -> str:
    return f"row {number} has {len(row)} values, not {width}"


def insert_unnest(
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[Any]],
    *,
    on_conflict: str = "",
    returning: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Insert ``rows`` with one INSERT … SELECT FROM unnest(…), where COPY cannot: for ON CONFLICT
    and RETURNING.

    ``columns`` are pairs of name and SQL type (``("amount", "bigint")``); at most
    `MAX_UNNEST_ROWS` rows. ``on_conflict`` is SQL text written by the caller's code, never by a
    user (``"ON CONFLICT (key) DO NOTHING"``). Returns the ``returning`` columns of the rows
    inserted or updated, in no promised order. One statement whatever the number of rows, so the
    server parses and plans it once.
    """
    if len(rows) > MAX_UNNEST_ROWS:
        raise ValueError(f"{len(rows)} rows; at most {MAX_UNNEST_ROWS} at once")
    if not rows:
        return []
    statement = _unnest_statement(table, tuple(columns), on_conflict, tuple(returning))
    values = [list(column) for column in zip(*rows, strict=True)]
    if returning:
        return fetch_rows(statement, values)
    send(statement, values)
    return []


@lru_cache(maxsize=1_000)
def _unnest_statement(
    table: str, columns: tuple[tuple[str, str], ...], on_conflict: str, returning: tuple[str, ...]
) -> str:
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _type in columns)
    arrays = sql.SQL(", ").join(
        sql.SQL("{}::{}[]").format(sql.Placeholder(), sql.SQL(kind)) for _name, kind in columns
    )
    statement = sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({}) {}").format(
        _table(table),
        names,
        arrays,
        sql.SQL(on_conflict),
    )
    if returning:
        statement += sql.SQL(" RETURNING {}").format(
            sql.SQL(", ").join(map(sql.Identifier, returning))
        )
    return statement.as_string()


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


def _driver_cursor(cursor: Any) -> psycopg.Cursor[Any]:
    """Psycopg's cursor under Django's wrapper."""
    driver: psycopg.Cursor[Any] = cursor.cursor
    return driver


def _spoil(connection: Any) -> None:
    """Mark the surrounding atomic block as failed: PostgreSQL refuses further statements in it."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)
