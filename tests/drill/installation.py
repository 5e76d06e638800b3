"""A Mallard of its own for a drill: a scratch data folder, `mallard up`, and its processes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg

from mallard.kernel.database.embedded import configuration
from mallard.kernel.database.layout import Layout
from mallard.kernel.database.server import Server
from mallard.kernel.database.testing import copy_migrated_home
from mallard.kernel.environment import PREFIX, Environment
from tests.drill.listener import HEARD_VARIABLE

CHECKOUT = Path(__file__).resolve().parents[2]
READY_SECONDS = 180
STOP_SECONDS = 90
SETTINGS_MODULE = "tests.drill.listener.settings"


def wait_for(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    """Wait until ``condition`` holds; a plain failure that names ``what`` when it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Installation:
    """One scratch data folder and what runs on it. Ends only what it started."""

    def __init__(
        self,
        folder: Path,
        *,
        settings_module: str = SETTINGS_MODULE,
        backup_folder: Path | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.environment = Environment(home=folder / "home")
        self.heard = folder / "heard.log"
        self.output = folder / "mallard.log"
        self._settings_module = settings_module
        self._backup_folder = backup_folder
        self._up: subprocess.Popen[bytes] | None = None

    @classmethod
    def prepared(cls, folder: Path, *, backup_folder: Path | None = None) -> Installation:
        """One whose tables are made: half a minute less for whoever does not try that."""
        installation = cls(folder, backup_folder=backup_folder)
        copy_migrated_home(installation.environment.home)
        return installation

    def variables(self) -> dict[str, str]:
        """The environment of every command on this installation."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        if self._backup_folder is not None:
            kept["MALLARD_BACKUP_FOLDER"] = str(self._backup_folder)
        return kept | {
            "DJANGO_SETTINGS_MODULE": self._settings_module,
            HEARD_VARIABLE: str(self.heard),
            "MALLARD_API_REQUESTS_PER_MINUTE": "10000000",
            "MALLARD_HOME": str(self.environment.home),
            "MALLARD_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(CHECKOUT),
        }

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a Python module of the product or of the drills to its end."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            env=self.variables(),
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
        return done

    def mallard(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.run("mallard.surfaces.cli.main", *arguments, check=check)

    def make_place(self, **figures: int) -> dict[str, Any]:
        """Make the small place, with an API key for the tills; the installation is up."""
        options = [part for name, n in figures.items() for part in (f"--{name}", str(n))]
        place: dict[str, Any] = json.loads(self.run("tests.drill.place", *options).stdout)
        return place

    # --- running it -------------------------------------------------------------------------

    @contextmanager
    def up(self) -> Iterator[None]:
        """`mallard up` runs inside the block and answers."""
        with self.output.open("ab") as output:
            self._up = subprocess.Popen(
                [
                    sys.executable, "-m", "mallard.surfaces.cli.main", "up",
                    "--port", str(self.port),
                ],
                env=self.variables(),
                cwd=CHECKOUT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )  # fmt: skip
        try:
            wait_for(self.answers, seconds=READY_SECONDS, what="mallard up to answer")
            yield
        finally:
            self._stop()

    def answers(self) -> bool:
        assert self._up is not None
        if self._up.poll() is not None:
            raise AssertionError(f"mallard up ended:\n{self.tail()}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _stop(self) -> None:
        assert self._up is not None
        self._up.send_signal(signal.SIGTERM)
        try:
            self._up.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for process in [*psutil.Process(self._up.pid).children(recursive=True)]:
                process.kill()
            self._up.kill()
            self._up.wait()
        Server(Layout(self.environment.home)).stop()

    def tail(self) -> str:
        return self.output.read_text(errors="replace")[-4000:]

    # --- its processes ----------------------------------------------------------------------

    def _children(self, *words: str) -> list[psutil.Process]:
        """The processes under `mallard up` that were started as this command."""
        assert self._up is not None
        found = []
        for process in psutil.Process(self._up.pid).children():
            try:
                line = process.cmdline()
            except psutil.Error:
                continue
            if all(word in line for word in words):
                found.append(process)
        return found

    def web(self) -> list[psutil.Process]:
        return self._children("mallard.surfaces.cli.main", "web")

    def worker(self) -> list[psutil.Process]:
        return self._children("mallard.surfaces.cli.main", "worker")

    def postmaster(self) -> psutil.Process | None:
        pid = Server(Layout(self.environment.home)).pid()
        return psutil.Process(pid) if pid else None

    def backends(self) -> list[psutil.Process]:
        """The server processes that work for a client, the busy ones first."""
        postmaster = self.postmaster()
        if postmaster is None:
            return []
        found = []
        for process in postmaster.children():
            try:
                title = " ".join(process.cmdline())
            except psutil.Error:
                continue
            if " mallard mallard " in f"{title} ":
                found.append((title.rstrip().endswith("idle"), process.pid, process))
        return [process for _is_idle, _pid, process in sorted(found, key=lambda each: each[:2])]

    def kill_everything(self) -> None:
        """As a machine that loses its power: every process at once, in the middle of its work."""
        assert self._up is not None
        leader = psutil.Process(self._up.pid)
        doomed = [leader, *leader.children(recursive=True)]
        postmaster = self.postmaster()
        if postmaster is not None:
            doomed += [postmaster, *postmaster.children()]
        for process in doomed:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self._up.wait()

    # --- its database -----------------------------------------------------------------------

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        settings = configuration(self.environment)
        with psycopg.connect(
            host=settings["HOST"],
            port=settings["PORT"],
            user=settings["USER"],
            password=settings["PASSWORD"],
            dbname=settings["NAME"],
            autocommit=True,
        ) as connection:
            yield connection

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with self.connection() as connection:
            return connection.execute(sql).fetchall()

    def has_listener(self) -> bool:
        return self._settings_module == SETTINGS_MODULE

    def undelivered(self) -> int:
        """Sales events that the listener has not written down yet."""
        known = (
            {line.split()[0] for line in self.heard.read_text().splitlines()}
            if (self.heard.exists())
            else set()
        )
        events = self.query("SELECT id::text FROM outbox_event WHERE name LIKE 'sales.%'")
        return len({event_id for (event_id,) in events} - known)
