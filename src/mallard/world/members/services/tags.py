"""Tags are made, changed, retired and merged; they are put on members and taken off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.bulk import copy_rows, insert_unnest
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.malls.queries import covers_mall
from mallard.world.members.errors import TagInvalid, TagNotFound, TagNotYours, TagRetired
from mallard.world.members.locks import hold_tags, lock_members, lock_tag, lock_tags
from mallard.world.members.models import MemberTag, Tag, TagChange, TagCircle
from mallard.world.members.queries import records_under
from mallard.world.members.services.subject import locked_member, locked_open_member, origin_of
from mallard.world.members.tagging import may_edit, usable_ids, visible_tags

MAX_TAGS = 500
_KEPT = (
    "name_en", "name_zh", "description", "colour", "owner_role", "owner_id", "mall_id", "seen_by",
    "put_by",
)  # fmt: skip
_TAG_COLUMNS = [
    ("id", "uuid"),
    ("member_id", "uuid"),
    ("tag_id", "uuid"),
    ("origin", "text"),
    ("tagged_at", "timestamptz"),
]


# --- the tags themselves


def save_tag(code: str, *, name_en: str = "", name_zh: str = "", actor: Actor) -> UUID:
    """Make the tag ``code`` for everybody, or rename it; returns its id."""
    if Tag.objects.filter(code=code).exists():
        return change_tag(code, name_en=name_en, name_zh=name_zh, actor=actor).pk
    return make_tag(code, name_en=name_en, name_zh=name_zh, actor=actor).pk


@atomic_retrying
def make_tag(code: str, *, actor: Actor, **values: Any) -> Tag:
    """Make a tag. Raises `TagInvalid`, `TagNotYours`."""
    if lock_tag(code) is not None:
        raise TagInvalid(fields={"code": TagInvalid.code_taken})
    if Tag.objects.filter(retired_at=None).count() >= MAX_TAGS:
        raise TagInvalid(fields={"code": str(TagInvalid.too_many) % {"limit": MAX_TAGS}})
    tag = Tag(id=uuid7(), code=code)
    _set(tag, values, actor)
    tag.save(force_insert=True)
    record(actor, "members.tag_saved", "tag", tag.id, before=None, after=_told(tag))
    return tag


@atomic_retrying
def change_tag(code: str, *, actor: Actor, **values: Any) -> Tag:
    """Change what a tag is called, whose it is and for whom. Its code never changes.

    Raises `TagNotFound`, `TagNotYours`, `TagInvalid`.
    """
    tag = _locked_own(code, actor)
    before = _told(tag)
    _set(tag, values, actor)
    after = _told(tag)
    if before != after:
        tag.save()
        record(actor, "members.tag_saved", "tag", tag.id, before=before, after=after)
    return tag


def _told(tag: Tag) -> dict[str, Any]:
    return {name: getattr(tag, name) for name in _KEPT}


def _set(tag: Tag, values: dict[str, Any], actor: Actor) -> None:
    for name, value in values.items():
        setattr(tag, name, value)
    wrong: dict[str, Any] = {}
    is_owned = bool(tag.owner_role) or tag.owner_id is not None
    if not tag.name_en and not tag.name_zh:
        wrong["name_zh"] = TagInvalid.name_needed
    if not is_owned and TagCircle.OWNER in (tag.seen_by, tag.put_by):
        wrong["owner"] = TagInvalid.owner_needed
    if tag.seen_by == TagCircle.OWNER and tag.put_by == TagCircle.EVERYBODY:
        wrong["put_by"] = TagInvalid.put_by_seer
    scope = actor.scope
    if not scope.is_group and (tag.mall_id is None or not covers_mall(scope, tag.mall_id)):
        wrong["mall"] = TagInvalid.mall_needed
    if wrong:
        raise TagInvalid(fields=wrong)
    if not may_edit(tag, actor):
        raise TagNotYours()


def _locked_own(code: str, actor: Actor) -> Tag:
    """The tag, locked, if the actor may change it."""
    tag = lock_tag(code)
    if tag is None or not visible_tags(actor).filter(pk=tag.pk).exists():
        raise TagNotFound()
    if not may_edit(tag, actor):
        raise TagNotYours()
    return tag


@atomic_retrying
def retire_tag(code: str, *, actor: Actor) -> None:
    """Put a tag out of use: nobody puts it on any more, members keep it. Again changes nothing.

    Raises `TagNotFound`, `TagNotYours`.
    """
    tag = _locked_own(code, actor)
    if tag.retired_at is None:
        tag.retired_at = now()
        tag.save(update_fields=["retired_at"])
        record(actor, "members.tag_retired", "tag", tag.id)


@atomic_retrying
def restore_tag(code: str, *, actor: Actor) -> None:
    """Bring a retired tag back. One that was merged stays merged: raises `TagRetired`."""
    tag = _locked_own(code, actor)
    if tag.merged_into_id is not None:
        raise TagRetired(tag=tag.name)
    if tag.retired_at is not None:
        tag.retired_at = None
        tag.save(update_fields=["retired_at"])
        record(actor, "members.tag_restored", "tag", tag.id)


@atomic_retrying
def merge_tags(code: str, *, into_code: str, actor: Actor) -> int:
    """Let ``into_code`` stand for ``code`` from now on; returns how many members it gained.

    Who had the one now has the other, since the same moment; the merged tag is retired and its
    code goes on working in files and the API. Raises `TagNotFound`, `TagNotYours`, `TagInvalid`.
    """
    if code == into_code:
        raise TagInvalid(fields={"into": TagInvalid.itself})
    wanted = {tag.code: tag.pk for tag in visible_tags(actor).filter(code__in=[code, into_code])}
    if len(wanted) < 2:
        raise TagNotFound()
    tags = lock_tags(wanted.values())
    merged, target = tags[wanted[code]], tags[wanted[into_code]]
    if not (may_edit(merged, actor) and may_edit(target, actor)):
        raise TagNotYours()
    if target.retired_at is not None or merged.merged_into_id is not None:
        raise TagRetired(tag=(target if target.retired_at else merged).name)
    theirs = MemberTag.objects.filter(tag=merged)
    rows = list(theirs.values_list("member_id", "origin", "tagged_at"))
    gained = _insert((member, target.pk, origin, at) for member, origin, at in rows)
    theirs.delete()
    merged.retired_at, merged.merged_into = merged.retired_at or now(), target
    merged.save(update_fields=["retired_at", "merged_into"])
    record(
        actor,
        "members.tags_merged",
        "tag",
        merged.pk,
        after={"merged_into": target.pk},
        ids=[member for member, _origin, _at in rows],
    )
    return len(gained)


# --- tags on members


@dataclass(frozen=True, slots=True)
class TaggedRow:
    """A tag to be put on a member."""

    member_id: UUID
    tag_id: UUID
    origin: Origin
    at: dt.datetime


def copy_member_tags(rows: Sequence[TaggedRow], *, actor: Actor) -> list[UUID]:
    """Put tags on members, who are locked; the ids of the members who did not have theirs yet, once
    for each tag. Raises `TagRetired`."""
    if not rows:
        return []
    wanted = {row.tag_id for row in rows}
    if wanted - hold_tags(wanted):
        raise TagRetired(tag=", ".join(tag.name for tag in Tag.objects.filter(pk__in=wanted)))
    by_pair = {(row.member_id, row.tag_id): row for row in rows}
    new = _insert((row.member_id, row.tag_id, row.origin.value, row.at) for row in rows)
    _remember(
        [(member, tag, True, by_pair[member, tag].origin, by_pair[member, tag].at)
         for member, tag in new],
        actor,
    )  # fmt: skip
    return [member for member, _tag in new]


def _insert(rows: Any) -> list[tuple[UUID, UUID]]:
    return [
        (member, tag)
        for member, tag in insert_unnest(
            MemberTag._meta.db_table,
            _TAG_COLUMNS,
            [(uuid7(), *row) for row in rows],
            on_conflict="ON CONFLICT (member_id, tag_id) DO NOTHING",
            returning=["member_id", "tag_id"],
        )
    ]


def take_off(
    member_ids: Collection[UUID], *, origin: Origin, at: dt.datetime, actor: Actor, **tag: Any
) -> list[UUID]:
    """Take a tag (``tag=id`` or ``tag__code=…``) off these members, who are locked; those who had
    it."""
    theirs = MemberTag.objects.filter(member__in=member_ids, **tag)
    rows = list(theirs.values_list("member_id", "tag_id"))
    theirs.delete()
    _remember([(member, tag_id, False, origin, at) for member, tag_id in rows], actor)
    return [member for member, _tag in rows]


def _remember(
    changes: Sequence[tuple[UUID, UUID, bool, Origin, dt.datetime]], actor: Actor
) -> None:
    """Who did it, and when, for the timeline."""
    by = actor.id if actor.kind is ActorKind.STAFF else None
    label = "" if by else actor.label[:200]
    copy_rows(
        TagChange._meta.db_table,
        (
            "id", "member_id", "tag_id", "is_on", "origin", "changed_at", "changed_by_id",
            "changed_by_label",
        ),
        (
            (uuid7(), member, tag, is_on, origin.value, at, by, label)
            for member, tag, is_on, origin, at in changes
        ),
    )  # fmt: skip


@atomic_retrying
def tag_member(member_id: UUID, tag_code: str, *, actor: Actor) -> None:
    """Put a tag on an open member. Again changes nothing. Raises `TagUnknown`, `TagRetired`."""
    member = locked_open_member(member_id)
    tag_id = usable_ids([tag_code], actor)[tag_code]
    if copy_member_tags([TaggedRow(member.id, tag_id, origin_of(actor), now())], actor=actor):
        record(actor, "members.member_tagged", "member", member.id, after={"tag": tag_code})


@atomic_retrying
def tag_members(member_ids: Collection[UUID], tag_code: str, *, actor: Actor) -> list[UUID]:
    """Put a tag on these members; the ids of those who did not have it. Who is not open, or
    merged into somebody, is passed over. Raises `TagUnknown`, `TagRetired`."""
    members = lock_members(member_ids)
    tag_id = usable_ids([tag_code], actor)[tag_code]
    origin, at = origin_of(actor), now()
    rows = [
        TaggedRow(member.id, tag_id, origin, at)
        for member in members
        if member.is_open and member.merged_into_id is None
    ]
    ids = copy_member_tags(rows, actor=actor)
    if ids:
        record(actor, "members.members_tagged", "tag", tag_id, after={"tag": tag_code}, ids=ids)
    return ids


@atomic_retrying
def untag_members(member_ids: Collection[UUID], tag_code: str, *, actor: Actor) -> list[UUID]:
    """Take a tag off these members; the ids of those who had it. Raises `TagUnknown`."""
    lock_members(member_ids)
    tag_id = usable_ids([tag_code], actor)[tag_code]
    ids = take_off(member_ids, tag=tag_id, origin=origin_of(actor), at=now(), actor=actor)
    if ids:
        before = {"tag": tag_code}
        record(actor, "members.members_untagged", "tag", tag_id, before=before, ids=ids)
    return ids


@atomic_retrying
def untag_member(member_id: UUID, tag_code: str, *, actor: Actor) -> None:
    """Take a tag off a member and off the records merged into theirs; also a retired one. Again
    changes nothing. Raises `TagUnknown`."""
    records = records_under([member_id]).get(member_id, (member_id,))
    lock_members(records)
    locked_member(member_id)
    tag = lock_tag(tag_code)
    if tag is None:
        return
    tag_id = tag.pk if tag.retired_at else usable_ids([tag_code], actor)[tag_code]
    if tag.retired_at and not visible_tags(actor).filter(pk=tag.pk).exists():
        return
    for id_ in take_off(records, tag=tag_id, origin=origin_of(actor), at=now(), actor=actor):
        record(actor, "members.member_untagged", "member", id_, before={"tag": tag_code})
