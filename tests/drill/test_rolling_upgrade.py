"""A newer version takes over while tills sell: no request fails.

Copies of the package lie side by side behind a link, as virtual environments would. Clients post
receipts all the time, on new connections or on ones that they keep, some without a pause and some
with pauses of up to what a connection may be silent; the link is switched and `mallard up` is told
to renew. Nobody tries again here: a request that is not answered by 201 has failed.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mallard.kernel.clock import now
from tests.drill.installation import CHECKOUT, Installation, wait_for

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1_200)]

PAUSES = [(0.0, 0.0), (0.0, 0.0), (0.2, 3.0), (0.2, 3.0), (5.0, 25.0), (5.0, 25.0)]
"""The least and the most seconds between two receipts of a client that keeps its connection."""
NEW_CONNECTIONS = 2
RENEWALS = 2
SECONDS_BETWEEN = 5.0
MARK = "X-Drill-Version"


class Versions:
    """`current` leads to the package that new processes run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current = folder / "current"
        self.number = 0

    def install(self) -> int:
        """A newer version, beside the others, and the link leads to it."""
        self.number += 1
        target = self.folder / f"version-{self.number}"
        shutil.copytree(
            CHECKOUT / "src", target, ignore=shutil.ignore_patterns("__pycache__", "tests")
        )
        health = target / "mallard" / "kernel" / "http" / "health.py"
        text = health.read_text("utf-8")
        marked = text.replace(
            '"Cache-Control": "no-store",',
            f'"Cache-Control": "no-store", "{MARK}": "{self.number}",',
        )
        assert marked != text
        health.write_text(marked, "utf-8")
        fresh = self.folder / "fresh"
        fresh.symlink_to(target)
        os.replace(fresh, self.current)
        return self.number


class Beside(Installation):
    """An installation whose processes run the package behind the link."""

    versions: Versions

    def variables(self) -> dict[str, str]:
        return super().variables() | {"PYTHONPATH": f"{self.versions.current}:{CHECKOUT}"}

    def renew(self) -> None:
        assert self._up is not None
        self._up.send_signal(signal.SIGUSR2)

    def seen_off(self) -> int:
        return self.output.read_text(errors="replace").count("the former web has ended")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Beside]:
    made = Beside(tmp_path / "rolling")
    made.versions = Versions(tmp_path)
    made.versions.install()
    with made.up():
        yield made


class Client(threading.Thread):
    """Posts receipts, one after the other, and notes every answer."""

    def __init__(
        self, number: int, port: int, place: dict[str, Any], pause: tuple[float, float] | None
    ) -> None:
        super().__init__(daemon=True)
        self.number, self.port, self.place, self.pause = number, port, place, pause
        self.chance = random.Random(number)
        self.answers: Counter[str] = Counter()
        self.is_over = threading.Event()

    def run(self) -> None:
        line: http.client.HTTPConnection | None = None
        count = 0
        while not self.is_over.is_set():
            count += 1
            try:
                if line is None:
                    line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.answers[self._post(line, count)] += 1
            except (OSError, http.client.HTTPException) as error:
                self.answers[repr(error)] += 1
                if line is not None:
                    line.close()
                line = None
            else:
                if self.pause is None:
                    line.close()
                    line = None
                else:
                    self.is_over.wait(self.chance.uniform(*self.pause))
        if line is not None:
            line.close()

    def _post(self, line: http.client.HTTPConnection, count: int) -> str:
        body = {
            "store": self.place["stores"][0]["code"],
            "number": f"ROLL-{self.number}-{count}",
            "occurred_at": now().isoformat(),
            "currency": self.place["currency"],
            "lines": [{"name": "Loaf", "amount_minor": 500}],
        }
        headers = {
            "Authorization": f"Bearer {self.place['key']}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"roll-{self.number}-{count}",
        }
        line.request("POST", "/api/v1/receipts", json.dumps(body).encode(), headers)
        response = line.getresponse()
        response.read()
        return str(response.status)


def version_answering(port: int) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", "/healthz")
        response = line.getresponse()
        response.read()
        return response.headers.get(MARK, "")
    finally:
        line.close()


def test_no_request_fails_while_newer_versions_take_over(installation: Beside) -> None:
    place = installation.make_place()
    pauses = [None] * NEW_CONNECTIONS + PAUSES
    clients = [
        Client(number, installation.port, place, pause) for number, pause in enumerate(pauses)
    ]
    for client in clients:
        client.start()
    time.sleep(SECONDS_BETWEEN)
    for renewal in range(1, RENEWALS + 1):
        newest = str(installation.versions.install())
        installation.renew()
        wait_for(
            lambda newest=newest: all(  # type: ignore[misc]
                version_answering(installation.port) == newest for _ in range(10)
            ),
            seconds=180,
            what=f"version {newest} to have taken over",
        )
        wait_for(
            lambda renewal=renewal: installation.seen_off() == renewal,  # type: ignore[misc]
            seconds=120,
            what="the former web processes to have ended",
        )
        time.sleep(SECONDS_BETWEEN)
    for client in clients:
        client.is_over.set()
    for client in clients:
        client.join(90)
    answers = sum((client.answers for client in clients), Counter[str]())
    print(f"\nanswers while {RENEWALS} newer versions took over: {dict(answers)}")
    assert set(answers) == {"201"}, answers
    assert answers["201"] > 20 * len(clients)
