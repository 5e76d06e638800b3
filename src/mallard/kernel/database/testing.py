"""The tests' database: an embedded server of their own and a fresh copy of the tables per worker.

pytest loads this module as a plugin before Django's settings (see ``addopts``), because importing
it points the settings at the tests' data folder. One database is migrated once and kept as a
template, named by what the migrations say; each test process works on a clone of it. Several runs
may share one data folder: advisory locks tell what is in use.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from mallard.kernel.environment import PREFIX, Environment

CHECKOUT = Path(__file__).resolve().parents[4]
TEST_HOME_VARIABLE = "MALLARD_TEST_HOME"
TEMPLATE_PREFIX = "template_"
CLONE_PREFIX = "test_"

_test_home = Path(os.environ.get(TEST_HOME_VARIABLE) or CHECKOUT / ".mallard" / "test").resolve()
# The developer's own settings must not decide what the tests see.
for _name in [name for name in os.environ if name.startswith(PREFIX)]:
    if _name != TEST_HOME_VARIABLE:
        del os.environ[_name]
os.environ[f"{PREFIX}HOME"] = str(_test_home)


def migrations_digest() -> str:
    """What the migrated tables depend on: every migration's text, and the triggers' text."""
    from django.apps import apps

    digest = hashlib.sha256()
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    files = [file for folder in sorted(folders) for file in sorted(folder.glob("*.py"))]
    for file in [*files, Path(__file__).with_name("triggers.py")]:
        digest.update(str(file).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


class TestDatabase:
    """This process's clone of the template. `renew` brings it back to the migrated state."""

    __test__ = False

    def __init__(self, settings: dict[str, Any], *, worker: str, rebuild: bool) -> None:
        self._settings = settings
        self._admin = psycopg.connect(
            host=settings["HOST"],
            port=settings["PORT"],
            user=settings["USER"],
            password=settings["PASSWORD"],
            dbname="postgres",
            autocommit=True,
        )
        self.name = f"{CLONE_PREFIX}{worker}_{os.getpid()}"
        self._template = f"{TEMPLATE_PREFIX}{migrations_digest()}"
        self._lock("pg_advisory_lock", self.name)
        with self._only_one_builds():
            self._drop_unused()
            if rebuild and self._lock("pg_try_advisory_lock", self._template):
                self._drop(self._template)
                self._lock("pg_advisory_unlock", self._template)
            if not self._exists(self._template):
                self._build_template()
            self._lock("pg_advisory_lock_shared", self._template)
        self.renew()

    def renew(self) -> None:
        """Replace the clone by a fresh one; ends every connection to the old one."""
        from django.db import connections

        connections.close_all()
        self._drop(self.name)
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(self.name), sql.Identifier(self._template)
            )
        )
        self._settings["NAME"] = self.name

    def close(self) -> None:
        from django.db import connections

        connections.close_all()
        self._drop(self.name)
        self._admin.close()

    def _build_template(self) -> None:
        from django.core.management import call_command
        from django.db import connections

        building = f"{self._template}_building"
        self._drop(building)
        self._admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
        connections.close_all()
        self._settings["NAME"] = building
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        self._admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(building), sql.Identifier(self._template)
            )
        )

    def _drop_unused(self) -> None:
        """Drop what no living test run holds: clones of killed runs, templates of old tables."""
        names = self._admin.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            " OR starts_with(datname, %s)",
            [CLONE_PREFIX, TEMPLATE_PREFIX],
        ).fetchall()
        for (name,) in names:
            if name in {self.name, self._template}:
                continue
            if self._lock("pg_try_advisory_lock", name):
                self._drop(name)
                self._lock("pg_advisory_unlock", name)

    @contextmanager
    def _only_one_builds(self) -> Iterator[None]:
        self._lock("pg_advisory_lock", "building")
        try:
            yield
        finally:
            self._lock("pg_advisory_unlock", "building")

    def _lock(self, function: str, name: str) -> bool:
        row = self._admin.execute(
            sql.SQL("SELECT {}(hashtextextended(%s, 0))").format(sql.SQL(function)),
            [name],
        ).fetchone()
        return bool(row and row[0])

    def _exists(self, name: str) -> bool:
        return (
            self._admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            is not None
        )

    def _drop(self, name: str) -> None:
        self._admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


@contextmanager
def prepared_database(*, worker: str, rebuild: bool = False) -> Iterator[TestDatabase]:
    """The tests' server running and Django's default connection on a fresh clone.

    ``worker`` names the process among parallel ones. ``rebuild`` migrates anew.
    """
    from django.db import connections

    from mallard.kernel.database.embedded import running

    # A thread that a test started ends with its connection, not ten minutes later.
    settings = connections["default"].settings_dict
    settings["CONN_MAX_AGE"] = 0
    with running(Environment(), durable=False):
        database = TestDatabase(settings, worker=worker, rebuild=rebuild)
        try:
            yield database
        finally:
            database.close()


def wait_for_older_transactions(*, at_most_seconds: float = 120) -> None:
    """Return once every transaction that began before this moment has ended.

    What reads "below the oldest running transaction" (the outbox, roll-ups, the audit's seal) is
    held back by any transaction of the server, those of other tests and of autovacuum included.
    Not for use inside a transaction, which would wait for itself. Raises TimeoutError.
    """
    from django.db import connection

    if connection.in_atomic_block:
        raise RuntimeError("a transaction cannot wait for its own end")
    deadline = time.monotonic() + at_most_seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        mine = cursor.fetchone()[0]
        while True:
            cursor.execute(
                "SELECT pg_snapshot_xmin(pg_current_snapshot()) > %s::text::xid8", [mine]
            )
            if cursor.fetchone()[0]:
                return
            if time.monotonic() > deadline:
                raise TimeoutError("a transaction of this server does not end")
            time.sleep(0.02)
