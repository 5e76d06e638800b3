"""What this app listens to."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import system
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.world.duplicates import services
from mallard.world.members.events import MemberErased, MembersMerged, MemberUnmerged


@consumer(name="duplicates.merging", events=[MembersMerged])
def settle_who_was_merged(envelopes: list[Envelope]) -> None:
    """A page, an import or the API merged them: the list of pairs need not."""
    services.note_merged(_pairs(envelopes), actor=system("members merged"))


@consumer(name="duplicates.unmerging", events=[MemberUnmerged])
def remember_who_was_told_apart(envelopes: list[Envelope]) -> None:
    """Whoever undoes a merge says that they are two people."""
    services.note_unmerged(_pairs(envelopes), actor=system("merges undone"))


def _pairs(envelopes: list[Envelope]) -> set[tuple[UUID, UUID]]:
    """Who was merged into whom."""
    return {(one.subject_id, UUID(one.payload["survivor_id"])) for one in envelopes}


@consumer(name="duplicates.erasures", events=[MemberErased])
def drop_evidence_about_erased_members(envelopes: list[Envelope]) -> None:
    ids = {envelope.subject_id for envelope in envelopes}
    services.drop_evidence(ids, actor=system("forget erased members"))
