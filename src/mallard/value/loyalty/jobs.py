"""Background jobs of this app."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.jobs import job
from mallard.value.loyalty.whatif import services


@job(retries=1, priority=-5)
def run_what_if(what_if_id: str) -> None:
    """Replay a past period under a draft."""
    services.run_what_if(UUID(what_if_id))
