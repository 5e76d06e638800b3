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


@periodic("25 * * * *")
def count_liability() -> None:
    """Count what is outstanding by funder, age and end."""
    services.slice_liability()


@periodic("40 4 * * *")
def watch_worth_of_points() -> None:
    """Open a task where points or rewards are worth too much or too little."""
    services.watch_worth(actor=system("watch what points are worth"))
