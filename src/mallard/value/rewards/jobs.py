"""What rewards do by the clock."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import periodic
from mallard.value.rewards import services

MOST_BATCHES = 50
BATCH = 200


@periodic("* * * * *")
def lapse_redemptions() -> None:
    """Free what was not confirmed, and end what was not collected in time."""
    actor = system("lapse redemptions")
    for _batch in range(MOST_BATCHES):
        if services.lapse_due(actor=actor, limit=BATCH) < BATCH:
            return
