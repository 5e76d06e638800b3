"""The real web server, in a process of its own, on the benchmark's database."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psutil

READY_SECONDS = 120
SETTINGS_MODULE = "mallard.bench.api.settings"


@dataclass(frozen=True, slots=True)
class Web:
    """A web server that answers on ``port``."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Processor time of the server and its workers so far."""
        leader = psutil.Process(self.process.pid)
        times = [each.cpu_times() for each in (leader, *leader.children(recursive=True))]
        return float(sum(each.user + each.system for each in times))


@contextmanager
def web_server(database: dict[str, Any], folder: Path) -> Iterator[Web]:
    """`mallard web` as production runs it, on ``database`` (psycopg's arguments)."""
    port = _free_port()
    variables = os.environ | {
        "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE,
        "MALLARD_DATABASE_URL": _url(database),
        "MALLARD_API_REQUESTS_PER_MINUTE": "10000000",
    }
    command = [sys.executable, "-m", "mallard.surfaces.cli.main", "web", "--port", str(port)]
    log = folder / "web.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=variables, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_until_ready(process, port, log)
        yield Web(port, process)
    finally:
        process.terminate()
        try:
            process.wait(45)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _url(database: dict[str, Any]) -> str:
    query = urlencode({"host": database["host"], "port": database["port"]})
    user, password = quote(database["user"]), quote(database["password"])
    return f"postgresql://{user}:{password}@/{database['dbname']}?{query}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"the web server does not answer:\n{end}")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
