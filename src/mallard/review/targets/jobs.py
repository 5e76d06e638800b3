"""The daily watch over targets."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import periodic
from mallard.review.targets import watching


@periodic("40 23 * * *", retries=3)
def watch_targets() -> None:
    """Open corrective tasks for malls, stores and people that fall behind, settle those that are
    back."""
    watching.watch_targets(actor=system("watch targets"))
