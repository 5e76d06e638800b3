"""The database's door: how to reach it, and to have it running for as long as it is needed.

Everybody who uses the embedded server holds a shared lock on one file for as long as they use it.
Whoever starts or stops it first takes a second lock, the turn. Who comes first starts the server;
who leaves last stops it. The kernel drops the locks of a killed process, so a crash leaves at
worst a running server, which the next one joins and the last one stops.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from mallard.kernel.database.errors import ForeignServer, UnfinishedRestore
from mallard.kernel.database.layout import MAJOR, SOCKET_PORT, Layout
from mallard.kernel.database.server import DATABASE, ROLE, Progress, Server
from mallard.kernel.environment import Environment, read_or_make_secret

STATEMENT_TIMEOUT_MS = 60_000
LOCK_TIMEOUT_MS = 10_000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 300_000
CONNECTION_SECONDS = 600
CONNECT_SECONDS = 5
TURN_POLL_SECONDS = 0.05

# Nobody waits for ever: a page that hangs is worse than one that says it failed.
SESSION_OPTIONS = (
    f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} "
    f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_MS}"
)


def configuration(environment: Environment) -> dict[str, Any]:
    """Django's ``DATABASES["default"]``. Works before the server has ever run.

    For the embedded server this makes the password file (0600) when there is none yet.
    """
    common: dict[str, Any] = {
        "ENGINE": "mallard.kernel.database.backend",
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }
    options: dict[str, Any] = {
        "options": SESSION_OPTIONS,
        "application_name": "mallard",
        # A frozen server accepts and stays silent; a request may meet that twice.
        "connect_timeout": CONNECT_SECONDS,
    }
    if environment.database_url is not None:
        return common | _from_url(environment.database_url.get_secret_value(), options)
    layout = Layout(environment.home)
    layout.make_folder()
    return common | {
        "NAME": DATABASE,
        "USER": ROLE,
        "PASSWORD": read_or_make_secret(layout.password_file),
        "HOST": str(layout.socket_folder),
        "PORT": str(SOCKET_PORT),
        "OPTIONS": options,
    }


def _from_url(url: str, options: dict[str, Any]) -> dict[str, Any]:
    """Split a ``postgresql://`` URL; what Django has no key for stays a libpq option."""
    parts = {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
    extra = parts.pop("options", None)
    if extra is not None:
        options = options | {"options": f"{SESSION_OPTIONS} {extra}"}
    return {
        "NAME": str(parts.pop("dbname", DATABASE)),
        "USER": str(parts.pop("user", "")),
        "PASSWORD": str(parts.pop("password", "")),
        "HOST": str(parts.pop("host", "")),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": options | parts,
    }


@contextmanager
def running(
    environment: Environment,
    *,
    progress: Progress | None = None,
    durable: bool = True,
    is_restoring: bool = False,
) -> Iterator[Server | None]:
    """Have the database running inside the block: join it, or start it and stop it afterwards.

    Yields the `Server`, or None when ``MALLARD_DATABASE_URL`` names a server that is not ours.
    ``progress`` is told what is waited for. ``durable`` applies if we are the one to start it.
    Raises the errors of `Server.start`, and `UnfinishedRestore` unless ``is_restoring``.
    """
    if environment.database_url is not None:
        yield None
        return
    server = Server(Layout(environment.home), durable=durable)
    server.layout.make_folder()
    if server.layout.restoring_mark.exists() and not is_restoring:
        raise UnfinishedRestore(str(environment.home))
    users = _open_lock(server.layout.users_lock)
    try:
        with _turn(server.layout, progress):
            ensure_started(server, progress)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield server
        finally:
            with _turn(server.layout, None):
                if _is_last(users):
                    server.stop()
                else:
                    server.leave_running()
    finally:
        os.close(users)


def refuse_foreign_server(environment: Environment) -> None:
    """Raises `ForeignServer` when ``MALLARD_DATABASE_URL`` names another major version.

    A server that does not answer is let pass: whoever needs it says so in words of their own. The
    embedded one is refused by `Server.start`.
    """
    if environment.database_url is None:
        return
    url = environment.database_url.get_secret_value()
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            found = connection.info.server_version // 10_000
    except psycopg.OperationalError:
        return
    if found != MAJOR:
        raise ForeignServer(found, MAJOR)


def restart(server: Server, *, progress: Progress | None = None) -> None:
    """Start ``server`` again if it died under its users. For its supervisor, inside `running`."""
    with _turn(server.layout, progress):
        ensure_started(server, progress)


def ensure_started(server: Server, progress: Progress | None) -> None:
    """Start ``server`` unless it runs. The caller holds the turn."""
    if not server.is_running():
        server.start(**({} if progress is None else {"progress": progress}))


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _turn(layout: Layout, progress: Progress | None) -> Iterator[None]:
    descriptor = _open_lock(layout.turn_lock)
    try:
        waited = 0.0
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waited += TURN_POLL_SECONDS
                if progress is not None and int(waited) > int(waited - TURN_POLL_SECONDS):
                    progress(f"another command starts or stops the database ({int(waited)} s)")
                time.sleep(TURN_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _is_last(users: int) -> bool:
    """Give our share back; whether nobody else holds one. The caller holds the turn."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
