"""A database that has stopped answering must not take the web server with it.

PostgreSQL's own time limits run inside PostgreSQL: when the server is frozen (a stopped process, a
disk that hangs, a machine that swaps) nothing ends a request that waits for it, and soon every
thread waits. So the web process watches its requests. When one has waited for some seconds, a
watcher asks the database something of its own. No answer: the sockets of the waiting requests are
shut, they fail with a database error, and the caller reads "try again in a moment" (503). New
requests are told so at once, until the database answers the watcher again.

A long statement of a server that answers is left alone; `STATEMENT_TIMEOUT_MS` ends it.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from mallard.kernel.database.embedded import STATEMENT_TIMEOUT_MS
from mallard.kernel.errors import Unavailable
from mallard.kernel.http.middleware import API_PREFIX
from mallard.kernel.http.problems import domain_error_response
from mallard.kernel.ui.errors import render_error

SUSPICIOUS_SECONDS = 4.0
PROBE_SECONDS = 3
HOPELESS_SECONDS = STATEMENT_TIMEOUT_MS / 1000 + 15
"""One frozen server process among healthy ones: its own limit has passed and it did not act."""
LOOK_SECONDS = 0.5

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class _Waiting:
    since: float
    connection: BaseDatabaseWrapper


class Watch:
    """The requests that this process is answering, and a thread that looks after them."""

    def __init__(self, answers: Callable[[], bool]) -> None:
        self._answers = answers
        self._lock = threading.Lock()
        self._requests: dict[int, _Waiting] = {}
        self._watcher: threading.Thread | None = None
        self._is_stalled = False

    @property
    def is_stalled(self) -> bool:
        """Whether the database did not answer when it was last asked."""
        return self._is_stalled

    def enter(self) -> None:
        """The calling thread begins to answer a request."""
        waiting = _Waiting(time.monotonic(), connections[DEFAULT_DB_ALIAS])
        with self._lock:
            self._requests[threading.get_ident()] = waiting
            if self._watcher is None or not self._watcher.is_alive():
                # Here and not at import: a forked server process has no threads of its parent.
                self._watcher = threading.Thread(
                    target=self._look_after, name="database-watch", daemon=True
                )
                self._watcher.start()

    def leave(self) -> None:
        """The calling thread has its answer. Afterwards its connection is not touched."""
        with self._lock:
            self._requests.pop(threading.get_ident(), None)

    def _look_after(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            if self._is_stalled or self._waiting_for(SUSPICIOUS_SECONDS):
                self._is_stalled = not self._answers()
            if self._is_stalled:
                self._shut(SUSPICIOUS_SECONDS)
            elif self._waiting_for(HOPELESS_SECONDS):
                self._shut(HOPELESS_SECONDS)

    def _waiting_for(self, seconds: float) -> bool:
        before = time.monotonic() - seconds
        with self._lock:
            return any(waiting.since < before for waiting in self._requests.values())

    def _shut(self, seconds: float) -> None:
        before = time.monotonic() - seconds
        count = 0
        with self._lock:
            for waiting in self._requests.values():
                if waiting.since < before:
                    count += _shut_socket(waiting.connection)
        if count:
            logger.warning("database_stalled", extra={"requests": count})


def _shut_socket(wrapper: BaseDatabaseWrapper) -> bool:
    """Shut the socket under a thread that waits on it; the thread sees a lost connection."""
    driver = wrapper.connection
    if driver is None:
        return False  # it is just connecting, which has a time limit of its own
    with suppress(psycopg.Error, OSError, ValueError):
        with socket.socket(fileno=os.dup(driver.fileno())) as connection:
            connection.shutdown(socket.SHUT_RDWR)
        return True
    return False


def database_answers() -> bool:
    """Whether a new connection gets an answer in a few seconds."""
    parameters = connections[DEFAULT_DB_ALIAS].get_connection_params()
    allowed = {"host", "port", "user", "password", "dbname", "sslmode", "sslrootcert"}
    known = {name: value for name, value in parameters.items() if name in allowed}
    try:
        # A new connection makes the server start a process and read its files: proof enough.
        psycopg.connect(**known, connect_timeout=PROBE_SECONDS).close()
    except psycopg.OperationalError as error:
        return "timeout" not in str(error).lower()  # "no": what waits will hear the same
    return True


watch = Watch(database_answers)


class DatabaseWatchMiddleware:
    """Puts each request under the process's watch; refuses it while the database stands still."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if watch.is_stalled:
            return _refused(request)
        watch.enter()
        try:
            return self.get_response(request)
        finally:
            watch.leave()


def _refused(request: HttpRequest) -> HttpResponseBase:
    error = Unavailable()
    # The middleware that chooses the language comes further in.
    with translation.override(translation.get_language_from_request(request)):
        if request.path.startswith(API_PREFIX):
            return domain_error_response(request, error)
        return render_error(request, error.status, error.sentence, code=error.code)
