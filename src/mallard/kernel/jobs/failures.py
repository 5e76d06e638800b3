"""Notes why a job failed, in the worker, before the queue decides whether to try again."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError, InterfaceError
from procrastinate.job_context import JobContext
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

from mallard.kernel import clock
from mallard.kernel.faults.models import FaultKind
from mallard.kernel.faults.noting import note_fault
from mallard.kernel.http.logs import frames
from mallard.kernel.jobs.models import JobFailure

logger = logging.getLogger(__name__)


def note_failures(call_next: SyncCallNext, context: JobContext, _worker: Worker) -> Any:
    """Middleware of the worker: run the job; when it fails, keep the kind of error and place."""
    try:
        return call_next()
    except Exception as error:
        note_failure(context.job.id, context.job.attempts, error)
        note_fault(error, kind=FaultKind.JOB.value, route=context.job.task_name)
        raise


def note_failure(job_id: int | None, attempt: int, error: BaseException) -> None:
    """Keep why a try failed; a database that is away only loses the note."""
    logger.error("job_failed", exc_info=error, extra={"job": job_id})
    if job_id is None:
        return
    try:
        JobFailure.objects.create(
            job_id=job_id,
            attempt=attempt,
            failed_at=clock.now(),
            error=type(error).__qualname__[:200],
            frames=frames(error.__traceback__),
        )
    except (DatabaseError, InterfaceError):
        logger.warning("job_failure_not_noted", extra={"job": job_id})
