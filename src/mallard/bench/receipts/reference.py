"""The rows of a run, loaded a second time by COPY: as fast as these tables take them at all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

CHUNK_BYTES = 1 << 20
# The demo's own bookkeeping is not the service's; jobs are the worker's.
FOREIGN = ("demo_", "procrastinate_", "django_")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that the service wrote: its columns (generated ones left out) and its key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def copy_out(self, first_transaction: int) -> sql.Composed:
        """Rows as the run left them that did not exist, or were others, before it."""
        return sql.SQL("COPY (SELECT {} FROM {} WHERE xmin::text::bigint >= {}) TO STDOUT").format(
            _names(self.columns), sql.Identifier(self.name), sql.Literal(first_transaction)
        )

    def copy_in(self, into: str | None = None) -> sql.Composed:
        return sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(into or self.name), _names(self.columns)
        )


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def tables(connection: psycopg.Connection[Any]) -> list[Table]:
    """Every table of the product, those that others refer to first."""
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(
        """
        SELECT c.table_name, c.column_name FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
        ORDER BY 1, ordinal_position
        """
    ):
        if not table.startswith(FOREIGN):
            columns.setdefault(table, []).append(column)
    keys: dict[str, list[str]] = {}
    for table, column in connection.execute(
        """
        SELECT i.indrelid::regclass::text, a.attname FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indisprimary
        """
    ):
        keys.setdefault(table, []).append(column)
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(columns, ()))
    for table, other in connection.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid <> confrelid"
    ):
        if table in columns and other in columns:
            order.add(table, other)
    return [
        Table(name, tuple(columns[name]), tuple(keys.get(name, ())))
        for name in order.static_order()
    ]


def next_transaction(connection: psycopg.Connection[Any]) -> int:
    """The id from which on every transaction is later than now."""
    row = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    return int(row[0]) if row else 0


def dump(
    connection: psycopg.Connection[Any], folder: Path, first_transaction: int
) -> dict[Table, int]:
    """Write the rows of the run to a file for each table; the row counts of those that have any."""
    written = {}
    for table in tables(connection):
        path = folder / table.name
        with path.open("wb") as file, connection.cursor() as cursor:
            with cursor.copy(table.copy_out(first_transaction)) as copy:
                for chunk in copy:
                    file.write(chunk)
            if cursor.rowcount:
                written[table] = cursor.rowcount
    return written


def clear_the_way(
    connection: psycopg.Connection[Any], folder: Path, written: Sequence[Table]
) -> None:
    """Delete the rows that the run only changed: COPY writes their last state as new rows."""
    for table in written:
        with connection.transaction():
            connection.execute(
                sql.SQL(
                    "CREATE TEMP TABLE arriving ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0"
                ).format(_names(table.columns), sql.Identifier(table.name))
            )
            _send(connection, table.copy_in("arriving"), folder / table.name)
            same = sql.SQL("({0}) IN (SELECT {0} FROM arriving)").format(_names(table.key))
            there = connection.execute(
                sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {})").format(
                    sql.Identifier(table.name), same
                )
            ).fetchone()
            if there and there[0]:
                connection.execute(
                    sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table.name), same)
                )


def copy_in(
    connection: psycopg.Connection[Any], folder: Path, written: Sequence[Table]
) -> dict[str, float]:
    """Load every table, each in a transaction of its own; the seconds by table."""
    seconds = {}
    for table in written:
        started = time.monotonic()
        with connection.transaction():
            _send(connection, table.copy_in(), folder / table.name)
        seconds[table.name] = round(time.monotonic() - started, 2)
    return seconds


def _send(connection: psycopg.Connection[Any], statement: sql.Composed, path: Path) -> None:
    with path.open("rb") as file, connection.cursor().copy(statement) as copy:
        while chunk := file.read(CHUNK_BYTES):
            copy.write(chunk)


def count(connection: psycopg.Connection[Any], written: Sequence[Table]) -> dict[str, int]:
    """All rows of each table."""
    found = {}
    for table in written:
        row = connection.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name))
        ).fetchone()
        found[table.name] = int(row[0]) if row else 0
    return found


@contextmanager
def twin(arguments: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """A copy of a database that nobody is connected to; gone afterwards."""
    admin = {**arguments, "dbname": "postgres"}
    with psycopg.connect(**admin, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(arguments["dbname"])
            )
        )
    try:
        yield {**arguments, "dbname": name}
    finally:
        with psycopg.connect(**admin, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )
