from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction

from mallard.kernel.database import transactions
from mallard.kernel.database.transactions import (
    MAX_RETRIES,
    atomic_retrying,
    sqlstate,
    statement_limits,
)

DEADLOCK = "40P01"
SERIALIZATION = "40001"


@pytest.fixture
def counters() -> Iterator[None]:
    is_undone = connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE counter (id int PRIMARY KEY, n int NOT NULL)")
        cursor.execute("INSERT INTO counter VALUES (1, 0), (2, 0)")
    yield
    connection.close()
    if not is_undone:  # a table that stays costs every test a new copy of the database
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE counter")


@pytest.fixture
def delays(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(transactions, "_sleep", found.append)
    return found


def fail_with(code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '{code}'; END $$")


def add_one(identifier: int = 1) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE counter SET n = n + 1 WHERE id = %s", [identifier])


def count(identifier: int = 1) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM counter WHERE id = %s", [identifier])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("counters")
class TestRetrying:
    @pytest.mark.parametrize("code", [DEADLOCK, SERIALIZATION])
    def test_succeeds_after_failures_and_counts_once(self, code: str, delays: list[float]) -> None:
        attempts = []

        @atomic_retrying
        def service(amount: int) -> str:
            attempts.append(amount)
            add_one()
            if len(attempts) <= MAX_RETRIES:
                fail_with(code)
            return "done"

        assert service(amount=7) == "done"
        assert attempts == [7] * (MAX_RETRIES + 1)
        assert count() == 1
        assert len(delays) == MAX_RETRIES
        assert all(0 < delay < 1 for delay in delays)

    def test_gives_up_after_three_retries_with_nothing_changed(self, delays: list[float]) -> None:
        attempts = []

        @atomic_retrying
        def service() -> None:
            attempts.append(1)
            add_one()
            fail_with(DEADLOCK)

        with pytest.raises(OperationalError) as caught:
            service()

        assert sqlstate(caught.value) == DEADLOCK
        assert len(attempts) == 1 + MAX_RETRIES
        assert count() == 0

    def test_other_errors_are_not_tried_again(self, delays: list[float]) -> None:
        attempts = []

        @atomic_retrying
        def service() -> None:
            attempts.append(1)
            add_one()
            fail_with("55P03")

        with pytest.raises(OperationalError):
            service()
        assert attempts == [1]
        assert delays == []
        assert count() == 0

    def test_only_the_outermost_boundary_tries_again(self, delays: list[float]) -> None:
        outer_attempts, inner_attempts = [], []

        @atomic_retrying
        def inner() -> None:
            inner_attempts.append(1)
            add_one(2)
            if len(inner_attempts) == 1:
                fail_with(DEADLOCK)

        @atomic_retrying
        def outer() -> None:
            outer_attempts.append(1)
            add_one(1)
            inner()

        outer()

        assert (len(outer_attempts), len(inner_attempts)) == (2, 2)
        assert (count(1), count(2)) == (1, 1)

    def test_never_tries_again_inside_an_open_transaction(self, delays: list[float]) -> None:
        attempts = []

        @atomic_retrying
        def service() -> None:
            attempts.append(1)
            fail_with(DEADLOCK)

        with pytest.raises(OperationalError), transaction.atomic():
            service()
        assert attempts == [1]

    def test_a_real_deadlock_ends_with_both_done(self) -> None:
        meeting = threading.Barrier(2, timeout=20)
        first_tries: set[str] = set()
        errors: list[BaseException] = []

        @atomic_retrying
        def service(name: str, order: tuple[int, int]) -> None:
            add_one(order[0])
            if name not in first_tries:
                first_tries.add(name)
                meeting.wait()
            add_one(order[1])

        def run(name: str, order: tuple[int, int]) -> None:
            try:
                service(name, order)
            except BaseException as error:
                errors.append(error)
            finally:
                connections.close_all()

        threads = [
            threading.Thread(target=run, args=("there", (1, 2))),
            threading.Thread(target=run, args=("back", (2, 1))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert errors == []
        assert (count(1), count(2)) == (2, 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("counters")
class TestInsideATestsOwnTransaction:
    def test_a_refused_service_leaves_nothing_behind(self) -> None:
        """A test's wrapping transaction must not hide that a service rolls back."""

        @atomic_retrying
        def service() -> None:
            add_one()
            raise ValueError("refused")

        with pytest.raises(ValueError, match="refused"):
            service()
        assert count() == 0


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
class TestLimits:
    def test_sessions_have_limits(self) -> None:
        assert shown("statement_timeout") == "1min"
        assert shown("lock_timeout") == "10s"
        assert shown("idle_in_transaction_session_timeout") == "5min"

    def test_a_block_may_have_its_own(self) -> None:
        with statement_limits(statement_ms=0, lock_ms=500):
            assert (shown("statement_timeout"), shown("lock_timeout")) == ("0", "500ms")
        assert (shown("statement_timeout"), shown("lock_timeout")) == ("1min", "10s")

    def test_in_a_transaction_they_end_with_it(self) -> None:
        with transaction.atomic():
            with statement_limits(statement_ms=2000):
                assert shown("statement_timeout") == "2s"
            assert shown("statement_timeout") == "2s"
        assert shown("statement_timeout") == "1min"

    def test_a_statement_over_its_limit_is_ended(self) -> None:
        with (
            pytest.raises(DatabaseError) as caught,
            statement_limits(statement_ms=50),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT pg_sleep(5)")
        assert sqlstate(caught.value) == "57014"
