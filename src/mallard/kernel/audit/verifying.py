"""Asking from a screen whether the log is intact, and reading what is personal in it."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.jobs import verify_log
from mallard.kernel.audit.models import Entry, Verification
from mallard.kernel.audit.permissions import REVEAL_DETAIL, VERIFY_LOG
from mallard.kernel.audit.queries import HistoryEntry, entry_opened
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7


@atomic_retrying
def ask_for_verification(*, actor: Actor) -> Verification:
    """Let a job recompute the whole chain; while one is under way, that one is the answer."""
    actor.require(VERIFY_LOG)
    running = Verification.objects.filter(finished_at=None).order_by("-asked_at").first()
    if running is not None and (clock.now() - running.asked_at).total_seconds() < 3600:
        return running
    asked = Verification.objects.create(id=uuid7(), asked_by=actor.id, asked_at=clock.now())
    record(actor, "audit.verification_asked", "audit_log", None)
    verify_log.defer(verification_id=str(asked.id))
    return asked


@atomic_retrying
def reveal_details(entry_id: UUID, *, actor: Actor) -> HistoryEntry | None:
    """An entry with its personal values, and a note of who read them; None when there is none."""
    actor.require(REVEAL_DETAIL)
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        return None
    record(
        actor,
        "audit.detail_revealed",
        entry.subject_type,
        entry.subject_id,
        after={"entry_id": entry_id, "member_id": entry.personal_of},
    )
    return entry_opened(entry)
