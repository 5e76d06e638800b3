"""A drill that cannot go red proves nothing: take a promise away, and it must notice."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from mallard.kernel.database.layout import SOCKET_PORT, Layout
from mallard.kernel.database.server import SUPERUSER
from mallard.kernel.environment import read_or_make_secret
from tests.drill.errands import Shares
from tests.drill.exercise import Scale, exercise
from tests.drill.installation import Installation

pytestmark = [pytest.mark.drill, pytest.mark.timeout(900)]


def drop_the_unique_keys(installation: Installation) -> None:
    """Nothing but the look before the leap is left against a receipt that is sent twice."""
    with installation.connection() as connection:
        connection.execute("ALTER TABLE sales_receipt DROP CONSTRAINT receipt_number_once")
        names = connection.execute(
            "SELECT conname FROM pg_constraint WHERE contype IN ('u', 'p')"
            " AND conrelid = 'http_idempotency_key'::regclass"
        ).fetchall()
        assert names
        for (name,) in names:
            connection.execute(f'ALTER TABLE http_idempotency_key DROP CONSTRAINT "{name}"')


def answer_before_the_disk_has_it(installation: Installation) -> None:
    """Acknowledge commits that a crash of the database forgets."""
    layout = Layout(installation.environment.home)
    with psycopg.connect(
        host=str(layout.socket_folder),
        port=SOCKET_PORT,
        user=SUPERUSER,
        password=read_or_make_secret(layout.superuser_password_file),
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        connection.execute("ALTER SYSTEM SET wal_writer_flush_after = '1GB'")
        connection.execute("SELECT pg_reload_conf()")


def test_without_unique_keys_it_sees_what_was_sent_twice(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    eager = Shares(twice_at_once=500, anonymous=700)
    scale = Scale(acknowledgements=1_000, kills=2, members=60, stores=4, shares=eager)
    with installation.up():
        report = exercise(installation, scale, prepare=drop_the_unique_keys)
    print(report)
    # Which of the two depends on the machine: both of a pair are written, or one of them sees the
    # other in time and answers otherwise than the first, under the same key.
    seen = report.verdict.doubled or report.verdict.contradicted
    assert seen, "one key was worked on twice and nobody noticed"
    assert bool(report.verdict.doubled) == bool(report.verdict.store_days)


def test_without_waiting_for_the_disk_it_sees_lost_receipts(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    scale = Scale(acknowledgements=1_000, kills=2, members=60, stores=4)
    with installation.up():
        report = exercise(installation, scale, prepare=answer_before_the_disk_has_it)
    print(report)
    assert report.verdict.lost, "acknowledged receipts are gone and nobody noticed"
