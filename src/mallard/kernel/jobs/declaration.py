"""How an app declares what runs in the background.

    from mallard.kernel.jobs import job, periodic

    @job
    def deliver_mail(mail_id: str) -> None: ...

    deliver_mail.defer(mail_id=str(mail.id))  # inside the transaction that writes the mail

    @periodic("*/5 * * * *")
    def seal_audit_log() -> None: ...

Deferring writes a row on Django's connection: it commits, or vanishes, with the caller's rows. A
job may run more than once (a worker can die after the work and before the tick), so it calls one
idempotent service. Arguments are JSON: ids as text, never objects, never personal data.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, overload

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

P = ParamSpec("P")
R = TypeVar("R")

DEFAULT_RETRIES = 5
RETRY_BASE_SECONDS = 4
"""Retries wait 4, 16, 64, 256 and 1024 seconds: a neighbour may be down for a quarter hour."""


@overload
def job(function: Callable[P, R], /) -> Task[P, R, P]: ...


@overload
def job(
    *,
    queue: str = "default",
    lock: str | None = None,
    queueing_lock: str | None = None,
    retries: int = DEFAULT_RETRIES,
    priority: int = 0,
) -> Callable[[Callable[P, R]], Task[P, R, P]]: ...


def job(
    function: Callable[P, R] | None = None,
    /,
    *,
    queue: str = "default",
    lock: str | None = None,
    queueing_lock: str | None = None,
    retries: int = DEFAULT_RETRIES,
    priority: int = 0,
) -> Task[P, R, P] | Callable[[Callable[P, R]], Task[P, R, P]]:
    """Declare a background job. Called directly, the function runs at once; `defer` queues it.

    ``lock``: jobs with the same lock run one at a time, in order. ``queueing_lock``: at most one
    of them waits; deferring another raises ``procrastinate.exceptions.AlreadyEnqueued``.
    ``retries``: how often an error is tried again before the job is kept as failed; 0 for never.
    Jobs with a higher ``priority`` go first.
    """

    def declare(function: Callable[P, R]) -> Task[P, R, P]:
        return app.task(
            queue=queue,
            lock=lock,
            queueing_lock=queueing_lock,
            retry=_retry(retries),
            priority=priority,
            name=job_name(function),
        )(function)

    return declare if function is None else declare(function)


def periodic(
    cron: str, *, queue: str = "default", retries: int = 0, priority: int = 0
) -> Callable[[Callable[[], R]], Callable[[], R]]:
    """Declare a job that runs by the clock; the function takes no arguments.

    ``cron`` has five fields, in UTC, or six with seconds at the end. However many workers there
    are, each time is queued once; one run never overlaps another. While one waits, further ones
    are dropped, so a worker that was away does not catch up on all it missed. With ``retries`` 0
    the next time is the retry; give a few to a job that runs once a day. Returns the function
    itself, which tests and commands may call.
    """

    def declare(function: Callable[[], R]) -> Callable[[], R]:
        @functools.wraps(function)
        def tick(timestamp: int) -> R:
            return function()

        del tick.__wrapped__  # its own signature counts: the scheduler passes the time
        name = job_name(function)
        # A retried job with a queueing lock would collide with the next one already waiting.
        waiting = name if retries == 0 else None
        task: Any = app.task(
            queue=queue,
            lock=name,
            queueing_lock=waiting,
            retry=_retry(retries),
            priority=priority,
            name=name,
        )(tick)
        app.periodic(cron=cron)(task)
        return function

    return declare


def job_name(function: Callable[..., Any]) -> str:
    """The name kept in the database: the dotted path of ``function``."""
    return f"{function.__module__}.{function.__qualname__}"


def _retry(retries: int) -> RetryStrategy | bool:
    if retries == 0:
        return False
    return RetryStrategy(max_attempts=retries, exponential_wait=RETRY_BASE_SECONDS)
