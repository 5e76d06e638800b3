"""The log is sealed a little behind the writers, never in their way."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel import clock
from mallard.kernel.audit import chain
from mallard.kernel.audit.models import Verification
from mallard.kernel.database.transactions import statement_limits
from mallard.kernel.health.checks.trail import note_verification
from mallard.kernel.jobs import job, periodic


@periodic("* * * * *")
def seal_audit_log() -> None:
    """Add the entries since the last seal to the chain."""
    while chain.seal_next():
        pass


@periodic("50 2 * * *", retries=2)
def verify_audit_log() -> None:
    """Recompute the whole chain and note what came of it; `mallard check` asks for it."""
    with statement_limits(statement_ms=0):
        note_verification(chain.verify_chain())


@job
def verify_log(verification_id: str) -> None:
    """Recompute the chain because somebody asked, and note what was found. Again finds it anew."""
    with statement_limits(statement_ms=0):
        report = chain.verify_chain()
    note_verification(report)
    Verification.objects.filter(pk=UUID(verification_id)).update(
        finished_at=clock.now(),
        seals=report.seals,
        entries=report.entries,
        head=report.head,
        faults=report.faults,
    )
