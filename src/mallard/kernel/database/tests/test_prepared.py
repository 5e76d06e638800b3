from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from psycopg.types.json import Jsonb

from mallard.kernel.access.actor import ActorKind
from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.database.prepared import Answer, ask, fetch_rows, send, together
from mallard.kernel.ids import uuid7

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 2, 12, 30, 15, 250, tzinfo=dt.timezone(dt.timedelta(hours=8)))
INSERT = "INSERT INTO parcel (id, grams) VALUES (%s, %s)"
COUNT = "SELECT count(*) FROM parcel"


@pytest.fixture
def parcel() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE parcel (id int PRIMARY KEY, grams int CHECK (grams > 0))"
            " ON COMMIT DROP"
        )


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "茶 \\ \" ' {NULL} \t\n\x01 100 %s"),
        ("text", ""),
        ("text", "NULL"),
        ("int", -5),
        ("numeric", Decimal("0.235")),
        ("boolean", False),
        ("uuid", uuid7()),
        ("timestamptz", AT),
        ("date", dt.date(2026, 2, 28)),
        ("bytea", b"\x00\\'\xff"),
        ("jsonb", None),
    ],
)
def test_a_value_comes_back_as_it_went(kind: str, value: Any) -> None:
    sql = f"SELECT %s::{kind}, %s::{kind}[]"
    assert fetch_rows(sql, [value, [value, None, value]]) == [(value, [value, None, value])]  # type: ignore[arg-type]
    assert fetch_rows(sql, [value, []]) == [(value, [])]  # type: ignore[arg-type]


def test_enumerations_and_json_go_as_what_they_stand_for() -> None:
    sql = "SELECT %s::text, (%s::text[])[1], %s::jsonb ->> 'a'"
    assert fetch_rows(sql, [ActorKind.API, [ActorKind.API], Jsonb({"a": "茶"})]) == [
        ("api", "api", "茶")
    ]


@pytest.mark.parametrize("value", ["a\0b", ["a\0b"]])
def test_a_nul_character_is_refused_not_cut(value: Any) -> None:
    with pytest.raises(DataError):
        fetch_rows("SELECT %s::text", [value])


def test_long_arrays_are_taken_too() -> None:
    numbers = list(range(10_000))
    assert fetch_rows("SELECT sum(n) FROM unnest(%s::int[]) AS n", [numbers]) == [(sum(numbers),)]


def test_what_waits_is_done_before_whatever_comes_next(parcel: None) -> None:
    with transaction.atomic(), together():
        send(INSERT, [1, 5])
        before = ask(COUNT)
        send(INSERT, [2, 5])
        assert fetch_rows(COUNT) == [(2,)]
        assert before.rows() == [(1,)]
        send(INSERT, [3, 5])
        with connection.cursor() as cursor:
            cursor.execute(COUNT)
            assert cursor.fetchone() == (3,)
        send(INSERT, [4, 5])
        copy_rows("parcel", ["id", "grams"], [(number, 1) for number in range(10, 20)])
        with together():
            send(INSERT, [5, 5])
    assert fetch_rows(COUNT) == [(15,)]


def test_the_error_of_what_waited_is_raised_and_spoils_the_whole(parcel: None) -> None:
    def insert() -> None:
        with transaction.atomic(), together():
            send(INSERT, [1, 5])
            send(INSERT, [2, 0])
            send(INSERT, [3, 5])

    with pytest.raises(IntegrityError):
        insert()
    assert fetch_rows(COUNT) == [(0,)]


def test_nothing_that_waited_is_done_after_an_error_of_ours(parcel: None) -> None:
    class OursError(Exception):
        pass

    answers = []

    def fail() -> None:
        with together():
            send(INSERT, [1, 5])
            answers.append(ask(COUNT))
            raise OursError

    with transaction.atomic():
        with pytest.raises(OursError):
            fail()
        assert fetch_rows(COUNT) == [(0,)]
        with pytest.raises(RuntimeError, match="dropped"):
            answers[0].rows()


def test_statements_after_a_refused_one_work(parcel: None) -> None:
    def insert(grams: int) -> list[tuple[object, ...]]:
        with transaction.atomic(), together():
            send(INSERT, [1, grams])
            return fetch_rows("SELECT id, grams, 'not before' FROM parcel WHERE id = %s", [1])

    for _attempt in range(2):
        with pytest.raises(IntegrityError):
            insert(0)
    assert insert(5) == [(1, 5, "not before")]


@pytest.mark.django_db(transaction=True)
def test_statements_travel_only_within_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"), together():
        pass


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_noticed_and_replaced() -> None:
    [(backend,)] = fetch_rows("SELECT pg_backend_pid()")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.is_usable()
    end_connection(backend)

    with pytest.raises(OperationalError):
        fetch_rows("SELECT pg_backend_pid()")
    assert not connection.is_usable()
    connection.close()
    assert fetch_rows("SELECT pg_backend_pid()") != [(backend,)]


