from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mallard.kernel.database.layout import Layout
from mallard.kernel.database.server import Server
from mallard.kernel.database.testing import copy_migrated_home
from mallard.surfaces.cli.main import mallard
from mallard.surfaces.cli.up import answers

MALLARD = [sys.executable, "-m", "mallard.surfaces.cli.main"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    Server(Layout(tmp_path / "home")).stop()


def variables(home: Path) -> dict[str, str]:
    return os.environ | {"MALLARD_HOME": str(home)}


def run(home: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MALLARD, *arguments],
        env=variables(home),
        input=text,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_help_lists_built_in_and_added_commands() -> None:
    result = CliRunner().invoke(mallard, ["--help"])
    assert result.exit_code == 0, result.output
    for name in ("up", "web", "worker", "migrate", "psql", "manage", "demo", "bench"):
        assert f"\n  {name} " in result.output


def test_an_unknown_command_is_refused() -> None:
    result = CliRunner().invoke(mallard, ["fly"])
    assert result.exit_code == 2
    assert "No such command 'fly'" in result.output


def test_psql_runs_on_the_products_database_and_leaves_nothing_running(home: Path) -> None:
    result = run(home, "psql", "-At", text="SELECT current_user, current_database();\n")
    assert result.returncode == 0, result.stderr
    assert result.stdout == "mallard|mallard\n"
    assert not Server(Layout(home)).is_running()


def test_psql_hands_on_its_exit_status(home: Path) -> None:
    assert run(home, "psql", "-v", "ON_ERROR_STOP=1", text="SELECT 1/0;\n").returncode == 3


def test_migrate_then_dump_then_manage(home: Path) -> None:
    copy_migrated_home(home)  # what `mallard migrate` makes of an empty place
    assert run(home, "migrate").returncode == 0
    dump = run(home, "pg-dump", "--schema-only")
    assert "CREATE TABLE public.procrastinate_jobs" in dump.stdout
    checked = run(home, "manage", "migrate", "--check")
    assert checked.returncode == 0, checked.stderr


def test_what_an_operator_can_mend_is_a_sentence(home: Path) -> None:
    layout = Layout(home)
    layout.data.mkdir(parents=True)
    (layout.data / "PG_VERSION").write_text("16\n")
    result = run(home, "psql")
    assert result.returncode == 1
    assert result.stderr.startswith("mallard: The database in ")
    assert "Traceback" not in result.stderr


def test_a_terminated_command_stops_the_database_it_had_started(home: Path) -> None:
    process = subprocess.Popen(
        [*MALLARD, "worker"], env=variables(home), stderr=subprocess.PIPE, text=True
    )
    server = Server(Layout(home))
    deadline = time.monotonic() + 60
    while not server.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.is_running()
    process.terminate()
    process.communicate(timeout=60)
    assert not server.is_running()


def test_a_taken_port_is_said_at_once(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run(home, "up", "--port", str(port))
    assert result.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in result.stderr
    assert not home.exists() or not Server(Layout(home)).is_running()


def test_nobody_answers_where_nobody_listens() -> None:
    assert not answers("127.0.0.1", free_port())


def test_up_serves_survives_kills_and_stops_in_order(home: Path) -> None:
    copy_migrated_home(home)
    port = free_port()
    process = subprocess.Popen(
        [*MALLARD, "up", "--port", str(port), "--workers", "1"],
        env=variables(home),
        stderr=subprocess.PIPE,
        text=True,
    )
    server = Server(Layout(home))
    try:
        assert process.stderr is not None
        impatience = threading.Timer(170, process.terminate)
        impatience.start()
        lines = []
        for line in process.stderr:
            lines.append(line)
            if line.startswith("Mallard is ready"):
                break
        impatience.cancel()
        assert lines[-1] == f"Mallard is ready at http://127.0.0.1:{port}\n", "".join(lines)
        assert status(port) == 200

        database = server.pid()
        assert database is not None
        os.kill(database, signal.SIGKILL)
        wait_until(lambda: server.pid() not in {None, database})
        wait_until(lambda: status(port) == 200)
    finally:
        process.terminate()
        process.communicate(timeout=90)
    assert process.returncode == 0
    assert not server.is_running()
    assert not answers("127.0.0.1", port)


def status(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
