"""Whether there is room: asked before anything is written."""

from __future__ import annotations

import shutil
from pathlib import Path

from mallard.kernel.backup.errors import NoRoom

MEBIBYTE = 1024 * 1024
SPARE_BYTES = 64 * MEBIBYTE


def require_room(place: Path, needed_bytes: int, what: str) -> None:
    """Raises `NoRoom` unless the disk of ``place`` has ``needed_bytes`` and a little more."""
    existing = next(each for each in (place, *place.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if free < needed_bytes + SPARE_BYTES:
        raise NoRoom(
            f"{what} needs about {megabytes(needed_bytes + SPARE_BYTES)} MB in {place}, and "
            f"{megabytes(free)} MB are free. Make room, or choose another place."
        )


def megabytes(size: int) -> str:
    return f"{-(-size // MEBIBYTE):,}"


def size_of(folder: Path) -> int:
    """Bytes of the files below ``folder``. What vanishes meanwhile does not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            found = path.lstat()
        except FileNotFoundError:
            continue
        total += found.st_size
    return total
