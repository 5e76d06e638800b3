"""Which Mallard is running, and whether it may open a backup."""

from __future__ import annotations

from importlib.metadata import version

from mallard.kernel.backup.errors import BackupError
from mallard.kernel.backup.manifest import Manifest
from mallard.kernel.database.schema import unknown_among

PACKAGE = "mallard-crm"


def this_version() -> str:
    """The version of the Mallard that is running."""
    return version(PACKAGE)


def require_known_tables(manifest: Manifest) -> None:
    """Raises `BackupError` when a newer Mallard changed the tables before they were backed up.

    Which Mallard took the backup says nothing: an upgrade takes it before it changes anything.
    """
    unknown = unknown_among(manifest.migrations.items())
    if unknown:
        raise BackupError(
            f"Backup {manifest.id} holds tables of a newer Mallard ({unknown[-1]}); this is "
            f"{this_version()}. It was taken by Mallard {manifest.mallard}: install that, or a "
            "later one, to restore it."
        )
