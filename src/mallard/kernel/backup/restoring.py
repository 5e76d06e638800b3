"""The register of erasures that a restored database must obey, wherever it survived."""

from __future__ import annotations

from mallard.kernel.backup.shelf import Shelf
from mallard.kernel.secrets import register
from mallard.kernel.secrets.ring import KeyRing


def bring_register(shelf: Shelf, ring: KeyRing) -> int:
    """Add to the register beside the key ring what the shelf's copy knows and it does not.

    The ring may have come from an export, without the register; the copy on the shelf is written
    with every round of the keeper and is newer than any base. Returns how many were added.
    """
    if not shelf.erasures.exists():
        return 0
    kept = register.parsed(shelf.read(shelf.erasures, ring).decode())
    known = register.mirrored()
    missing = {subject: at for subject, at in kept.items() if subject not in known}
    for subject, at in missing.items():
        register.mirror([subject], at)
    return len(missing)
