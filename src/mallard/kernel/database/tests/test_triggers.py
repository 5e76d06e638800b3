from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.state import ProjectState

from mallard.kernel.database.transactions import sqlstate
from mallard.kernel.database.triggers import REFUSAL_SQLSTATE, append_only

pytestmark = pytest.mark.django_db(transaction=True)


def apply(*, reverse: bool = False) -> None:
    operation = append_only("fact")
    state = ProjectState()
    with connection.schema_editor() as editor:
        run = operation.database_backwards if reverse else operation.database_forwards
        run("database", editor, state, state)


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def facts() -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM fact ORDER BY n")
        return cursor.fetchall()


@pytest.fixture(autouse=True)
def _append_only_table() -> Iterator[None]:
    run("CREATE TABLE fact (n int PRIMARY KEY)")
    run("INSERT INTO fact VALUES (1), (2)")
    apply()
    yield
    run("DROP TABLE fact")  # a table that stays costs every test a new copy of the database


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fact SET n = 9 WHERE n = 1",
        "UPDATE fact SET n = 9 WHERE n = 404",
        "DELETE FROM fact WHERE n = 1",
        "DELETE FROM fact",
        "TRUNCATE fact",
        "INSERT INTO fact VALUES (1) ON CONFLICT (n) DO UPDATE SET n = 9",
        "MERGE INTO fact USING (SELECT 1 AS m) ON n = m WHEN MATCHED THEN DELETE",
    ],
)
def test_edits_are_refused_and_change_nothing(statement: str) -> None:
    with pytest.raises(DatabaseError, match="fact is append-only") as caught:
        run(statement)
    assert sqlstate(caught.value) == REFUSAL_SQLSTATE
    assert facts() == [(1,), (2,)]


def test_rows_may_be_added() -> None:
    run("INSERT INTO fact VALUES (3) ON CONFLICT DO NOTHING")
    assert facts() == [(1,), (2,), (3,)]


def test_the_products_role_cannot_switch_triggers_off_for_a_session() -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        run("SET session_replication_role = replica")


def test_reverses() -> None:
    apply(reverse=True)
    run("DELETE FROM fact WHERE n = 1")
    assert facts() == [(2,)]
    apply()
    with pytest.raises(DatabaseError, match="append-only"):
        run("DELETE FROM fact")


@pytest.mark.parametrize("name", ["", 'a"b', "a%b"])
def test_odd_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a table name"):
        append_only(name)
