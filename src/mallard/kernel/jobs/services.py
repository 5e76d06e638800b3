"""Acting on jobs by hand."""

from __future__ import annotations

from django.db import IntegrityError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.jobs.errors import JobHasBegun, JobIsNotFailed, SameJobWaits
from mallard.kernel.jobs.locks import lock_job
from mallard.kernel.jobs.permissions import MANAGE_JOB


@atomic_retrying
def retry_job(job_id: int, *, actor: Actor) -> None:
    """Queue a job again that was given up. Raises `NoSuchJob`, `JobIsNotFailed`, `SameJobWaits`."""
    actor.require(MANAGE_JOB)
    found = lock_job(job_id)
    if found.status != "failed":
        raise JobIsNotFailed()
    if (
        found.queueing_lock
        and ProcrastinateJob.objects.filter(
            status="todo", queueing_lock=found.queueing_lock
        ).exists()
    ):
        raise SameJobWaits()
    try:
        app.job_manager.retry_job_by_id(job_id=job_id, retry_at=clock.now())
    except (IntegrityError, ConnectorException) as error:
        raise SameJobWaits() from error
    _record("jobs.job_retried", found, actor)


@atomic_retrying
def cancel_job(job_id: int, *, actor: Actor) -> None:
    """Cancel a job that still waits. Raises `NoSuchJob`, `JobHasBegun`."""
    actor.require(MANAGE_JOB)
    found = lock_job(job_id)
    if not app.job_manager.cancel_job_by_id(job_id):
        raise JobHasBegun()
    _record("jobs.job_cancelled", found, actor)


def _record(action: str, found: ProcrastinateJob, actor: Actor) -> None:
    values = {"job": found.pk, "task": found.task_name, "status": found.status}
    audit.record(actor, action, "job", None, before=values)


def prune_failures_of_gone_jobs(*, limit: int = 10_000) -> int:
    """Delete up to ``limit`` reasons whose job is no longer kept; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM jobs_failure WHERE id IN (SELECT f.id FROM jobs_failure AS f"
            " WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS j WHERE j.id = f.job_id)"
            " LIMIT %s)",
            [limit],
        )
        return cursor.rowcount
