"""Notes: what staff write about a member."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.world.members.errors import NoteInvalid, PaymentCardRefused
from mallard.world.members.models import Note
from mallard.world.members.queries import records_under
from mallard.world.members.rules import MAX_NOTE, contains_payment_card
from mallard.world.members.services.subject import (
    data_key_of,
    locked_member,
    origin_of,
)


@atomic_retrying
def write_note(member_id: UUID, body: str, *, actor: Actor) -> UUID:
    """Keep a note about a member, sealed; returns its id.

    Raises `NoteInvalid` and `PaymentCardRefused`.
    """
    member = locked_member(member_id)
    text = body.strip()
    if not 1 <= len(text) <= MAX_NOTE:
        raise NoteInvalid(limit=MAX_NOTE)
    if contains_payment_card(text):
        raise PaymentCardRefused(fields={"body": PaymentCardRefused.message})
    id_ = uuid7()
    Note.objects.create(
        id=id_,
        member=member,
        body_sealed=data_key_of(member).seal(text.encode(), note_context(id_)),
        author_id=actor.id if actor.kind is ActorKind.STAFF else None,
        origin=origin_of(actor),
    )
    record(actor, "members.note_written", "note", id_, after={"member_id": member.id})
    return id_


@atomic_retrying
def remove_note(note_id: UUID, *, member_id: UUID, actor: Actor) -> None:
    """Take a note away for good, also one of a record merged into the member's. Again changes
    nothing."""
    locked_member(member_id)
    records = records_under([member_id]).get(member_id, ())
    note = Note.objects.filter(pk=note_id, member__in=records).first()
    if note is not None:
        note.delete()
        before = {"member_id": note.member_id}
        record(actor, "members.note_removed", "note", note_id, before=before)


def note_context(note_id: UUID) -> str:
    """What a sealed note is bound to."""
    return f"members.note:{note_id}"
