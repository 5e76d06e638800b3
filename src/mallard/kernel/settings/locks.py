"""The lock under which settings change."""

from __future__ import annotations

from django.db import connection

LOCK_SPACE = 0x73657474  # "sett": our part of PostgreSQL's advisory lock numbers


def lock_settings() -> None:
    """One change at a time until the end of the transaction: most settings have no row to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_SPACE])
