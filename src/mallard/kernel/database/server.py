"""One embedded PostgreSQL server: make its files, start it, wait for it, stop it.

A `Server` does what it is told and knows nothing of other processes; `embedded.running` decides
who starts and who stops.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import psutil
import psycopg
from psycopg import sql

from mallard.kernel.database import tuning
from mallard.kernel.database.errors import (
    DatabaseServerError,
    ForeignMajor,
    ServerFailed,
    ServerNotReady,
)
from mallard.kernel.database.identity import Identity, server_identity
from mallard.kernel.database.layout import (
    MAJOR,
    SOCKET_PORT,
    Layout,
    make_private,
    program,
)
from mallard.kernel.environment import read_or_make_secret

ROLE = "mallard"
DATABASE = "mallard"
SUPERUSER = "postgres"
LOG_LIMIT_BYTES = 16 * 1024 * 1024
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 1800  # crash recovery replays at most 4 GB of log: minutes on a slow disk
FAST_STOP_SECONDS = 120
ORPHAN_GRACE_SECONDS = 15

Progress = Callable[[str], None]
"""Told what is being waited for, about once a second."""


_left_running: list[subprocess.Popen[bytes]] = []
"""Servers that outlive our use of them; kept so that Python does not take them for forgotten."""


def _silent(_message: str) -> None:
    return None


@dataclass
class Server:
    """The server of one data folder.

    ``durable`` False turns off fsync and what goes with it: for tests only.
    """

    layout: Layout
    durable: bool = True
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @cached_property
    def identity(self) -> Identity:
        self.layout.make_folder()
        return server_identity(self.layout.data)

    # --- state ---------------------------------------------------------------------------

    def pid(self) -> int | None:
        """Process id of the running server, None when there is none.

        The pid file alone does not tell: after a crash or a reboot its number may belong to
        anybody. The process has to be a PostgreSQL that lives in this data directory.
        """
        number = self._recorded_pid()
        return number if number is not None and self._is_ours(number) else None

    def is_running(self) -> bool:
        return self.pid() is not None

    def _recorded_pid(self) -> int | None:
        try:
            return int(self.layout.pid_file.read_text(encoding="ascii").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _is_ours(self, number: int) -> bool:
        if self._child is not None and self._child.pid == number:
            return self._child.poll() is None
        try:
            process = psutil.Process(number)
            if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
                return False
            return process.cwd() == os.path.realpath(self.layout.data)
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            return True  # somebody else's process: PostgreSQL's own check has the last word

    # --- starting ------------------------------------------------------------------------

    def start(self, *, progress: Progress = _silent) -> None:
        """Start the server and return when it answers; makes its files the first time.

        Raises ``ForeignMajor``, ``ServerFailed`` (with the end of its log) or ``ServerNotReady``.
        """
        self.layout.make_folder()
        self._refuse_foreign_major()
        if not self.layout.data.exists():
            progress("making the database")
            self._initialise()
        self._clear_up_after_crash(progress)
        self.write_settings()
        make_private(self.layout.socket_folder, self.identity.uid, self.identity.gid)
        self._rotate_log()
        with self.layout.log.open("ab") as log:
            start_of_log = log.tell()
            self._child = self.identity.popen(
                [
                    program("postgres"),
                    "-D",
                    self.layout.data,
                    "-p",
                    str(SOCKET_PORT),
                    "-c",
                    f"unix_socket_directories={self.layout.socket_folder}",
                    "-c",
                    "unix_socket_permissions=0700",
                ],
                stdout=log,
            )
        try:
            self._wait_until_ready(self._child, start_of_log, progress)
            self._prepare_database()
        except BaseException:
            self.stop()
            raise

    def write_settings(self) -> None:
        """Write this machine's settings into the data directory."""
        chosen = tuning.settings(durable=self.durable)
        if self.layout.wal_spool.exists():
            make_private(self.layout.wal_spool, self.identity.uid, self.identity.gid)
            chosen |= tuning.archiving()
        self.own(*tuning.write_settings(self.layout.data, chosen))

    def _refuse_foreign_major(self) -> None:
        try:
            found = (self.layout.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            if self.layout.data.exists() and any(self.layout.data.iterdir()):
                raise DatabaseServerError(
                    f"{self.layout.data} holds files but no PostgreSQL database; move it away."
                ) from None
            return
        if found != str(MAJOR):
            raise ForeignMajor(str(self.layout.data), found, MAJOR)

    def _initialise(self) -> None:
        """Make the data directory. Built beside its place and moved there when complete, so that
        being killed in the middle leaves nothing half done."""
        building = self.layout.folder / "data.building"
        shutil.rmtree(building, ignore_errors=True)
        make_private(building, self.identity.uid, self.identity.gid)
        password = building / "superuser"
        password.write_text(read_or_make_secret(self.layout.superuser_password_file))
        self.own(password)
        process = self.identity.popen(
            [
                program("initdb"),
                "--pgdata",
                building / "data",
                "--username",
                SUPERUSER,
                "--pwfile",
                password,
                "--auth",
                "scram-sha-256",
                "--encoding",
                "UTF8",
                "--locale-provider",
                "builtin",
                "--builtin-locale",
                "C.UTF-8",
                "--locale",
                "C",
                "--no-instructions",
                *(() if self.durable else ("--no-sync",)),
            ],
            stdout=subprocess.PIPE,
        )
        output, _ = process.communicate()
        if process.returncode != 0:
            raise ServerFailed("initdb", output.decode(errors="replace"))
        (building / "data").rename(self.layout.data)
        shutil.rmtree(building)

    def own(self, *paths: os.PathLike[str]) -> None:
        """Give ``paths`` to the account that the server runs as."""
        for path in paths:
            if os.geteuid() == 0:
                os.chown(path, self.identity.uid, self.identity.gid)

    def _rotate_log(self) -> None:
        log = self.layout.log
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        log.touch(mode=0o600)

    def _clear_up_after_crash(self, progress: Progress) -> None:
        """Wait for what a killed server left: its children, then its pid file.

        The children notice that their parent is gone, except while they are busy. Starting
        beside them would corrupt the data; PostgreSQL refuses to, and so we see them off first.
        """
        deadline = time.monotonic() + ORPHAN_GRACE_SECONDS
        stronger = [signal.SIGQUIT, signal.SIGKILL]
        while orphans := self._orphans():
            progress(f"waiting for {len(orphans)} processes of a killed server")
            if time.monotonic() > deadline:
                if not stronger:
                    raise ServerNotReady(f"processes {orphans} of a killed server do not end")
                for number in orphans:
                    _send(number, stronger[0])
                stronger.pop(0)
                deadline = time.monotonic() + ORPHAN_GRACE_SECONDS
            time.sleep(POLL_SECONDS)
        # Nobody lives in the data directory, so the number in these files is a stranger's or
        # nobody's. PostgreSQL would believe in a stranger who has the number now, and not start.
        self.layout.pid_file.unlink(missing_ok=True)
        self.layout.socket_lock.unlink(missing_ok=True)

    def _orphans(self) -> list[int]:
        data = os.path.realpath(self.layout.data)
        found = []
        for process in psutil.process_iter(["name"]):
            if process.info["name"] != "postgres":
                continue
            try:
                if process.cwd() == data and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process.pid)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def _wait_until_ready(
        self, child: subprocess.Popen[bytes], start_of_log: int, progress: Progress
    ) -> None:
        started = time.monotonic()
        told = 0
        while True:
            if child.poll() is not None:
                raise ServerFailed(str(self.layout.log), self._log_since(start_of_log))
            try:
                self.connect_as_superuser().close()
            except psycopg.OperationalError as error:
                if error.sqlstate == "28P01" or "password authentication failed" in str(error):
                    raise DatabaseServerError(
                        f"{self.layout.superuser_password_file} does not hold the password of "
                        f"the database in {self.layout.data}; put the right file back."
                    ) from error
            else:
                return
            waited = int(time.monotonic() - started)
            if waited > PATIENCE_SECONDS:
                raise ServerNotReady(
                    f"PostgreSQL has not answered for {waited} seconds; see {self.layout.log}"
                )
            if waited > told:
                told = waited
                progress(f"the database is starting or recovering ({waited} s)")
            time.sleep(POLL_SECONDS)

    def _log_since(self, position: int) -> str:
        with self.layout.log.open("rb") as log:
            log.seek(position)
            return log.read()[-4000:].decode(errors="replace")

    def connect_as_superuser(self, dbname: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection for what the product's own role may not do. The server runs."""
        return psycopg.connect(
            host=str(self.layout.socket_folder),
            port=SOCKET_PORT,
            user=SUPERUSER,
            password=read_or_make_secret(self.layout.superuser_password_file),
            dbname=dbname,
            connect_timeout=10,
            autocommit=True,
        )

    def _prepare_database(self) -> None:
        """See that the product's role and database exist and that its password file is right."""
        password = read_or_make_secret(self.layout.password_file)
        with self.connect_as_superuser() as connection:
            known = connection.execute(
                "SELECT rolname FROM pg_roles WHERE rolname = %s", [ROLE]
            ).fetchone()
            if not (known and self._accepts(password)):
                verb = sql.SQL("ALTER" if known else "CREATE")
                connection.execute(
                    sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                        verb, sql.Identifier(ROLE), sql.Literal(password)
                    )
                )
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(ROLE)
                    )
                )

    def _accepts(self, password: str) -> bool:
        try:
            psycopg.connect(
                host=str(self.layout.socket_folder),
                port=SOCKET_PORT,
                user=ROLE,
                password=password,
                dbname="postgres",
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    # --- stopping ------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the server: fast first (ends sessions, writes a checkpoint), then at any price.

        Stopping a server that does not run is fine. Returns when its process is gone.
        """
        for number, seconds in (
            (signal.SIGINT, FAST_STOP_SECONDS),
            (signal.SIGQUIT, ORPHAN_GRACE_SECONDS),
            (signal.SIGKILL, ORPHAN_GRACE_SECONDS),
        ):
            pid = self.pid() or self._unrecorded_child()
            if pid is None:
                break
            _send(pid, number)
            if self._wait_until_gone(pid, seconds):
                break
        self._child = None

    def leave_running(self) -> None:
        """Part with a server that others still use."""
        if self._child is not None:
            _left_running.append(self._child)
            self._child = None

    def _unrecorded_child(self) -> int | None:
        """Our child while it has not written its pid file yet."""
        if self._child is not None and self._child.poll() is None:
            return self._child.pid
        return None

    def _wait_until_gone(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self._is_ours(pid) and self._recorded_pid() != pid:
                return True
            if self._child is not None:
                self._child.poll()
            if not psutil.pid_exists(pid):
                return True
            time.sleep(POLL_SECONDS)
        return False


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
