"""The processes that record the feeds beside each other.

This module is imported in a new process before Django is set up: whatever needs models is imported
inside the work.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing import connection as pipes
from multiprocessing import get_context, parent_process
from typing import Any

STOP_SECONDS = 10


class RefusedReceiptsError(Exception):
    """The product refused receipts of the demo: the reading of the year is wrong."""


class FeedDiedError(Exception):
    """A process that recorded a feed ended before its feed did."""


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """What a process needs to record a feed: which one, of how much of the year
    (``most_visits``, None for all of it), and the database's address."""

    number: int
    feeds: int
    weeks: int
    batch_visits: int
    most_visits: int | None
    database: Mapping[str, Any]


class FeedProcesses:
    """A process for each feed. It begins by reading the year, and records once `record` is called:
    whoever makes them early has the reading done beside other work.

    Use it in a ``with`` block, whose end stops whatever still runs.
    """

    def __init__(self, plans: Sequence[FeedPlan]) -> None:
        context = get_context("spawn")
        self._workers = []
        self._pipes: list[Any] = []
        for plan in plans:
            ours, theirs = context.Pipe()
            worker = context.Process(target=_work, args=(plan, theirs), daemon=True)
            worker.start()
            theirs.close()
            self._workers.append(worker)
            self._pipes.append(ours)

    def __enter__(self) -> FeedProcesses:
        return self

    def __exit__(self, *_error: object) -> None:
        for worker in self._workers:
            worker.terminate()
            worker.join(STOP_SECONDS)

    def record(self, places: Mapping[int, int]) -> Iterator[int]:
        """Record every feed, beside each other; yields the visits done.

        ``places`` is how far each feed is when this begins.

        Raises:
            RefusedReceiptsError, FeedDiedError: the other feeds go on until the block ends; what
                they have committed stays, and the load can be started again.
        """
        done = dict(places)
        listening = list(self._pipes)
        for pipe in listening:
            _say_go(pipe)
        while listening:
            for ready in pipes.wait(listening):
                message = _heard(ready)
                if message is None:
                    listening.remove(ready)
                    continue
                number, visits = message
                done[number] = visits
                yield sum(done.values()) // len(done)
        for worker in self._workers:
            worker.join()


def _say_go(pipe: Any) -> None:
    # A process that has died in the meantime is told of where it is listened to.
    with suppress(OSError):
        pipe.send(None)


def _heard(pipe: Any) -> tuple[int, int] | None:
    """A feed's number and place; None when it has come to its end."""
    try:
        message: tuple[int, int] | str | None = pipe.recv()
    except (EOFError, OSError):
        raise FeedDiedError("a process that recorded receipts ended before its work did") from None
    if isinstance(message, str):
        raise RefusedReceiptsError(message)
    return message


def _work(plan: FeedPlan, pipe: Any) -> None:
    """Read the year, wait to be told, record a feed and tell how far it is.

    Runs in a process of its own.
    """
    # Ctrl-C is the parent's: it stops its workers in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import django

    django.setup()
    from django.db import connections

    from mallard.demo.feeds import record_feed
    from mallard.demo.products import names_of_goods
    from mallard.demo.receipts import Year
    from mallard.demo.source import open_source

    connections["default"].settings_dict.update(plan.database)
    with closing(pipe), open_source(threads=1, is_checked=True) as source:
        year = Year(source, most_visits=plan.most_visits)
        names = names_of_goods(source)
        # What is here now stays until the end, and a batch makes no cycles: looking through all
        # of it again and again would cost a sixth of the time.
        gc.freeze()
        gc.set_threshold(200_000, 20, 100)
        pipe.recv()
        try:
            for message in record_feed(year, names, plan):
                pipe.send(message)
        except RefusedReceiptsError as error:
            pipe.send(str(error))
        else:
            pipe.send(None)
        connections.close_all()


def _end_with_parent() -> None:
    """A load that is killed must not go on behind the back of whoever starts it again."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def database_address() -> dict[str, Any]:
    """Where this process's database is, for a process that is to work on the same."""
    from django.db import connections

    settings = connections["default"].settings_dict
    return {name: settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
