"""Background jobs of this app."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.jobs import job, periodic
from mallard.kernel.workspace.services import bulk, exporting


@job(retries=3, priority=-5)
def run_bulk(run_id: str) -> None:
    """Go on with what somebody does to many rows."""
    bulk.carry_out(UUID(run_id))


@job(retries=3, priority=-5)
def make_export(export_id: str) -> None:
    """Make the file of an export."""
    exporting.make_file(UUID(export_id))


@periodic("23 * * * *")
def expire_exports() -> None:
    """Delete files whose time is over."""
    exporting.expire_exports()
