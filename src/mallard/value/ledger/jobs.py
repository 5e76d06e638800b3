"""What the ledger does by the clock."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import periodic
from mallard.value.ledger import services
from mallard.value.ledger.health import note_verification
from mallard.value.ledger.rollups import roll_up_funder_days
from mallard.value.ledger.verification import verify

MOST_BATCHES = 500
"""Batches in one run, so that a run ends; the next one goes on."""

HOLDS_IN_A_BATCH = 200


@periodic("* * * * *")
def void_overdue_holds() -> None:
    """Free the points of baskets that were never paid."""
    actor = system("void overdue holds")
    for _batch in range(MOST_BATCHES):
        if services.void_due_holds(actor=actor, limit=HOLDS_IN_A_BATCH) < HOLDS_IN_A_BATCH:
            return


@periodic("*/10 * * * *")
def expire_points() -> None:
    """Let points whose time is over go back to their funders."""
    actor = system("expire points")
    for _batch in range(MOST_BATCHES):
        if not services.expire_due(actor=actor).has_more:
            return


@periodic("*/5 * * * *")
def add_up_funder_days() -> None:
    """Bring the funders' daily totals up to date."""
    roll_up_funder_days()


@periodic("20 2 * * *", retries=2)
def verify_books() -> None:
    """Derive every running figure anew at night, and note what came of it."""
    note_verification(verify())
