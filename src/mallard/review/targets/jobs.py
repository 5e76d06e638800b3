"""The daily watch over targets."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import periodic
from mallard.review.targets import services


@periodic("40 23 * * *", retries=3)
def watch_targets() -> None:
    """Open corrective tasks for stores that fall behind, settle those of stores that are back."""
    services.watch_targets(actor=system("watch targets"))
