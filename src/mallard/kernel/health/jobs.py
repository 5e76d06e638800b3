"""Looking after the installation, by the clock and when asked."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.health import services
from mallard.kernel.health.registry import run_checks
from mallard.kernel.jobs import job, periodic

ACTOR = system("health checks")


@periodic("*/5 * * * *")
def check_health() -> None:
    """Run every check and keep what it found."""
    services.keep_outcomes(run_checks(), actor=ACTOR)


@job(queueing_lock="health.check_now", retries=0)
def check_now() -> None:
    """The same, because somebody asked."""
    check_health()
