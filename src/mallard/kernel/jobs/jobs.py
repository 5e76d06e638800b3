"""The queue's own housekeeping."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app

from mallard.kernel.jobs.declaration import periodic

KEEP_FINISHED_HOURS = 72
KEEP_FAILED_HOURS = 24 * 90


@periodic("17 * * * *")
def remove_finished_jobs() -> None:
    """Forget jobs that succeeded three days ago, and failed ones after a quarter."""
    remove = async_to_sync(app.job_manager.delete_old_jobs)
    remove(nb_hours=KEEP_FINISHED_HOURS)
    remove(
        nb_hours=KEEP_FAILED_HOURS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
