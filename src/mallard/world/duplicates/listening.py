"""What this app listens to."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.world.duplicates import services
from mallard.world.members.events import MemberErased, MemberUnmerged


@consumer(name="duplicates.unmerging", events=[MemberUnmerged])
def remember_who_was_told_apart(envelopes: list[Envelope]) -> None:
    """Whoever undoes a merge says that they are two people."""
    ids = {envelope.subject_id for envelope in envelopes}
    services.note_unmerged(ids, actor=system("merges undone"))


@consumer(name="duplicates.erasures", events=[MemberErased])
def drop_evidence_about_erased_members(envelopes: list[Envelope]) -> None:
    ids = {envelope.subject_id for envelope in envelopes}
    services.drop_evidence(ids, actor=system("forget erased members"))
