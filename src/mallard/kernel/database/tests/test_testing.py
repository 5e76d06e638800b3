"""The tests' own database: what one test does, no other sees."""

from __future__ import annotations

import pytest
from django.db import connection

from mallard.kernel import clock
from mallard.kernel.environment import environment

LEFT_BEHIND = "left_behind"


def exists() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [LEFT_BEHIND])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_leaves_no_trace(turn: int) -> None:
    assert not exists()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {LEFT_BEHIND} ()")
    connection.close()
    assert exists()


@pytest.mark.django_db
def test_works_on_a_clone_not_on_the_products_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('fsync')")
        name, fsync = cursor.fetchone()
    assert name.startswith("test_")
    assert fsync == "off"


@pytest.mark.django_db
def test_migrated_tables_are_there() -> None:
    assert "procrastinate_jobs" in connection.introspection.table_names()


def test_the_operators_settings_do_not_reach_the_tests() -> None:
    assert environment().database_url is None


def test_the_clock_stands_until_it_is_moved(frozen_clock) -> None:
    start = clock.now()
    assert clock.now() == start
    assert frozen_clock.advance(days=1, hours=2) == clock.now()
    assert (clock.now() - start).total_seconds() == 26 * 3600


def test_strangers_on_the_network_are_out_of_reach() -> None:
    import socket

    with pytest.raises(UserWarning, match=r"tried to use socket\.socket\.connect\(\)"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
