"""The Django app of the database's own machinery. It owns no table."""

from __future__ import annotations

from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "mallard.kernel.database"
    label = "database"
