"""Requests of one kind that wait at the same time are answered by one of them, in one go.

A batch of ten receipts costs little more than a batch of one, and so does its commit. So whoever
comes while nobody is at work goes to work at once, alone, without any delay; whoever comes
meanwhile waits, and when the first has ended, one of those who wait does the work of all of them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST = 32
PATIENCE_SECONDS = 1.0
"""Whoever has not been taken along by then goes alone: the one at work may be waiting for a lock
that does not concern the others."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(eq=False, slots=True)
class _Entry(Generic[Item, Answer]):
    item: Item
    is_awake: threading.Event = field(default_factory=threading.Event)
    is_leader: bool = False
    is_taken: bool = False
    answer: Answer | None = None


class Gathering(Generic[Item, Answer]):
    """``work`` takes items of one group, at most `MOST`, and answers each. It raises nothing: an
    item whose answer is None has to go alone."""

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Answer | None]]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._queues: OrderedDict[Hashable, list[_Entry[Item, Answer]]] = OrderedDict()
        """The groups that somebody is at work for, with those who wait for their turn."""

    def join(self, group: Hashable, item: Item) -> Answer | None:
        """The answer to ``item``; None: do it alone, nothing has been done."""
        entry: _Entry[Item, Answer] = _Entry(item)
        with self._lock:
            queue = self._queues.get(group)
            if queue is None:
                self._queues[group] = []
                entry.is_taken = True
            else:
                queue.append(entry)
        if entry.is_taken:
            return self._lead(group, entry, [])
        if not entry.is_awake.wait(PATIENCE_SECONDS):
            with self._lock:
                if not entry.is_taken:
                    self._queues[group].remove(entry)
                    return None
            entry.is_awake.wait()
        if entry.is_leader:
            return self._lead(group, entry, self._take(group))
        return entry.answer

    def _take(self, group: Hashable) -> list[_Entry[Item, Answer]]:
        with self._lock:
            queue = self._queues[group]
            taken, self._queues[group] = queue[: MOST - 1], queue[MOST - 1 :]
            for each in taken:
                each.is_taken = True
            return taken

    def _lead(
        self,
        group: Hashable,
        entry: _Entry[Item, Answer],
        others: list[_Entry[Item, Answer]],
    ) -> Answer | None:
        everyone = [entry, *others]
        try:
            answers = self._work([each.item for each in everyone])
            for each, answer in zip(everyone, answers, strict=True):
                each.answer = answer
        finally:
            self._hand_over(group)
            for each in others:
                each.is_awake.set()
        return entry.answer

    def _hand_over(self, group: Hashable) -> None:
        """Whoever waits longest is the next at work."""
        with self._lock:
            queue = self._queues[group]
            if not queue:
                del self._queues[group]
                return
            following = queue.pop(0)
            following.is_taken = following.is_leader = True
            following.is_awake.set()
