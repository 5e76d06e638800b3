"""What reports do by the clock."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import periodic
from mallard.review.reports import services


@periodic("*/10 * * * *")
def take_readings() -> None:
    """Read off the figures that are too slow for a page."""
    services.take_readings(actor=system("take readings"))
