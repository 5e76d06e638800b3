"""Work beside each other: what processes say is heard, and so is that they fail or die."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest

from mallard.kernel.errors import Unavailable
from mallard.kernel.processes import (
    Failure,
    ProcessDiedError,
    Processes,
    ProcessFailedError,
    fitting_processes,
    work_beside_each_other,
)

# A process takes a second or two to come up: as few as will do.


def _fail_or_never_end(does_fail: bool) -> Iterator[int]:
    if does_fail:
        raise ValueError("seven")
    yield os.getpid()
    time.sleep(600)


def _be_hit(signals: tuple[int, ...]) -> Iterator[int]:
    for number in signals:
        os.kill(os.getpid(), number)
        yield number


def _note_twice(folder: str) -> Iterator[str]:
    Path(folder, "prepared").touch()
    yield "prepared"
    Path(folder, "done").touch()
    yield "done"


def test_nothing_beyond_the_first_is_done_until_somebody_asks(tmp_path: Path) -> None:
    with Processes(_note_twice, [str(tmp_path)], name="test") as processes:
        until = time.monotonic() + 60
        while not (tmp_path / "prepared").exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.3)
        assert not (tmp_path / "done").exists()
        assert list(processes.results()) == ["prepared", "done"]
    assert not active_children()


def test_who_never_asks_leaves_nobody_behind(tmp_path: Path) -> None:
    with Processes(_note_twice, [str(tmp_path)], name="test"):
        pass
    assert not active_children()
    assert not (tmp_path / "done").exists()


def test_an_error_is_raised_here_with_its_place_and_the_others_are_stopped() -> None:
    with pytest.raises(ValueError, match="seven") as raised:
        list(work_beside_each_other(_fail_or_never_end, [False, True], name="test"))
    assert "_fail_or_never_end" in raised.value.__notes__[0]
    assert not active_children()


def test_a_process_that_is_killed_is_missed_and_an_interrupt_is_left_to_the_parent() -> None:
    told = work_beside_each_other(_be_hit, [(signal.SIGINT, signal.SIGKILL)], name="test")
    assert next(told) == signal.SIGINT
    with pytest.raises(ProcessDiedError):
        next(told)
    assert not active_children()


def test_an_error_that_cannot_be_sent_is_named() -> None:
    sent = pickle.loads(pickle.dumps(Failure(Unavailable(seconds=7))))  # noqa: S301
    assert isinstance(sent.error, ProcessFailedError)
    assert str(sent.error) == "Unavailable"


@pytest.mark.parametrize(("cores", "expected"), [(None, 1), (1, 1), (2, 2), (64, 4)])
def test_there_are_as_many_processes_as_cores_within_a_limit(
    monkeypatch: pytest.MonkeyPatch, cores: int | None, expected: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert fitting_processes(4) == expected
