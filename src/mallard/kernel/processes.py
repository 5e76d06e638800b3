"""Work in several processes beside each other, on this process's database.

Python uses one core at a time; what can be divided is done in processes of its own. They are
started anew, tell through pipes how far they are, and never outlive whoever started them.

This module is imported in a new process before Django is set up: it may not need models.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from multiprocessing import connection as pipes
from multiprocessing import get_context, parent_process
from typing import Any, Generic, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

from mallard.kernel.collecting import BULK_THRESHOLDS

P = TypeVar("P")
M = TypeVar("M")

STOP_SECONDS = 10


class ProcessDiedError(Exception):
    """A process ended before its work did: it was killed, or there was no memory left."""


class ProcessFailedError(Exception):
    """What went wrong in a process, where its own error cannot be sent: its kind, and no more."""


def fitting_processes(most: int) -> int:
    """How many processes this machine has cores for: at least one, at most ``most``."""
    return max(1, min(most, os.cpu_count() or 1))


def work_beside_each_other(
    work: Callable[[P], Iterator[M]], plans: Sequence[P], *, name: str
) -> Iterator[M]:
    """Do ``work`` on each plan in a process of its own; yields what all of them yield, as it comes.

    See `Processes` for what ``work`` may be and for what is raised. The processes are stopped when
    the caller stops listening.
    """
    with Processes(work, plans, name=name) as processes:
        yield from processes.results()


class Processes(Generic[P, M]):
    """``work`` on each plan in a process of its own, until the ``with`` block ends.

    They begin at once, but none goes beyond what it yields first until `results` are asked for:
    whoever makes them early has their preparations done beside other work.

    ``work`` is a function of a module; plans, and what it yields, can be pickled. It sees what is
    committed, on a connection of its own, in Django as ``DJANGO_SETTINGS_MODULE`` says: nothing
    that this process has set otherwise, its clock and its transaction among it. ``name`` is what
    the processes are called.
    """

    def __init__(self, work: Callable[[P], Iterator[M]], plans: Sequence[P], *, name: str) -> None:
        context = get_context("spawn")
        address = database_address()
        self._pipes: list[Any] = []
        self._workers = []
        for number, plan in enumerate(plans):
            ours, theirs = context.Pipe()
            task = pickle.dumps((work, plan))
            worker = context.Process(
                target=_work, args=(task, address, theirs), name=f"{name} {number}", daemon=True
            )
            worker.start()
            theirs.close()
            self._pipes.append(ours)
            self._workers.append(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for pipe in self._pipes:
            pipe.close()
        for worker in self._workers:
            worker.terminate()
            worker.join(STOP_SECONDS)

    def results(self) -> Iterator[M]:
        """Let them go on; yields what all of them yield, as it comes. To be asked for once.

        Raises:
            Exception: the first that ``work`` raised, with a note of its place. The other
                processes go on until the block ends.
            ProcessFailedError: in place of an error that cannot be pickled.
            ProcessDiedError: a process ended without a word.
        """
        for pipe in self._pipes:
            with suppress(OSError):  # it has died: that is heard below
                pipe.send(None)
        listening = list(self._pipes)
        while listening:
            ready: Any
            for ready in pipes.wait(listening):
                is_done, message = _heard(ready)
                if is_done:
                    listening.remove(ready)
                else:
                    yield message
        for worker in self._workers:
            worker.join()


def _heard(pipe: Any) -> tuple[bool, Any]:
    """Whether a process has come to its end, and otherwise what it says."""
    try:
        is_done, message = pipe.recv()
    except (EOFError, ConnectionResetError):
        raise ProcessDiedError("a process ended before its work did") from None
    if isinstance(message, Failure):
        raise message.error
    return is_done, message


class Failure:
    """An error on its way to the process that started this one."""

    def __init__(self, error: Exception) -> None:
        # The place without the text: that could quote somebody.
        place = "".join(traceback.format_tb(error.__traceback__))
        try:
            self.error = pickle.loads(pickle.dumps(error))  # noqa: S301 our own, a line above
        except Exception:
            self.error = ProcessFailedError(type(error).__qualname__)
        self.error.add_note(f"In a process of its own:\n{place}")


def _work(task: bytes, address: Mapping[str, Any], pipe: Any) -> None:
    """Work on a plan and tell what comes of it. Runs in a process of its own."""
    # Ctrl-C is the parent's: it stops its workers in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # What is here stays, and bulk work makes no cycles: looking through all of it again and again
    # would cost a tenth of the time.
    gc.set_threshold(*BULK_THRESHOLDS)
    import django

    django.setup()
    connections[DEFAULT_DB_ALIAS].settings_dict.update(address)
    with closing(pipe):
        try:
            # Only now: to know the work is to import it, models and all.
            work, plan = pickle.loads(task)  # noqa: S301 from the parent
            gc.freeze()
            for number, message in enumerate(work(plan)):
                pipe.send((False, message))
                if number == 0:
                    pipe.recv()
        except Exception as error:
            pipe.send((True, Failure(error)))
        else:
            pipe.send((True, None))
        connections.close_all()


def _end_with_parent() -> None:
    """Work whose parent was killed must not go on behind the back of whoever starts it again."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def database_address() -> dict[str, Any]:
    """Where this process's database is, for a process that is to work on the same."""
    settings = connections[DEFAULT_DB_ALIAS].settings_dict
    return {name: settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
