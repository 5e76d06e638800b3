from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from mallard.kernel.http import gathering
from mallard.kernel.http.gathering import Gathering


class Desk:
    """Work that stands still until it is let go, and tells what it was given."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.began = threading.Semaphore(0)
        self.may_go = threading.Semaphore(0)

    def __call__(self, items: Sequence[int]) -> list[str | None]:
        self.batches.append(list(items))
        self.began.release()
        assert self.may_go.acquire(timeout=20)
        return [None if item < 0 else f"done {item}" for item in items]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PATIENCE_SECONDS", 20.0)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def wait_until(is_so: Callable[[], bool]) -> None:
    step = threading.Event()
    for _look in range(2_000):
        if is_so():
            return
        step.wait(0.01)
    raise AssertionError("it did not come to that")


def waiting(gathered: Gathering[int, str], group: str = "a") -> int:
    return len(gathered._queues.get(group, ()))


def test_one_alone_waits_for_nobody(desk: Desk) -> None:
    desk.may_go.release(2)
    gathered = Gathering(desk)
    assert [gathered.join("a", 1), gathered.join("a", 2)] == ["done 1", "done 2"]
    assert desk.batches == [[1], [2]]
    assert not gathered._queues


def test_who_comes_meanwhile_is_answered_together(desk: Desk) -> None:
    gathered = Gathering(desk)
    with ThreadPoolExecutor(40) as pool:
        first = pool.submit(gathered.join, "a", 0)
        assert desk.began.acquire(timeout=20)
        rest = [pool.submit(gathered.join, "a", number) for number in range(1, 40)]
        wait_until(lambda: waiting(gathered) == 39)
        desk.may_go.release(3)
        assert first.result(20) == "done 0"
        assert [each.result(20) for each in rest] == [f"done {number}" for number in range(1, 40)]
    assert [len(batch) for batch in desk.batches] == [1, gathering.MOST, 39 - gathering.MOST]
    assert not gathered._queues


def test_groups_do_not_wait_for_each_other(desk: Desk) -> None:
    gathered = Gathering(desk)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(gathered.join, "a", 1), pool.submit(gathered.join, "b", 2)]
        assert desk.began.acquire(timeout=20)
        assert desk.began.acquire(timeout=20)
        desk.may_go.release(2)
        assert [each.result(20) for each in both] == ["done 1", "done 2"]


def test_what_is_not_answered_goes_alone(desk: Desk) -> None:
    desk.may_go.release()
    assert Gathering(desk).join("a", -1) is None


def test_impatience_goes_alone_and_leaves_nothing_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "PATIENCE_SECONDS", 0.01)
    gathered = Gathering(desk)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(gathered.join, "a", 1)
        assert desk.began.acquire(timeout=20)
        assert gathered.join("a", 2) is None
        desk.may_go.release()
        assert first.result(20) == "done 1"
    assert desk.batches == [[1]]
    assert not gathered._queues


def test_work_that_breaks_holds_up_nobody() -> None:
    began, may_go = threading.Semaphore(0), threading.Semaphore(0)

    def work(items: Sequence[int]) -> list[str | None]:
        began.release()
        assert may_go.acquire(timeout=20)
        if 1 in items:
            raise LookupError
        return [f"done {item}" for item in items]

    gathered = Gathering(work)
    with ThreadPoolExecutor(3) as pool:
        broken: Future[str | None] = pool.submit(gathered.join, "a", 1)
        assert began.acquire(timeout=20)
        others = [pool.submit(gathered.join, "a", number) for number in (2, 3)]
        wait_until(lambda: waiting(gathered) == 2)
        may_go.release(2)
        with pytest.raises(LookupError):
            broken.result(20)
        assert sorted(str(each.result(20)) for each in others) == ["done 2", "done 3"]
    assert not gathered._queues
