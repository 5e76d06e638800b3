"""What wallets do by the clock."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import periodic
from mallard.value.wallets import services

MOST_BATCHES = 200


@periodic("10 3 * * *")
def announce_expiring_points() -> None:
    """Tell whoever listens whose points expire within 30 days."""
    actor = system("announce expiring points")
    for _batch in range(MOST_BATCHES):
        if services.announce_expiring(actor=actor) < services.NOTICE_BATCH:
            return
