"""One drill from end to end: a place, tills, kills, and the verdict."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.drill.acknowledged import Acknowledged
from tests.drill.errands import Shares
from tests.drill.installation import CHECKOUT, Installation, wait_for
from tests.drill.killing import Killer
from tests.drill.till import STATE
from tests.drill.verdict import Verdict, judge

DELIVERY_SECONDS = 300


@dataclass(frozen=True)
class Scale:
    """How large a drill is."""

    tills: int = 8
    acknowledgements: int = 20_000
    kills: int = 20
    members: int = 400
    stores: int = 6
    seed: int = 1
    shares: Shares = field(default_factory=Shares)
    limit_seconds: float = 1_500


@dataclass
class Report:
    """What a drill found, with its figures for people."""

    verdict: Verdict
    said: Acknowledged
    is_verified: bool
    verified: str
    struck: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    seconds: float = 0.0
    deliveries: int = 0

    def __str__(self) -> str:
        figures = {
            "acknowledged": self.said.items,
            "receipts": len(self.said.receipts),
            "returns": len(self.said.returns),
            "kills": len(self.struck),
            "connections broken": self.said.broken,
            "answered 503": self.said.unavailable,
            "events delivered": self.deliveries,
            "recovered in s": self.recoveries,
            "seconds": round(self.seconds),
            "ledger verify": "sound" if self.is_verified else "DRIFT",
        }
        return f"{figures}\n{self.verdict}"


class Tills:
    """The tills' processes, and the figures that they share while they run."""

    def __init__(self, installation: Installation, place: dict[str, Any], scale: Scale) -> None:
        self._scale = scale
        self.folder = installation.folder / "tills"
        self.folder.mkdir()
        (self.folder / "state").write_bytes(bytes(STATE.size * scale.tills))
        config = self.folder / "config.json"
        config.write_text(
            json.dumps(
                {
                    "port": installation.port,
                    "place": place,
                    "folder": str(self.folder),
                    "seed": scale.seed,
                    "shares": asdict(scale.shares),
                    "acknowledgements": -(-scale.acknowledgements // scale.tills),
                }
            )
        )
        self._errors = self.folder / "errors.log"
        with self._errors.open("wb") as errors:
            self._processes = [
                subprocess.Popen(
                    [sys.executable, "-m", "tests.drill.till", str(config), str(number)],
                    env=installation.variables(),
                    cwd=CHECKOUT,
                    stderr=errors,
                )
                for number in range(scale.tills)
            ]

    def _figures(self) -> list[tuple[int, int]]:
        content = (self.folder / "state").read_bytes()
        return [
            STATE.unpack_from(content, number * STATE.size) for number in range(self._scale.tills)
        ]

    def in_flight(self) -> int:
        return sum(flying for flying, _count in self._figures())

    def acknowledged(self) -> int:
        return sum(count for _flying, count in self._figures())

    def complain_if_one_ended_badly(self) -> None:
        if any(process.poll() not in (None, 0) for process in self._processes):
            raise AssertionError(f"a till gave up:\n{self._errors.read_text()[-3000:]}")

    def have_ended(self) -> bool:
        self.complain_if_one_ended_badly()
        return all(process.poll() == 0 for process in self._processes)

    def end(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait()


def exercise(
    installation: Installation,
    scale: Scale,
    *,
    prepare: Callable[[Installation], object] | None = None,
) -> Report:
    """Make a place, run the tills, strike evenly over their acknowledgements, judge the end.

    The installation is up. ``prepare`` may damage it before the first sale. Raises AssertionError
    when it does not come back.
    """
    place = installation.make_place(members=scale.members, stores=scale.stores, seed=scale.seed)
    if prepare is not None:
        prepare(installation)
    began = time.monotonic()
    tills = Tills(installation, place, scale)
    killer = Killer(installation, tills.in_flight, tills.acknowledged)
    try:
        for number in range(scale.kills):
            due = scale.acknowledgements * (number + 1) // (scale.kills + 2)
            wait_for(
                lambda due=due: tills.acknowledged() >= due or tills.have_ended(),
                seconds=scale.limit_seconds,
                what=f"{due} acknowledgements",
            )
            killer.strike()
        wait_for(tills.have_ended, seconds=scale.limit_seconds, what="the tills to finish")
    finally:
        tills.end()
    report = report_of(installation, place, tills.folder)
    report.struck, report.recoveries = killer.struck, killer.recoveries
    report.seconds = time.monotonic() - began
    return report


def report_of(installation: Installation, place: dict[str, Any], folder: Path) -> Report:
    """Judge what the tills in ``folder`` were told, once every event has been delivered."""
    is_listening = installation.has_listener()
    if is_listening:
        wait_for(
            lambda: installation.undelivered() == 0,
            seconds=DELIVERY_SECONDS,
            what="every event to be delivered",
        )
    said = Acknowledged.read(folder)
    heard = installation.heard if is_listening else None
    verified = installation.mallard("ledger", "verify", check=False)
    return Report(
        verdict=judge(place, said, installation.query, heard=heard),
        said=said,
        is_verified=verified.returncode == 0,
        verified=verified.stdout + verified.stderr,
        deliveries=len(heard.read_text().splitlines()) if heard else 0,
    )
