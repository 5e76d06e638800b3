"""The job that is locked while somebody acts on it."""

from __future__ import annotations

from procrastinate.contrib.django.models import ProcrastinateJob

from mallard.kernel.jobs.errors import NoSuchJob


def lock_job(job_id: int) -> ProcrastinateJob:
    """The job, locked until the end of the transaction. Raises `NoSuchJob`."""
    found = ProcrastinateJob.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
    if found is None:
        raise NoSuchJob()
    return found
