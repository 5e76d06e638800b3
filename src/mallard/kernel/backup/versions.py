"""Which Mallard made a backup, and whether this one may open it."""

from __future__ import annotations

import re
from importlib.metadata import version

from mallard.kernel.backup.errors import BackupError
from mallard.kernel.backup.manifest import Manifest

PACKAGE = "mallard-crm"
RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def this_version() -> str:
    """The version of the Mallard that is running."""
    return version(PACKAGE)


def release(text: str) -> tuple[int, ...]:
    """The numbers of a version (https://semver.org); what follows them does not count."""
    found = RELEASE.match(text)
    return tuple(map(int, found.groups())) if found else (0, 0, 0)


def require_not_newer(manifest: Manifest) -> None:
    """Raises `BackupError` when a newer Mallard made the backup: its tables would be misread."""
    if release(manifest.mallard) > release(this_version()):
        raise BackupError(
            f"Backup {manifest.id} was made by Mallard {manifest.mallard}; this is "
            f"{this_version()}. Install that version, or a later one, to restore it."
        )
