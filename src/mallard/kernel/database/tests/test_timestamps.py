"""Points in time are read as Django reads them, only faster."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DataError, connection
from django.db.backends.postgresql.psycopg_any import register_tzloader

from mallard.kernel.database.backend.timestamps import UtcLoader

pytestmark = pytest.mark.django_db

STATEMENT = """
SELECT '2026-02-28 23:59:59.999999+00'::timestamptz, '0001-01-01 00:00:00+00'::timestamptz,
       '2026-03-29 01:30:00.5+08'::timestamptz, '9999-12-31 23:59:59+00'::timestamptz,
       NULL::timestamptz, ARRAY['2026-01-01 00:00:00+00'::timestamptz]
"""


def read(statement: str, *, as_django_does: bool = False) -> Any:
    with connection.cursor() as cursor:
        if as_django_does:
            register_tzloader(dt.UTC, cursor.cursor)
        cursor.execute(statement)
        return cursor.fetchone()


def test_every_point_in_time_is_the_one_that_django_reads() -> None:
    ours = read(STATEMENT)
    assert ours == read(STATEMENT, as_django_does=True)
    assert {point.tzinfo for point in ours[:4]} == {dt.UTC}


def test_a_connection_reads_so() -> None:
    connection.ensure_connection()
    loader = connection.connection.adapters.get_loader(1184, 0)
    assert loader is UtcLoader


@pytest.mark.parametrize(
    "point", ["infinity", "20000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC"]
)
def test_what_python_has_no_word_for_is_refused(point: str) -> None:
    with pytest.raises(DataError):
        read(f"SELECT '{point}'::timestamptz")
