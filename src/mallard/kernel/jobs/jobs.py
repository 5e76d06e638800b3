"""The queue's own housekeeping."""

from __future__ import annotations

from procrastinate.contrib.django import app

from mallard.kernel.jobs.declaration import periodic

KEEP_FINISHED_HOURS = 72
KEEP_FAILED_HOURS = 24 * 90


@periodic("17 * * * *")
def remove_finished_jobs() -> None:
    """Forget jobs that succeeded three days ago, and failed ones after a quarter."""
    task = app.tasks["procrastinate.builtin_tasks.remove_old_jobs"]
    task.defer(max_hours=KEEP_FINISHED_HOURS)
    task.defer(
        max_hours=KEEP_FAILED_HOURS,
        remove_failed=True,
        remove_cancelled=True,
        remove_aborted=True,
    )
