"""How the tables stand to this code: behind it, ahead of it, or in step."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from mallard.kernel.database.errors import NewerTables


def pending_migrations() -> list[str]:
    """Migrations that this code has and the tables lack, in the order of applying."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def unknown_among(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Of these (app, migration), the ones of apps of this code that it does not know."""
    loader = MigrationLoader(None)
    return sorted(
        f"{app}.{name}"
        for app, name in applied
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    )


def unknown_migrations() -> list[str]:
    """Migrations that the tables have seen and this code does not know: they are ahead of it."""
    return unknown_among(MigrationRecorder(connection).applied_migrations())


def refuse_newer_tables() -> None:
    """Raises `NewerTables` when a newer Mallard has been at these tables."""
    unknown = unknown_migrations()
    if unknown:
        raise NewerTables(unknown)
