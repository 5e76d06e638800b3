"""The Django app of background jobs. The queue's tables are procrastinate's, beside ours."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "mallard.kernel.jobs"
    label = "jobs"
    verbose_name = _("Background jobs")

    def ready(self) -> None:
        from mallard.kernel.jobs.permissions import VIEW_JOB
        from mallard.kernel.ui import navigation

        navigation.register(
            navigation.Entry("settings", _("Background jobs"), "jobs:jobs", VIEW_JOB, order=61)
        )
