from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.types.json import Jsonb

from mallard.kernel.database.bulk import (
    FEW_ROWS,
    MAX_UNNEST_ROWS,
    SOME_ROWS,
    copy_rows,
    insert_unnest,
)
from mallard.kernel.database.prepared import fetch_rows, together
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE parcel (id uuid PRIMARY KEY, name text, grams int CHECK"
            " (grams > 0), sent_at timestamptz, notes jsonb, tags text[], kept text DEFAULT 'yes')"
            " ON COMMIT DROP"
        )


def parcels() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, grams, kept FROM parcel ORDER BY name")
        return cursor.fetchall()


def test_copies_every_kind_of_value() -> None:
    identifier = uuid7()
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)

    written = copy_rows(
        "parcel",
        ["id", "name", "grams", "sent_at", "notes", "tags"],
        [(identifier, "茶\t\\N\n'", None, at, Jsonb({"a": [1]}), ["x", 'y"'])],
    )

    assert written == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, grams, sent_at, notes->'a'->0, tags, kept FROM parcel")
        row = cursor.fetchone()
    assert row[:4] == (identifier, "茶\t\\N\n'", None, at)
    assert row[5:] == (["x", 'y"'], "yes")


def test_reads_a_generator_and_says_how_many() -> None:
    rows = ((uuid7(), f"p{number}", 1) for number in range(5000))
    assert copy_rows("parcel", ["id", "name", "grams"], rows) == 5000
    assert len(parcels()) == 5000


@pytest.mark.parametrize("count", [1, FEW_ROWS, FEW_ROWS + 1, SOME_ROWS, SOME_ROWS + 1])
def test_any_number_of_rows_is_written_alike(count: int) -> None:
    at = dt.datetime(2026, 3, 2, 12, 0, 0, 123, tzinfo=dt.UTC)
    given = [
        (uuid7(), f'{number:03} "茶"\\\n,{{}}', None if number % 2 else 5, at, Jsonb([number]))
        for number in range(count)
    ]

    assert copy_rows("parcel", ["id", "name", "grams", "sent_at", "notes"], iter(given)) == count

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, grams, sent_at, notes->0, kept FROM parcel ORDER BY name")
        assert cursor.fetchall() == [(*row[:4], str(row[4].obj[0]), "yes") for row in given]


EVENT = ("id", "recorded_at", "name", "subject_id", "payload", "actor_kind", "request_id")


def an_event(name: str = 'p."茶"') -> tuple[object, ...]:
    at = dt.datetime(2026, 3, 2, 12, 0, 0, 123, tzinfo=dt.UTC)
    return uuid7(), at, name, uuid7(), Jsonb({"a": ['x"\\', None]}), "system", "{r,1}"


@pytest.mark.parametrize("count", [1, FEW_ROWS, FEW_ROWS + 1, SOME_ROWS, SOME_ROWS + 1])
def test_any_number_of_a_models_rows_is_written_alike(count: int) -> None:
    given = [an_event() for _ in range(count)]
    assert copy_rows("outbox_event", EVENT, iter(given)) == count
    found = OutboxEvent.objects.order_by("id").values_list(*EVENT)
    assert list(found) == [(*row[:4], row[4].obj, *row[5:]) for row in given]  # type: ignore[attr-defined]


@pytest.mark.parametrize("count", [FEW_ROWS, FEW_ROWS + 1, SOME_ROWS + 1])
def test_what_is_too_long_is_refused_not_cut_off(count: int) -> None:
    with pytest.raises(DatabaseError, match="too long"), transaction.atomic():
        copy_rows("outbox_event", EVENT, [an_event("n" * 200) for _ in range(count)])


def test_dozens_of_rows_travel_with_the_next_statement() -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic(), together():
        copy_rows("outbox_event", EVENT, [an_event() for _ in range(FEW_ROWS + 1)])
        assert fetch_rows("SELECT count(*) FROM outbox_event") == [(FEW_ROWS + 1,)]
    assert not any("COPY" in query["sql"] for query in queries)


@pytest.mark.parametrize("count", [FEW_ROWS + 1, SOME_ROWS + 1])
def test_columns_of_arrays_and_unknown_columns(count: int) -> None:
    copy_rows("parcel", ["id", "tags"], [(uuid7(), ["x"]) for _ in range(count)])
    assert len(parcels()) == count
    with pytest.raises(DatabaseError, match="colour"), transaction.atomic():
        copy_rows("outbox_event", ["id", "colour"], [(uuid7(), "red")] * count)


def test_no_rows_are_fine() -> None:
    assert copy_rows("parcel", ["id"], []) == 0
    assert insert_unnest("parcel", [("id", "uuid")], []) == []


def test_one_bad_row_refuses_all() -> None:
    same = uuid7()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows("parcel", ["id", "grams"], [(same, 1), (same, 2)])
    assert parcels() == []


def test_a_row_of_the_wrong_width_refuses_all() -> None:
    with pytest.raises(ValueError, match="row 1 has 1 values, not 2"), transaction.atomic():
        copy_rows("parcel", ["id", "grams"], [(uuid7(), 1), (uuid7(),)])
    assert parcels() == []


def test_an_error_of_the_source_refuses_all() -> None:
    def rows() -> Iterator[tuple[UUID, int]]:
        yield uuid7(), 1
        raise LookupError("file broke off")

    with pytest.raises(LookupError), transaction.atomic():
        copy_rows("parcel", ["id", "grams"], rows())
    assert parcels() == []


def test_names_are_quoted() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_rows("parcel; DROP TABLE parcel", ["id"], [(uuid7(),)])
    assert parcels() == []


def test_unnest_skips_conflicts_and_returns_what_is_new() -> None:
    known, new = uuid7(), uuid7()
    copy_rows("parcel", ["id", "name", "grams"], [(known, "known", 5)])

    returned = insert_unnest(
        "parcel",
        [("id", "uuid"), ("name", "text"), ("grams", "int")],
        [(known, "other", 6), (new, "new", None)],
        on_conflict="ON CONFLICT (id) DO NOTHING",
        returning=["id", "grams"],
    )

    assert returned == [(new, None)]
    assert parcels() == [(known, "known", 5, "yes"), (new, "new", None, "yes")]


def test_unnest_refuses_by_the_tables_checks() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_unnest("parcel", [("id", "uuid"), ("grams", "int")], [(uuid7(), 1), (uuid7(), 0)])
    assert parcels() == []


def test_unnest_is_bounded() -> None:
    with pytest.raises(ValueError, match="at most"):
        insert_unnest("parcel", [("grams", "int")], [(1,)] * (MAX_UNNEST_ROWS + 1))
    assert parcels() == []
