"""Kills one process after the other, as hard as it gets, while requests are in flight."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

from tests.drill.installation import Installation, wait_for

RECOVERY_SECONDS = 60


@dataclass
class Killer:
    """Each `strike` kills the next victim in turn: postmaster, a backend, web, worker."""

    installation: Installation
    in_flight: Callable[[], int]
    acknowledged: Callable[[], int]
    struck: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)

    def strike(self) -> None:
        """Kill the next victim with requests in flight, and see acknowledgements come again."""
        victims = (self._postmaster, self._backend, self._web, self._worker)
        name = victims[len(self.struck) % len(victims)]()
        before, began = self.acknowledged(), time.monotonic()
        self.struck.append(name)
        wait_for(
            lambda: self.acknowledged() > before + 8,
            seconds=RECOVERY_SECONDS,
            what=f"acknowledgements after the {name} was killed",
        )
        self.recoveries.append(round(time.monotonic() - began, 2))

    def _postmaster(self) -> str:
        wait_for(lambda: self.installation.postmaster(), seconds=60, what="the database")
        postmaster = self.installation.postmaster()
        assert postmaster is not None
        self._kill([postmaster])
        return "postmaster"

    def _backend(self) -> str:
        wait_for(lambda: self.installation.backends(), seconds=60, what="a backend")
        self._kill(self.installation.backends()[:1])
        return "backend"

    def _web(self) -> str:
        wait_for(lambda: self.installation.web(), seconds=60, what="the web server")
        leaders = self.installation.web()
        self._kill([*leaders, *(p for each in leaders for p in each.children(recursive=True))])
        return "web"

    def _worker(self) -> str:
        wait_for(lambda: self.installation.worker(), seconds=60, what="the worker")
        self._kill(self.installation.worker())
        return "worker"

    def _kill(self, processes: list[psutil.Process]) -> None:
        wait_for(self.in_flight, seconds=60, what="requests in flight")
        for process in processes:
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
