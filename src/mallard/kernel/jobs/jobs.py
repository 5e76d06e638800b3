"""The queue's own housekeeping."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app

from mallard.kernel.jobs.declaration import periodic
from mallard.kernel.jobs.settings import KEPT_FAILED_DAYS, KEPT_FINISHED_DAYS


@periodic("17 * * * *")
def remove_finished_jobs() -> None:
    """Forget jobs that succeeded some days ago, and failed ones later."""
    remove = async_to_sync(app.job_manager.delete_old_jobs)
    remove(nb_hours=24 * KEPT_FINISHED_DAYS.value)
    remove(
        nb_hours=24 * KEPT_FAILED_DAYS.value,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
