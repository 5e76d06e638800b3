"""What an operator chooses about background jobs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

KEPT_FINISHED_DAYS = declare_setting(
    "jobs.kept_finished_days",
    _("Keep finished jobs for"),
    hint=_("Jobs that succeeded are deleted after this time."),
    default=3,
    minimum=1,
    maximum=30,
    unit=_("days"),
)
KEPT_FAILED_DAYS = declare_setting(
    "jobs.kept_failed_days",
    _("Keep failed jobs for"),
    hint=_("Until then a failed job can be looked at and tried again."),
    default=90,
    minimum=7,
    maximum=365,
    unit=_("days"),
)
