"""The database: does it answer, are its tables of this version, is there room for more callers."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from mallard.kernel.database.layout import MAJOR
from mallard.kernel.health.registry import Finding, failure, warning, well

CROWDED_PERCENT = 85


def answers() -> Finding:
    """It answers, with the version that Mallard is made for."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = str(cursor.fetchone()[0]).split()[0]
    if int(version.partition(".")[0]) != MAJOR:
        return warning(
            _("PostgreSQL %(version)s answers; Mallard is made and tested for %(major)s."),
            cause=_("MALLARD_DATABASE_URL names a server of another version."),
            cure=_("Move to PostgreSQL %(major)s with pg_dump and restore."),
            version=version,
            major=MAJOR,
        )
    return well(_("PostgreSQL %(version)s answers."), version=version)


def is_migrated() -> Finding:
    """Every migration of this version is applied."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return failure(
            _("%(count)s changes of tables are not applied."),
            cause=_("The program was updated, the database was not."),
            cure=_("Run `mallard migrate`."),
            count=len(missing),
        )
    return well(_("The tables are those of this version."))


def has_room() -> Finding:
    """Fewer connections are open than the server allows, with some to spare."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity"
            " WHERE backend_type = 'client backend'"
        )
        used, limit = cursor.fetchone()
    if used * 100 >= limit * CROWDED_PERCENT:
        return warning(
            _("%(used)s of %(limit)s connections are in use."),
            cause=_("More web and worker threads run than the database has connections for."),
            cure=_("Run fewer --workers or --threads, or raise max_connections in PostgreSQL."),
            used=used,
            limit=limit,
        )
    return well(_("%(used)s of %(limit)s connections are in use."), used=used, limit=limit)
