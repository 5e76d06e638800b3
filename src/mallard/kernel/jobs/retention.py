"""How long jobs are kept. The queue prunes its own tables (`jobs.remove_finished_jobs`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.jobs.services import prune_failures_of_gone_jobs
from mallard.kernel.jobs.settings import KEPT_FAILED_DAYS
from mallard.kernel.retention.declaration import keep_for, keep_with

keep_for("procrastinate.ProcrastinateJob", KEPT_FAILED_DAYS, prune=None)
keep_with("procrastinate.ProcrastinateEvent", "procrastinate.ProcrastinateJob")
keep_with("procrastinate.ProcrastinatePeriodicDefer", "procrastinate.ProcrastinateJob")
keep_for("procrastinate.ProcrastinateWorker", _("While it gives signs of life"), prune=None)
keep_for("jobs.JobFailure", KEPT_FAILED_DAYS, prune=prune_failures_of_gone_jobs)