@pytest.mark.django_db(transaction=True)
def test_a_kept_connection_that_was_cut_is_not_given_to_a_request() -> None:
    [(backend,)] = fetch_rows("SELECT pg_backend_pid()")
    end_connection(backend)
    assert not connection.is_usable()


def end_connection(backend: int) -> None:
    """Another session ends ours, and waits until it is gone."""
    import psycopg

    parameters = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: parameters[name] for name in wanted}, autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend]).fetchone() == (
            True,
        )


PLANS = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s"
MODE = "SELECT current_setting('plan_cache_mode')"


def test_a_prepared_statement_is_planned_once(parcel: None) -> None:
    """Left to itself the server would have planned this one each time: one weight is a better
    guess than any number of them."""
    for number in range(8):
        fetch_rows("SELECT id FROM parcel WHERE grams = ANY(%s::int[])", [[number]])
    [(generic, custom)] = fetch_rows(PLANS, ["SELECT id FROM parcel WHERE grams%"])
    assert (generic, custom) == (8, 0)


def test_a_long_array_is_planned_for_itself(parcel: None) -> None:
    seen = "SELECT current_setting('plan_cache_mode'), cardinality(%s::int[])"
    assert fetch_rows(seen, [list(range(40))]) == [("force_custom_plan", 40)]
    assert fetch_rows(seen, [[1]]) == [("force_generic_plan", 1)]


def test_a_refused_long_array_leaves_the_planning_as_it_was(parcel: None) -> None:
    every = "INSERT INTO parcel SELECT id, id FROM unnest(%s::int[]) AS t (id)"
    with pytest.raises(IntegrityError), transaction.atomic():
        fetch_rows(every, [list(range(40))])
    assert fetch_rows(MODE) == [("force_generic_plan",)]


@pytest.mark.django_db(transaction=True)
class TestWhatTravelsWithTheCommit:
    @pytest.fixture(autouse=True)
    def _table(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE crate (id int PRIMARY KEY, grams int CHECK (grams > 0))")
        yield
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE crate")

    @staticmethod
    def put(number: int, grams: int = 5) -> Answer:
        return ask("INSERT INTO crate (id, grams) VALUES (%s, %s) RETURNING id", [number, grams])

    @staticmethod
    def crates() -> list[int]:
        return [number for (number,) in fetch_rows("SELECT id FROM crate ORDER BY id")]

    def test_it_is_committed(self) -> None:
        hooks: list[str] = []
        with transaction.atomic():
            with together(until_commit=True):
                left = self.put(1)
                transaction.on_commit(lambda: hooks.append("committed"))
            assert left.result is None
        assert hooks == ["committed"]
        connection.close()
        assert self.crates() == [1]

    def test_its_error_is_raised_by_the_commit_and_spoils_the_whole(self) -> None:
        def fail() -> None:
            with transaction.atomic():
                self.put(1)
                with together(until_commit=True):
                    self.put(2, grams=0)
                    self.put(3)

        for _attempt in range(2):
            with pytest.raises(IntegrityError):
                fail()
            assert self.crates() == []

    def test_what_comes_after_the_block_comes_after_it(self) -> None:
        with transaction.atomic():
            with together(until_commit=True):
                self.put(1)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM crate")
                assert cursor.fetchone() == (1,)
            with together(until_commit=True):
                self.put(2)
            assert self.crates() == [1, 2]
        assert self.crates() == [1, 2]
        assert connection.execute_wrappers == []

    def test_an_error_of_a_later_block_drops_that_blocks_alone(self) -> None:
        def fail() -> None:
            with together(until_commit=True):
                self.put(2)
                raise LookupError

        with transaction.atomic():
            with together(until_commit=True):
                self.put(1)
            with pytest.raises(LookupError):
                fail()
        assert self.crates() == [1]
        assert connection.execute_wrappers == []

    def test_an_error_after_the_block_drops_it(self) -> None:
        def fail() -> None:
            with transaction.atomic():
                with together(until_commit=True):
                    self.put(1)
                raise LookupError

        with pytest.raises(LookupError):
            fail()
        assert self.crates() == []
        with transaction.atomic(), together(until_commit=True):
            self.put(2)
        assert self.crates() == [2]

    def test_in_an_inner_transaction_it_goes_at_the_blocks_end(self) -> None:
        with transaction.atomic():
            with transaction.atomic(), together(until_commit=True):
                done = self.put(1)
            assert done.rows() == [(1,)]
        assert self.crates() == [1]

    def test_a_connection_closed_in_between_keeps_nothing(self) -> None:
        with transaction.atomic():
            with together(until_commit=True):
                self.put(1)
            connection.close()
        assert self.crates() == []
