"""Web processes leave the socket to their successor without a connection that is lost."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mallard.surfaces.cli import serving

APPLICATION = """
import os, time

def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep(2)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [os.environ["WHO"].encode()]
"""
SERVER = """
import sys
from granian.log import LogLevels
from mallard.surfaces.cli import serving

serving.APPLICATION = "served:application"
serving.DRAIN_SECONDS = 4
serving.web_server(
    listening=int(sys.argv[1]), workers=2, blocking_threads=4, backlog=128,
    log_level=LogLevels.warning,
).serve()
"""


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[socket.socket]:
    (tmp_path / "served.py").write_text(APPLICATION, "utf-8")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen(128)
        yield found


@contextmanager
def server(who: str, listening: socket.socket, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(listening.fileno())],
        env={**os.environ, "WHO": who, "PYTHONPATH": str(folder)},
        pass_fds=[listening.fileno()],
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def connect(listening: socket.socket) -> Iterator[Callable[[], http.client.HTTPConnection]]:
    made: list[http.client.HTTPConnection] = []

    def one() -> http.client.HTTPConnection:
        line = http.client.HTTPConnection("127.0.0.1", listening.getsockname()[1], timeout=20)
        line.connect()
        made.append(line)
        return line

    yield one
    for line in made:
        line.close()


def ask(line: http.client.HTTPConnection, path: str = "/") -> tuple[str, str | None]:
    """Who answered, and what became of the connection."""
    line.request("GET", path)
    answer = line.getresponse()
    return answer.read().decode(), answer.getheader("Connection")


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_who_drains_serves_the_connections_it_has_and_takes_no_new_ones(
    listening: socket.socket, connect: Callable[[], http.client.HTTPConnection], tmp_path: Path
) -> None:
    with server("old", listening, tmp_path) as old:
        kept = [connect() for _ in range(6)]
        assert [ask(line) for line in kept] == [("old", None)] * 6
        fresh = connect()  # no request on it yet
        busy = connect()
        busy.request("GET", "/slow")
        time.sleep(0.5)

        old.send_signal(signal.SIGUSR2)
        time.sleep(0.5)
        late = connect()
        late.request("GET", "/")  # waits for whoever serves next
        assert [ask(line) for line in kept[:5]] == [("old", "close")] * 5
        assert ask(fresh) == ("old", "close")
        answer = busy.getresponse()
        assert (answer.read(), answer.getheader("Connection")) == (b"old", "close")

        with server("new", listening, tmp_path):
            assert late.getresponse().read() == b"new"
            assert {ask(connect())[0] for _ in range(10)} == {"new"}
            wait_for(lambda: old.poll() is not None)
            assert old.returncode == 0
            assert ask(connect()) == ("new", None)


def test_an_answer_that_a_drain_overtakes_sends_its_caller_away_too() -> None:
    """The drain begins while the application still works on the answer."""
    sent: list[list[tuple[str, str]]] = []
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        descriptor = os.dup(listening.fileno())

        def application(_environ: object, start_response: Callable[..., object]) -> list[bytes]:
            draining.begin()
            start_response("200 OK", [("A", "b")])
            return [b""]

        draining = serving.Draining(application, descriptor)
        draining({}, lambda _status, headers, *_rest: sent.append(headers))  # type: ignore[arg-type,return-value]
        with socket.socket(fileno=descriptor) as left:
            assert left.getsockname() != listening.getsockname()
    assert sent == [[("A", "b"), ("Connection", "close")]]


def test_a_drain_outlasts_what_an_idle_connection_may_be_silent() -> None:
    assert serving.DRAIN_SECONDS > serving.IDLE_SECONDS
