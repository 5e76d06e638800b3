"""Is this process able to serve? For load balancers: a word, no details."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from mallard.kernel.access.guards import OPEN, requires
from mallard.kernel.http.generation import GENERATION_HEADER, own_generation

_migrated = False


@login_not_required
@requires(OPEN)
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and every migration is applied, 503 otherwise."""
    is_healthy = _is_healthy()
    return JsonResponse(
        {"status": "ok" if is_healthy else "unavailable"},
        status=200 if is_healthy else 503,
        headers={"Cache-Control": "no-store", GENERATION_HEADER: own_generation()},
    )


def _is_healthy() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return _is_migrated()
    except (DatabaseError, InterfaceError):
        return False


def _is_migrated() -> bool:
    """Once true it stays so for this process: code and migrations do not change under it."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
