"""Background jobs of this app."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import job, periodic
from mallard.world.duplicates import services

_FINDER = system("duplicates")


@periodic("17 18 * * *", retries=2)
def find_duplicates() -> None:
    """Compare members, every night in China."""
    services.find_pairs(actor=_FINDER)


@job(queueing_lock="duplicates.look_now", retries=2, priority=-5)
def look_now() -> None:
    """The same because somebody asked."""
    services.find_pairs(actor=_FINDER)
