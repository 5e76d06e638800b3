"""The weekly check."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import job, periodic
from mallard.kernel.security import services

ACTOR = system("security check")


@periodic("20 2 * * 1", retries=2)
def check_weekly() -> None:
    """Every Monday before work begins."""
    services.check_security(actor=ACTOR)


@job(queueing_lock="security.check_now", retries=0)
def check_now() -> None:
    """The same, because somebody asked."""
    services.check_security(actor=ACTOR)
