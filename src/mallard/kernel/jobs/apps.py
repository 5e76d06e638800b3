"""The Django app of background jobs. Their tables are procrastinate's, in the same database."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "mallard.kernel.jobs"
    label = "jobs"
    verbose_name = _("Background jobs")
