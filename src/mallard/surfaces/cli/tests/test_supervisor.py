from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mallard.kernel.database.embedded import running
from mallard.kernel.environment import Environment
from mallard.surfaces.cli import supervisor
from mallard.surfaces.cli.supervisor import Child, Supervisor

STEADY = "import time; time.sleep(600)"
FAILING = "raise SystemExit(3)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "open({mark!r}, 'w').close(); time.sleep(600)"
)
WITH_LEFTOVER = (
    "import subprocess, sys, time; "
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    "open({mark!r}, 'w').write(str(p.pid)); time.sleep(600)"
)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Watched:
    """A supervisor in this process, as `mallard up` runs it, and a script that acts beside it."""

    def __init__(
        self,
        *children: Child,
        ready: bool = True,
        server: object = None,
        generation: Callable[[], int | None] = lambda: None,
    ) -> None:
        self.children = children
        self.said: list[str] = []
        self.ready: list[int] = []
        self.errors: list[BaseException] = []
        self.supervisor = Supervisor(
            children,
            server=server,  # type: ignore[arg-type]
            answers=lambda: ready,
            on_ready=lambda: self.ready.append(1),
            say=self.said.append,
            generation_answering=generation,
        )

    def run(self, script: Callable[[], None]) -> bool:
        def act() -> None:
            try:
                script()
            except BaseException as error:
                self.errors.append(error)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        thread = threading.Thread(target=act)
        thread.start()
        try:
            return self.supervisor.run()
        finally:
            thread.join()
            assert self.errors == []

    def pid(self, index: int = 0) -> int:
        process = self.children[index].process
        return process.pid if process is not None else 0


def test_starts_says_so_once_and_stops_everything_when_asked() -> None:
    watched = Watched(Child("web", python(STEADY)), Child("worker", python(STEADY)))
    pids: list[int] = []

    def script() -> None:
        wait_for(lambda: watched.ready)
        time.sleep(0.5)
        pids.extend([watched.pid(0), watched.pid(1)])
        assert all(is_alive(pid) for pid in pids)

    assert watched.run(script) is True
    assert watched.ready == [1]
    assert watched.said == ["stopping"]
    assert not any(is_alive(pid) for pid in pids)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        yield found


def test_a_newer_web_process_takes_over_before_the_old_one_ends(
    listening: socket.socket, tmp_path: Path
) -> None:
    """The old one is asked to end only when the new one, which has the same socket, answers."""
    mark = tmp_path / "generations"
    code = (
        "import os, signal, socket, sys, time; "
        "signal.signal(signal.SIGUSR2, lambda *_: (time.sleep(1), sys.exit(0))); "
        f"socket.socket(fileno={listening.fileno()}).getsockname(); "
        f"open({str(mark)!r}, 'a').write(os.environ['MALLARD_GENERATION']); time.sleep(600)"
    )
    web = Child("web", python(code), sockets=(listening.fileno(),))
    both_lived: list[bool] = []
    pids: list[int] = []

    def generation() -> int | None:
        started = mark.read_text() if mark.exists() else ""
        if "1" in started and pids:
            both_lived.append(is_alive(pids[0]))
        return int(started[-1]) if started else None

    watched = Watched(web, Child("worker", python(STEADY)), generation=generation)

    def script() -> None:
        wait_for(lambda: watched.ready and mark.exists() and mark.read_text() == "0")
        pids.extend([watched.pid(0), watched.pid(1)])
        os.kill(os.getpid(), signal.SIGUSR2)
        wait_for(lambda: "renewed" in watched.said)
        wait_for(lambda: "the former web has ended" in watched.said)
        assert watched.pid(0) != pids[0]
        assert watched.pid(1) != pids[1]
        assert is_alive(watched.pid(0))
        assert not is_alive(pids[0])

    assert watched.run(script) is True
    assert both_lived
    assert all(both_lived)
    assert mark.read_text() == "01"


