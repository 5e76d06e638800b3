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
from dataclasses import dataclass, field, replace
from types import FrameType

from mallard.kernel.database.embedded import restart
from mallard.kernel.database.errors import DatabaseServerError
from mallard.kernel.database.server import Server
from mallard.kernel.http.generation import DRAIN_SIGNAL, VARIABLE

POLL_SECONDS = 0.2
FIRST_DELAY_SECONDS = 0.25
LONGEST_DELAY_SECONDS = 5.0
RENEWAL_SECONDS = 180.0
LEAVING_SECONDS = 120.0
"""The longest that a web process whose successor serves may take to drain and to end."""
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
    """A command that should always run. Restarted after a delay that doubles while it fails.

    ``sockets`` are listening sockets that it inherits: a successor takes over from it on the same
    one, without a connection that is lost in between.
    """

    name: str
    command: Sequence[str]
    sockets: Sequence[int] = ()
    generation: int = 0
    deaths: int = 0
    restart_at: float = 0.0
    started_at: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C is ours, and leftovers can be found."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            start_new_session=True,
            preexec_fn=_end_with_parent,
            pass_fds=self.sockets,
            env={**os.environ, VARIABLE: str(self.generation)},
        )

    def successor(self) -> Child:
        """The same command once more, to run beside this one until it has come up."""
        return Child(self.name, self.command, self.sockets, self.generation + 1)

    def give_way_to(self, fresh: Child) -> Child:
        """The fresh process is the child from now on; returns the old one, which drains."""
        old = replace(self)
        self.process, self.generation = fresh.process, fresh.generation
        self.started_at, self.deaths = fresh.started_at, 0
        if old.process is not None and old.process.poll() is None:
            old.process.send_signal(DRAIN_SIGNAL)
        return old

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

    ``answers`` is asked until it is true the first time, then ``on_ready`` is called once. SIGUSR2
    renews the children from what is installed now: those with sockets one beside the other, until
    ``generation_answering`` says that the new one serves. The old ones are told to drain.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        server: Server | None,
        answers: Callable[[], bool],
        on_ready: Callable[[], None],
        say: Callable[[str], None],
        generation_answering: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._children = children
        self._server = server
        self._answers = answers
        self._on_ready = on_ready
        self._say = say
        self._generation_answering = generation_answering
        self._is_ready = False
        self._is_stopping = False
        self._must_renew = False
        self._leaving: list[tuple[Child, float]] = []
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
                    self._see_off()
                    if self._must_renew and self._is_ready and not self._leaving:
                        self._renew()
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

    def _renew(self) -> None:
        """Let what is installed now take over, without a request that fails."""
        self._must_renew = False
        self._say("renewing")
        for child in self._children:
            if child.sockets and not self._take_over(child):
                self._say(f"the new {child.name} does not come up: the old one goes on")
                return
        for child in self._children:
            if not child.sockets and not self._is_stopping:
                child.ask_to_stop()
                child.wait(time.monotonic() + STOP_SECONDS)
                child.start()
        self._say("renewed")

    def _take_over(self, child: Child) -> bool:
        fresh = child.successor()
        fresh.start()
        deadline = time.monotonic() + RENEWAL_SECONDS
        while self._generation_answering() != fresh.generation:
            if self._is_stopping or fresh.has_died() or time.monotonic() > deadline:
                fresh.ask_to_stop()
                fresh.wait(time.monotonic() + STOP_SECONDS)
                return False
            self._look_after_database()
            self._look_after(child)
            time.sleep(POLL_SECONDS)
        self._leaving.append((child.give_way_to(fresh), time.monotonic() + LEAVING_SECONDS))
        return True

    def _see_off(self) -> None:
        """Former web processes end by themselves; a renewal waits for that."""
        for old, deadline in list(self._leaving):
            if old.has_died():
                self._say(f"the former {old.name} has ended")
            elif time.monotonic() > deadline:
                self._say(f"the former {old.name} does not end: it is killed")
                old.wait(deadline)
            else:
                continue
            self._leaving.remove((old, deadline))

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
        everybody = [*self._children, *(old for old, _deadline in self._leaving)]
        for child in everybody:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in everybody:
            child.wait(deadline)

    @contextlib.contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            if not self._is_stopping:
                self._say("stopping")
            self._is_stopping = True

        def renew(_number: int, _frame: FrameType | None) -> None:
            self._must_renew = True

        numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        previous = {number: signal.signal(number, stop) for number in numbers}
        previous[signal.SIGUSR2] = signal.signal(signal.SIGUSR2, renew)
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
