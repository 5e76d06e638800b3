"""Every row lock of this app; taken before those of members."""

from __future__ import annotations

from uuid import UUID

from mallard.value.migration.errors import MigrationUnknown, WrongMoment
from mallard.value.migration.models import Migration, Status


def lock_migration(migration_id: UUID, *statuses: Status) -> Migration:
    """The migration, locked, at one of these steps. Raises `MigrationUnknown`, `WrongMoment`."""
    found = Migration.objects.select_for_update(of=("self",)).filter(pk=migration_id).first()
    if found is None:
        raise MigrationUnknown()
    if found.status not in statuses:
        raise WrongMoment()
    return found
