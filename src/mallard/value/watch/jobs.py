"""What the fraud watch does in the background."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import job, periodic
from mallard.value.watch import services

_WATCH = system("fraud watch")


@periodic("37 19 * * *", retries=2)
def look_for_fraud() -> None:
    """Every night in China."""
    services.look(actor=_WATCH)


@job(queueing_lock="watch.look_now", retries=2, priority=-5)
def look_now() -> None:
    """The same because somebody asked."""
    services.look(actor=_WATCH)


@job(retries=2, priority=-5)
def count_terms(terms_id: str) -> None:
    """What thresholds would have found over the last year."""
    services.count_terms(UUID(terms_id))
