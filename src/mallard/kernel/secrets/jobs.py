"""Key housekeeping."""

from __future__ import annotations

from mallard.kernel.jobs import periodic
from mallard.kernel.secrets import erasures, services


@periodic("*/5 * * * *")
def rewrap_data_keys() -> None:
    """Wrap with the active key what older keys still wrap; nothing to do on most days."""
    while services.rewrap_batch():
        pass


@periodic("7 * * * *")
def mirror_erasures() -> None:
    """Bring erasures whose mirroring a crash prevented to the file beside the key ring."""
    erasures.complete_mirror()


@periodic("50 19 * * *", retries=3)
def scrub_after_erasures() -> None:
    """At night, let the names of who was erased leave the database's files, too."""
    erasures.scrub_after_erasures()
