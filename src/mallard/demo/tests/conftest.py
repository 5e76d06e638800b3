"""The whole year, read once for the session: three seconds that every test here shares."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from mallard.demo.receipts import Year
from mallard.demo.source import open_source


@pytest.fixture(scope="session")
def source() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_source() as connection:
        yield connection


@pytest.fixture(scope="session")
def year(source: duckdb.DuckDBPyConnection) -> Year:
    return Year(source)
