"""A database that hangs or throws everybody out: a clean refusal, then on as before."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.drill.exercise import Scale, Tills, report_of
from tests.drill.installation import Installation, wait_for

pytestmark = [pytest.mark.drill, pytest.mark.timeout(900)]

STALL_SECONDS = 30
ANSWER_WITHIN_SECONDS = 15
RECOVER_WITHIN_SECONDS = 5
SCALE = Scale(acknowledgements=2_000, kills=0, members=60, stores=4)


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    seconds: float


def ask(installation: Installation, key: str) -> Answer:
    """Ask the API for the stores, however long it takes."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=60)
    try:
        connection.request("GET", "/api/v1/stores", headers={"Authorization": f"Bearer {key}"})
        response = connection.getresponse()
        response.read()
        kind = response.headers.get("Content-Type", "")
        return Answer(response.status, kind, time.monotonic() - began)
    finally:
        connection.close()


@contextmanager
def stopped_database(installation: Installation) -> Iterator[None]:
    """Every process of the server stands still inside the block."""
    postmaster = installation.postmaster()
    assert postmaster is not None
    stopped = [postmaster, *postmaster.children()]
    for process in stopped:
        process.suspend()
    try:
        yield
    finally:
        for process in reversed(stopped):
            try:
                os.kill(process.pid, signal.SIGCONT)
            except ProcessLookupError:
                continue


def test_a_frozen_database_is_refused_cleanly_and_left_behind_in_seconds(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    with installation.up():
        place = installation.make_place(members=60, stores=4)
        tills = Tills(installation, place, SCALE)
        try:
            wait_for(lambda: tills.acknowledged() > 200, seconds=120, what="sales")
            with stopped_database(installation):
                began = time.monotonic()
                answers = []
                while time.monotonic() - began < STALL_SECONDS:
                    answers.append(ask(installation, place["key"]))
            before, began = tills.acknowledged(), time.monotonic()
            wait_for(
                lambda: tills.acknowledged() > before + 8,
                seconds=60,
                what="sales after the database went on",
            )
            recovered = time.monotonic() - began
            wait_for(tills.have_ended, seconds=600, what="the tills to finish")
        finally:
            tills.end()
        report = report_of(installation, place, tills.folder)
    print(f"answers while it stood still: {answers}; recovered in {recovered:.1f} s\n{report}")
    assert answers
    for answer in answers:
        assert answer.status == 503, answers
        assert answer.kind.startswith("application/problem+json"), answers
        assert answer.seconds < ANSWER_WITHIN_SECONDS, answers
    assert recovered < RECOVER_WITHIN_SECONDS
    assert report.is_verified, report.verified
    assert report.verdict.is_green, str(report)


def test_sessions_thrown_out_by_the_database_cost_no_sale(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    with installation.up():
        place = installation.make_place(members=60, stores=4)
        tills = Tills(installation, place, SCALE)
        thrown_out = 0
        try:
            for _time in range(5):
                before = tills.acknowledged()
                wait_for(
                    lambda before=before: tills.acknowledged() > before + 100,
                    seconds=120,
                    what="sales",
                )
                wait_for(tills.in_flight, seconds=30, what="requests in flight")
                thrown_out += len(
                    installation.query(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE usename = current_user AND pid <> pg_backend_pid()"
                    )
                )
                before, began = tills.acknowledged(), time.monotonic()
                wait_for(
                    lambda before=before: tills.acknowledged() > before + 8,
                    seconds=60,
                    what="sales after everybody was thrown out",
                )
                assert time.monotonic() - began < RECOVER_WITHIN_SECONDS
            wait_for(tills.have_ended, seconds=600, what="the tills to finish")
        finally:
            tills.end()
        report = report_of(installation, place, tills.folder)
    print(f"{thrown_out} sessions ended\n{report}")
    assert thrown_out >= 5
    assert report.is_verified, report.verified
    assert report.verdict.is_green, str(report)
