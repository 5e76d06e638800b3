"""How the tables stand to this code: behind it, ahead of it, or in step."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mallard.kernel.database.errors import NewerTables


def pending_migrations() -> list[str]:
    """Migrations that this code has and the tables lack, in the order of applying."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def unknown_migrations() -> list[str]:
    """Migrations that the tables have seen and this code does not know: they are ahead of it."""
    loader = MigrationExecutor(connection).loader
    known = set(loader.disk_migrations)
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in known
    )


def refuse_newer_tables() -> None:
    """Raises `NewerTables` when a newer Mallard has been at these tables."""
    unknown = unknown_migrations()
    if unknown:
        raise NewerTables(unknown)
