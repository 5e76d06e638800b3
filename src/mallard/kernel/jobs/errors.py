"""What can be wrong with acting on a job."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, NotFound


class NoSuchJob(NotFound):
    code = "jobs.no_such_job"
    message = _("There is no such job: finished jobs are forgotten after some days.")


class JobIsNotFailed(Conflict):
    code = "jobs.job_is_not_failed"
    message = _("Only a job that was given up can be tried again.")


class JobHasBegun(Conflict):
    code = "jobs.job_has_begun"
    message = _("Only a job that still waits can be cancelled.")


class SameJobWaits(Conflict):
    code = "jobs.same_job_waits"
    message = _("The same job waits already; there is no need to try this one again.")
