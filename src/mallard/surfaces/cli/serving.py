"""Granian on a socket that somebody else has opened, and that it can leave to a successor.

By itself Granian opens a socket a worker (SO_REUSEPORT). When one of those closes, the kernel
resets the connections that wait in its queue, so that following one process by another loses
requests. On one shared socket there is one queue, and whoever serves takes from it.

Asked to end, Granian closes at once every connection on which nothing is being answered: a request
that is on its way there is lost. So whoever is to be followed drains first (SIGUSR2). Its workers
stop accepting, and every answer says ``Connection: close``, whereupon the caller connects anew and
reaches the successor. A connection that stays idle for ``IDLE_SECONDS`` is closed by Granian on any
day; after ``DRAIN_SECONDS`` none is left that the end could close.
"""

from __future__ import annotations

import os
import pkgutil
import signal
import socket
import threading
from collections.abc import Iterable
from functools import partial
from types import FrameType
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from granian import Granian
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from mallard.kernel.http.generation import DRAIN_SIGNAL

APPLICATION = "mallard.config.wsgi:application"
IDLE_SECONDS = 30
"""How long a connection may be silent, the first one too, before it is closed."""
DRAIN_SECONDS = IDLE_SECONDS + 15
"""Whoever was being answered as the drain began may take some time before falling silent."""


class Draining:
    """An application that, once told, sends every caller to a new connection."""

    def __init__(self, application: WSGIApplication, listening: int) -> None:
        self._application = application
        self._listening = listening
        self._is_draining = False

    def begin(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        stop_accepting(self._listening)
        self._is_draining = True

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            # Looked at as late as possible: the drain may have begun while this was worked on.
            if self._is_draining:
                headers = [*headers, ("Connection", "close")]
            return start_response(status, headers, *rest)

        return self._application(environ, start)


def stop_accepting(listening: int) -> None:
    """Take no more connections from this socket, which other processes go on serving.

    Granian has no word for that, so its descriptor is made to lead to a socket that nobody knows.
    What waits in the queue, or comes, is left to whoever else accepts.
    """
    with socket.socket(socket.AF_UNIX) as nobody:
        nobody.setblocking(False)
        nobody.bind(b"")  # the kernel invents a name
        nobody.listen(1)
        os.dup2(nobody.fileno(), listening)


def _load(listening: int) -> WSGIApplication:
    """What each worker serves; called in it, as it starts."""
    draining = Draining(pkgutil.resolve_name(APPLICATION), listening)
    signal.signal(DRAIN_SIGNAL, draining.begin)
    return draining


class _Inheriting(Granian):  # type: ignore[misc, valid-type]
    """As Granian does it where the system has no SO_REUSEPORT: every worker accepts from one."""

    listening: int

    def serve(self) -> None:
        signal.signal(DRAIN_SIGNAL, self.drain)
        super().serve(target_loader=partial(_load, self.listening), wrap_loader=False)

    def _init_shared_socket(self) -> None:
        self._ssp = None
        self._sfd = self.listening
        self._sso = socket.socket(fileno=self.listening)
        self._sso.set_inheritable(True)
        self._shd = SocketHolder(self.listening, False, self.backlog)  # type: ignore[call-arg]

    def drain(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Let the workers send their callers to the successor; end when nobody is left."""
        if os.getpid() != self.pid:  # a worker that has just begun has this handler too
            return
        for worker in self.wrks:
            os.kill(worker.inner.pid, DRAIN_SIGNAL)
        end = threading.Timer(DRAIN_SECONDS, self.signal_handler_interrupt)
        end.daemon = True
        end.start()


def web_server(*, listening: int | None, **options: Any) -> Any:
    """A Granian; on the inherited socket ``listening``, or on one of its own for None.

    Connections speak HTTP/1.1 only: where Granian is to find out, it waits for the first byte
    without a limit.
    """
    options |= {
        "interface": Interfaces.WSGI,
        "http": HTTPModes.http1,
        "http1_settings": HTTP1Settings(header_read_timeout=IDLE_SECONDS * 1000),
    }
    if listening is None:
        return Granian(APPLICATION, **options)
    server = _Inheriting(APPLICATION, **options)
    server.listening = listening
    return server
