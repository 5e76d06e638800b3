"""Tags and notes: what staff add to a member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.bulk import insert_unnest
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.members.errors import NoteInvalid, PaymentCardRefused, TagUnknown
from mallard.world.members.locks import lock_members, lock_or_make_tag
from mallard.world.members.models import MemberTag, Note, Tag
from mallard.world.members.rules import MAX_NOTE, contains_payment_card
from mallard.world.members.services.subject import (
    data_key_of,
    locked_member,
    locked_open_member,
    origin_of,
)

_TAG_COLUMNS = [
    ("id", "uuid"),
    ("member_id", "uuid"),
    ("tag_id", "uuid"),
    ("origin", "text"),
    ("tagged_at", "timestamptz"),
]


@atomic_retrying
def save_tag(code: str, *, name_en: str = "", name_zh: str = "", actor: Actor) -> UUID:
    """Make the tag ``code``, or rename it; returns its id."""
    tag, is_new = lock_or_make_tag(code, name_en=name_en, name_zh=name_zh)
    before = None if is_new else {"name_en": tag.name_en, "name_zh": tag.name_zh}
    after = {"name_en": name_en, "name_zh": name_zh}
    if before != after:
        if not is_new:
            tag.name_en, tag.name_zh = name_en, name_zh
            tag.save(update_fields=["name_en", "name_zh"])
        record(actor, "members.tag_saved", "tag", tag.id, before=before, after=after)
    return tag.id


def tag_ids(codes: Collection[str]) -> dict[str, UUID]:
    """The ids of the tags with these codes; raises `TagUnknown` for one that does not exist."""
    if not codes:
        return {}
    found = dict(Tag.objects.filter(code__in=codes).values_list("code", "id"))
    for code in codes:
        if code not in found:
            raise TagUnknown(tag=code)
    return found


def copy_member_tags(rows: Iterable[tuple[UUID, UUID, Origin, dt.datetime]]) -> int:
    """Put tags on members: (member, tag, origin, when). Returns how many were not there yet."""
    return len(
        insert_unnest(
            MemberTag._meta.db_table,
            _TAG_COLUMNS,
            [(uuid7(), member, tag, origin.value, at) for member, tag, origin, at in rows],
            on_conflict="ON CONFLICT (member_id, tag_id) DO NOTHING",
            returning=["id"],
        )
    )


@atomic_retrying
def tag_member(member_id: UUID, tag_code: str, *, actor: Actor) -> None:
    """Put a tag on an open member. Again changes nothing. Raises `TagUnknown`."""
    member = locked_open_member(member_id)
    tag_id = tag_ids([tag_code])[tag_code]
    if copy_member_tags([(member.id, tag_id, origin_of(actor), now())]):
        record(actor, "members.member_tagged", "member", member.id, after={"tag": tag_code})


@atomic_retrying
def tag_members(member_ids: Collection[UUID], tag_code: str, *, actor: Actor) -> list[UUID]:
    """Put a tag on these members; the ids of those who did not have it. Who is not open, or
    merged into somebody, is passed over. Raises `TagUnknown`."""
    members = lock_members(member_ids)
    tag_id = tag_ids([tag_code])[tag_code]
    origin, at = origin_of(actor), now()
    rows = [
        (uuid7(), member.id, tag_id, origin.value, at)
        for member in members
        if member.is_open and member.merged_into_id is None
    ]
    tagged = insert_unnest(
        MemberTag._meta.db_table,
        _TAG_COLUMNS,
        rows,
        on_conflict="ON CONFLICT (member_id, tag_id) DO NOTHING",
        returning=["member_id"],
    )
    ids = [id_ for (id_,) in tagged]
    if ids:
        record(actor, "members.members_tagged", "tag", tag_id, after={"tag": tag_code}, ids=ids)
    return ids


@atomic_retrying
def untag_members(member_ids: Collection[UUID], tag_code: str, *, actor: Actor) -> list[UUID]:
    """Take a tag off these members; the ids of those who had it. Raises `TagUnknown`."""
    lock_members(member_ids)
    tag_id = tag_ids([tag_code])[tag_code]
    theirs = MemberTag.objects.filter(member__in=member_ids, tag=tag_id)
    ids = list(theirs.values_list("member_id", flat=True))
    theirs.delete()
    if ids:
        before = {"tag": tag_code}
        record(actor, "members.members_untagged", "tag", tag_id, before=before, ids=ids)
    return ids


@atomic_retrying
def untag_member(member_id: UUID, tag_code: str, *, actor: Actor) -> None:
    """Take a tag off a member. Again changes nothing."""
    member = locked_member(member_id)
    removed, _by_model = MemberTag.objects.filter(member=member, tag__code=tag_code).delete()
    if removed:
        record(actor, "members.member_untagged", "member", member.id, before={"tag": tag_code})


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
    """Take a note away for good. Again changes nothing."""
    locked_member(member_id)
    removed, _by_model = Note.objects.filter(pk=note_id, member=member_id).delete()
    if removed:
        record(actor, "members.note_removed", "note", note_id, before={"member_id": member_id})


def note_context(note_id: UUID) -> str:
    """What a sealed note is bound to."""
    return f"members.note:{note_id}"
