"""Background jobs of this app."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.jobs import job, periodic
from mallard.world.intake import services


@job(retries=3, priority=-5)
def check_import(import_id: str) -> None:
    """Try every row of a file."""
    services.check_rows(UUID(import_id))


@job(retries=3, priority=-5)
def run_import(import_id: str) -> None:
    """Take the rows of a file in."""
    services.take_rows_in(UUID(import_id))


@job(retries=3, priority=-5)
def undo_import(import_id: str) -> None:
    """Undo an import."""
    services.undo_import(UUID(import_id))


@periodic("41 * * * *")
def expire_files() -> None:
    """Delete imported files whose time is over."""
    services.expire_files()
