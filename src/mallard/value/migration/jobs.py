"""Background jobs of this app."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.jobs import job
from mallard.value.migration import services


@job(retries=3, priority=-5)
def post_migration(migration_id: str) -> None:
    """Post what is not posted yet."""
    services.post_rows(UUID(migration_id))


@job(retries=3, priority=-5)
def take_migration_back(migration_id: str) -> None:
    """Reverse everything, or nothing."""
    services.take_rows_back(UUID(migration_id))
