"""The tests' database: an embedded server of their own and a fresh copy of the tables per worker.

pytest loads this module as a plugin before Django's settings (see ``addopts``), because importing
it points the settings at the tests' data folder. One database is migrated once and kept as a
template, named by what the migrations say; each test process works on a clone of it. Several runs
may share one data folder: advisory locks tell what is in use.

A clone takes a second, because it copies more than a thousand files, so a test that commits costs
one only when it changed the tables themselves. After any other, the rows and sequences of the
clone are put back.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

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


# Tables that hold rows; all of them with their schema, quoted.
_FILLED = """
SELECT format('%I.%I', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND pg_relation_size(c.oid) > 0
ORDER BY 1
"""
_SEQUENCES = """
SELECT format('%I.%I', schemaname, sequencename), start_value, last_value FROM pg_sequences
"""
# One text that changes with every table, column, key, trigger, function and index.
_TABLES_THEMSELVES = """
SELECT md5(string_agg(one, ',' ORDER BY one)) FROM (
    SELECT concat_ws(' ', oid, relname, relkind, relnatts, relchecks, relrowsecurity,
                     reloptions) AS one
    FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace
                                             WHERE nspname ~ '^pg_(toast|temp)')
    UNION ALL SELECT concat_ws(' ', attrelid, attnum, attname, atttypid, attnotnull, atthasdef)
    FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0
    UNION ALL SELECT concat_ws(' ', oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', oid, conname, convalidated) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', oid, md5(prosrc)) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', oid, nspname) FROM pg_namespace WHERE nspname !~ '^pg_'
) AS parts
"""
Connection = psycopg.Connection[tuple[Any, ...]]


class TestDatabase:
    """This process's clone of the template. `renew` brings it back to the migrated state.

    ``connect_as_superuser`` opens a database by name as one whom triggers do not stop: append-only
    tables refuse everybody else.
    """

    __test__ = False

    def __init__(
        self,
        settings: dict[str, Any],
        connect_as_superuser: Callable[[str], Connection],
        *,
        worker: str,
        rebuild: bool,
    ) -> None:
        self._settings = settings
        self._connect_as_superuser = connect_as_superuser
        self._admin = connect_as_superuser("postgres")
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
        self._clone()

    def renew(self) -> None:
        """Bring the clone back to what the template holds; ends every connection to it."""
        from django.db import connections

        connections.close_all()
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [self.name],
        )
        try:
            with self._connect_as_superuser(self.name) as connection:
                if self._is_emptied(connection):
                    return
        except psycopg.Error:  # the test took the database away, or made it refuse us
            pass
        self._clone()

    def _is_emptied(self, connection: Connection) -> bool:
        """Take away what a test committed; False when a fresh clone is needed for it."""
        if self._tables_themselves != _cell(connection, _TABLES_THEMSELVES):
            return False
        connection.execute("SET session_replication_role = replica")
        filled = [name for (name,) in connection.execute(_FILLED).fetchall()]
        touched = [
            name
            for name in filled
            if name not in self._rows or _copied(connection, name) != self._rows[name]
        ]
        if touched:
            connection.execute(
                sql.SQL("; ").join(_named("DELETE FROM {}", name) for name in touched)
            )
            connection.execute(_named("VACUUM {}", ", ".join(touched)))
        for name in {*touched, *(self._rows.keys() - set(filled))} & self._rows.keys():
            with connection.cursor().copy(_named("COPY {} FROM STDIN", name)) as copy:
                copy.write(self._rows[name])
        for name, start, last in connection.execute(_SEQUENCES).fetchall():
            wanted = self._sequences.get(name)
            if wanted != last:
                value = (start, False) if wanted is None else (wanted, True)
                connection.execute("SELECT setval(%s, %s, %s)", [name, *value])
        return True

    def _clone(self) -> None:
        from django.db import connections

        connections.close_all()
        self._drop(self.name)
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                *map(sql.Identifier, (self.name, self._template, self._settings["USER"]))
            )
        )
        self._settings["NAME"] = self.name
        with self._connect_as_superuser(self.name) as connection:
            self._tables_themselves = _cell(connection, _TABLES_THEMSELVES)
            filled = [name for (name,) in connection.execute(_FILLED).fetchall()]
            self._rows = {name: _copied(connection, name) for name in filled}
            self._sequences = {
                name: last for name, _start, last in connection.execute(_SEQUENCES).fetchall()
            }

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
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                *map(sql.Identifier, (building, self._settings["USER"]))
            )
        )
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


def _cell(connection: Connection, query: LiteralString) -> Any:
    row = connection.execute(query).fetchone()
    return row and row[0]


def _named(text: LiteralString, name: str) -> sql.Composed:
    """``text`` with the table of ``name`` (schema and table, quoted as PostgreSQL told it)."""
    return sql.SQL(text).format(sql.SQL(name))


def _copied(connection: Connection, name: str) -> bytes:
    """The rows of a table as COPY writes them, in the order in which they lie."""
    with connection.cursor().copy(_named("COPY {} TO STDOUT", name)) as copy:
        return b"".join(bytes(part) for part in copy)


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
    with running(Environment(), durable=False) as server:
        if server is None:
            raise RuntimeError("the tests start a server of their own")
        database = TestDatabase(
            settings, server.connect_as_superuser, worker=worker, rebuild=rebuild
        )
        try:
            yield database
        finally:
            database.close()


def copy_migrated_home(home: Path) -> None:
    """Make ``home`` a data folder with the tables of today, its keys beside it; nothing runs on it.

    `mallard migrate` makes the first one, of which all tests of this checkout get copies: half a
    minute less for whoever does not try that.
    """
    made = _migrated_home()
    for source, target in ((made, home), (_keys_of(made), _keys_of(home))):
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _keys_of(home: Path) -> Path:
    return home.with_name(f"{home.name}.keys")


def _migrated_home() -> Path:
    shelf = _test_home.with_name(f"migrated-{migrations_digest()}")
    home = shelf / "home"
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shelf / "done").exists():
            for left in (home, _keys_of(home)):
                shutil.rmtree(left, ignore_errors=True)
            kept = {n: value for n, value in os.environ.items() if not n.startswith(PREFIX)}
            done = subprocess.run(
                [sys.executable, "-m", "mallard.surfaces.cli.main", "migrate"],
                env=kept | {f"{PREFIX}HOME": str(home)},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise AssertionError(f"mallard migrate failed:\n{done.stderr[-4000:]}")
            (shelf / "done").touch()
    return home


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
