"""Background jobs of this app."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import job, periodic
from mallard.value.loyalty.services import look_at_tiers, watch_everybody
from mallard.value.loyalty.whatif import services


@job(retries=1, priority=-5)
def run_what_if(what_if_id: str) -> None:
    """Replay a past period under a draft."""
    services.run_what_if(UUID(what_if_id))


@periodic("53 18 * * *", retries=2)
def watch_tiers_of_everybody() -> None:
    """Every night in China: whose tier nobody watches yet."""
    watch_everybody()


@periodic("23 * * * *", retries=2)
def tell_of_tiers() -> None:
    """Whose tier has changed, and who is about to lose theirs."""
    look_at_tiers(actor=system("loyalty"))
