"""Background jobs of this app."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import job, periodic
from mallard.world.quality import services

_MEASURER = system("data quality")


@periodic("43 18 * * *", retries=2)
def measure_quality() -> None:
    """Look at what is known of members, every night in China."""
    services.measure(actor=_MEASURER)


@job(queueing_lock="quality.measure_now", retries=2, priority=-5)
def measure_now() -> None:
    """The same because somebody asked."""
    services.measure(actor=_MEASURER)