def test_a_former_web_process_that_does_not_end_is_killed(
    listening: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile children are looked after, and a second renewal waits."""
    monkeypatch.setattr(supervisor, "LEAVING_SECONDS", 3.0)
    mark = tmp_path / "generations"
    code = (
        "import os, signal, time; signal.signal(signal.SIGUSR2, signal.SIG_IGN); "
        f"open({str(mark)!r}, 'a').write(os.environ['MALLARD_GENERATION']); time.sleep(600)"
    )
    web = Child("web", python(code), sockets=(listening.fileno(),))
    watched = Watched(
        web,
        Child("worker", python(STEADY)),
        generation=lambda: int(mark.read_text()[-1]) if mark.exists() else None,
    )

    def script() -> None:
        wait_for(lambda: watched.ready and mark.exists())
        first = watched.pid(0)
        os.kill(os.getpid(), signal.SIGUSR2)
        wait_for(lambda: "renewed" in watched.said)
        os.kill(os.getpid(), signal.SIGUSR2)
        worker = watched.pid(1)
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: watched.pid(1) not in {0, worker})
        assert is_alive(first)
        assert watched.said.count("renewing") == 1
        wait_for(lambda: not is_alive(first))
        wait_for(lambda: watched.said.count("renewed") == 2)

    assert watched.run(script) is True
    assert "the former web does not end: it is killed" in watched.said
    assert mark.read_text() == "012"


def test_a_newer_web_process_that_does_not_come_up_leaves_the_old_one(
    listening: socket.socket, tmp_path: Path
) -> None:
    code = (
        "import os, sys, time; "
        "sys.exit(3) if os.environ['MALLARD_GENERATION'] != '0' else time.sleep(600)"
    )
    web = Child("web", python(code), sockets=(listening.fileno(),))
    watched = Watched(web, Child("worker", python(STEADY)), generation=lambda: 0)

    def script() -> None:
        wait_for(lambda: watched.ready)
        before = watched.pid(0), watched.pid(1)
        os.kill(os.getpid(), signal.SIGUSR2)
        wait_for(lambda: any("does not come up" in line for line in watched.said))
        assert (watched.pid(0), watched.pid(1)) == before
        assert is_alive(before[0])

    assert watched.run(script) is True
    assert "renewed" not in watched.said


def test_a_killed_child_is_started_again_and_the_other_left_alone() -> None:
    watched = Watched(Child("web", python(STEADY)), Child("worker", python(STEADY)))

    def script() -> None:
        wait_for(lambda: watched.ready)
        first, other = watched.pid(0), watched.pid(1)
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: watched.pid(0) not in {0, first})
        assert is_alive(watched.pid(0))
        assert watched.pid(1) == other

    assert watched.run(script) is True
    assert "web ended unexpectedly; starting it again" in watched.said


def test_what_a_killed_child_left_is_killed_too(tmp_path: Path) -> None:
    mark = tmp_path / "leftover"
    watched = Watched(Child("web", python(WITH_LEFTOVER.format(mark=str(mark)))))

    def script() -> None:
        wait_for(lambda: mark.exists() and mark.read_text())
        leftover = int(mark.read_text())
        assert is_alive(leftover)
        os.kill(watched.pid(), signal.SIGKILL)
        wait_for(lambda: not is_alive(leftover))

    watched.run(script)


def test_what_never_comes_up_is_given_up() -> None:
    watched = Watched(Child("web", python(FAILING)), ready=False)
    started = time.monotonic()

    def script() -> None:
        wait_for(lambda: any("giving up" in message for message in watched.said))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor, "FIRST_DELAY_SECONDS", 0.02)
        patch.setattr(signal, "SIGTERM", signal.SIGURG)  # it ends by itself; ask nothing of us
        assert watched.run(script) is False
    assert time.monotonic() - started < 20
    assert watched.ready == []


def test_delays_grow_and_are_bounded() -> None:
    child = Child("web", python(FAILING))
    delays = []
    for _ in range(8):
        child.start()
        assert child.process is not None
        child.process.wait()
        assert child.has_died()
        delays.append(round(child.restart_at - time.monotonic(), 1))
    assert delays == sorted(delays)
    assert delays[0] < 0.5
    assert delays[-1] == supervisor.LONGEST_DELAY_SECONDS


def test_a_child_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)
    mark = tmp_path / "deaf"
    watched = Watched(Child("worker", python(STUBBORN.format(mark=str(mark)))))
    pids: list[int] = []

    def script() -> None:
        wait_for(mark.exists)
        pids.append(watched.pid())

    assert watched.run(script) is True
    assert not is_alive(pids[0])


def test_a_killed_database_is_started_again(tmp_path: Path) -> None:
    with running(Environment(home=tmp_path / "home"), durable=False) as server:
        assert server is not None
        watched = Watched(Child("web", python(STEADY)), server=server)
        pids: list[int | None] = []

        def script() -> None:
            wait_for(lambda: watched.ready)
            pids.append(server.pid())
            os.kill(pids[0] or 0, signal.SIGKILL)
            wait_for(lambda: server.pid() not in {None, pids[0]})

        assert watched.run(script) is True
        assert server.is_running(), "the database outlives the children"
    assert not server.is_running()
