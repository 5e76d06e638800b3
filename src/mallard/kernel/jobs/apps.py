"""The Django app of background jobs. Their tables are procrastinate's, in the same database."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "mallard.kernel.jobs"
    label = "jobs"
