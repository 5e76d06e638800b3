"""Keeps the child processes of `mallard up` alive, and the database under them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType

from mallard.kernel.database.embedded import restart
from mallard.kernel.database.errors import DatabaseServerError
from mallard.kernel.database.server import Server

POLL_SECONDS = 0.2
FIRST_DELAY_SECONDS = 0.25
LONGEST_DELAY_SECONDS = 5.0
SETTLED_SECONDS = 30.0
HOPELESS_DEATHS = 5
STOP_SECONDS = 45.0
COMPLAIN_EVERY_SECONDS = 30.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent() -> None:
    """Ask Linux to end this child when its parent is killed without a chance to do so."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass
class Child:
    """A command that should always run. Restarted after a delay that doubles while it fails."""

    name: str
    command: Sequence[str]
    deaths: int = 0
    restart_at: float = 0.0
    started_at: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C is ours, and leftovers can be found."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command, start_new_session=True, preexec_fn=_end_with_parent
        )

    def has_died(self) -> bool:
        """Whether it ended since the last look; then its delay is set and leftovers are killed."""
        if self.process is None or self.process.poll() is None:
            return False
        self._kill_group(self.process.pid)
        self.process = None
        now = time.monotonic()
        self.deaths = 1 if now - self.started_at > SETTLED_SECONDS else self.deaths + 1
        delay = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (self.deaths - 1))
        self.restart_at = now + delay
        return True

    def is_due(self) -> bool:
        return self.process is None and time.monotonic() >= self.restart_at

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait until it has ended; kill it, and whatever it left, at ``deadline``."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self._kill_group(self.process.pid)
        self.process.wait()

    @staticmethod
    def _kill_group(leader: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


class Supervisor:
    """Runs ``children`` until a signal; restarts what dies, the embedded ``server`` included.

    ``answers`` is asked until it is true the first time, then ``on_ready`` is called once.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        server: Server | None,
        answers: Callable[[], bool],
        on_ready: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        self._children = children
        self._server = server
        self._answers = answers
        self._on_ready = on_ready
        self._say = say
        self._is_ready = False
        self._is_stopping = False
        self._complain_at = time.monotonic() + COMPLAIN_EVERY_SECONDS

    def run(self) -> bool:
        """Returns when everything but the database has stopped; False if it never came up."""
        with self._heeding_signals():
            try:
                for child in self._children:
                    child.start()
                while not self._is_stopping:
                    self._look_after_database()
                    for child in self._children:
                        self._look_after(child)
                    if self._is_hopeless():
                        self._say("giving up: Mallard does not start; see the messages above")
                        return False
                    self._look_whether_ready()
                    time.sleep(POLL_SECONDS)
            finally:
                self._stop_children()
        return True

    def _look_whether_ready(self) -> None:
        if self._is_ready:
            return
        if self._answers():
            self._is_ready = True
            self._on_ready()
        elif time.monotonic() > self._complain_at:
            self._say("Mallard does not answer yet; see the messages above, or wait")
            self._complain_at = time.monotonic() + COMPLAIN_EVERY_SECONDS

    def _look_after(self, child: Child) -> None:
        if child.has_died():
            self._say(f"{child.name} ended unexpectedly; starting it again")
        if child.is_due():
            child.start()

    def _look_after_database(self) -> None:
        if self._server is None or self._server.is_running():
            return
        self._say("the database ended unexpectedly; starting it again")
        try:
            restart(self._server, progress=self._say)
        except DatabaseServerError as error:
            self._say(str(error))
            time.sleep(LONGEST_DELAY_SECONDS)

    def _is_hopeless(self) -> bool:
        """Before it has ever answered, repeated deaths are a wrong set-up, not bad luck."""
        return not self._is_ready and any(
            child.deaths >= HOPELESS_DEATHS for child in self._children
        )

    def _stop_children(self) -> None:
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            child.wait(deadline)

    @contextlib.contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            if not self._is_stopping:
                self._say("stopping")
            self._is_stopping = True

        numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        previous = {number: signal.signal(number, stop) for number in numbers}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
