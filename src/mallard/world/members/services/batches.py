"""Changing and forgetting members by the thousand: what files bring, and its undoing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.prepared import send
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.outbox.events import Event
from mallard.kernel.outbox.services import announce
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey, destroy_data_keys, open_keys
from mallard.world.members.blind import BlindIndexes
from mallard.world.members.errors import (
    BatchTooLarge,
    MemberMerged,
    MemberNotFound,
    MemberNotOpen,
    TooManyIdentities,
)
from mallard.world.members.events import (
    ConsentRecorded,
    IdentitiesChanged,
    MemberChanged,
    MemberErased,
)
from mallard.world.members.fields import Values, active_fields
from mallard.world.members.inputs import ConsentInput, Home, IdentityInput
from mallard.world.members.locks import lock_members
from mallard.world.members.models import Identity, Member, MembershipChangeKind, MemberStatus
from mallard.world.members.profile import Profile, changed_profile, open_profile, seal_profile
from mallard.world.members.rules import MAX_IDENTITIES
from mallard.world.members.services.consents import ConsentRow, consent_row, copy_consents
from mallard.world.members.services.enrolment import MAX_BATCH
from mallard.world.members.services.fields import write_values
from mallard.world.members.services.history import remember
from mallard.world.members.services.identities import (
    IdentityRow,
    copy_identities,
    identity_row,
    refuse_taken,
    taken_error,
)
from mallard.world.members.services.lifecycle import forget
from mallard.world.members.services.searching import copy_search_rows
from mallard.world.members.services.tags import TaggedRow, copy_member_tags, take_off
from mallard.world.members.tagging import usable_ids

_UPDATE = """
    UPDATE members_member m SET profile_sealed = n.sealed, language = n.language,
        joined_at = n.joined_at, enrolled_store_id = n.store_id, enrolled_mall_id = n.mall_id
    FROM unnest(%s::uuid[], %s::bytea[], %s::text[], %s::timestamptz[], %s::uuid[], %s::uuid[])
        n(id, sealed, language, joined_at, store_id, mall_id) WHERE m.id = n.id
"""


_Update = tuple[UUID, bytes, str, dt.datetime, UUID | None, UUID | None]


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What becomes of one member. Profile facts not named stay; an empty value forgets one.
    ``custom`` holds cleaned values by custom field. Without ``joined_at`` and ``home`` they stay
    as they are; what was earned before does not change with them."""

    member_id: UUID
    profile: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    identities: tuple[IdentityInput, ...] = ()
    consents: tuple[ConsentInput, ...] = ()
    tags: tuple[str, ...] = ()
    custom: Mapping[UUID, Values] = field(default_factory=dict)
    removed_identities: tuple[UUID, ...] = ()
    removed_tags: tuple[str, ...] = ()
    joined_at: dt.datetime | None = None
    home: Home | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did: values before and after by field, and the rows that are new."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    identity_ids: tuple[UUID, ...] = ()


@dataclass(slots=True)
class _Work:
    """What the members of one batch turn into, gathered before anything is written."""

    at: dt.datetime
    keys: Mapping[UUID, DataKey]
    profiles: dict[UUID, Profile] = field(default_factory=dict)
    updates: list[tuple[UUID, bytes, str, dt.datetime, UUID | None, UUID | None]] = field(
        default_factory=list
    )
    identities: list[IdentityRow] = field(default_factory=list)
    consents: list[ConsentRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@atomic_retrying
def change_members(
    changes: Sequence[MemberChange], *, actor: Actor, origin: Origin
) -> dict[UUID, Changed]:
    """Change up to `MAX_BATCH` open members, each once, in a handful of statements.

    All or nothing. Raises what `change_member`, `add_identity`, `record_consents` and `tag_member`
    raise. One audit entry names the ids; the caller keeps the values before and after, sealed.
    """
    if len(changes) > MAX_BATCH:
        raise BatchTooLarge(limit=MAX_BATCH)
    if not changes:
        return {}
    members = _locked_open({change.member_id for change in changes})
    tags = usable_ids({code for change in changes for code in change.tags}, actor)
    work = _Work(now(), open_keys(list(members)))
    blind = BlindIndexes()
    result = {
        change.member_id: _change(change, members[change.member_id], work, blind, actor, origin)
        for change in changes
    }
    _remove(changes, work, actor, origin)
    _refuse_too_many(work.identities)
    refuse_taken(work.identities)
    if work.updates:
        send(_UPDATE, [list(column) for column in zip(*work.updates, strict=True)])
        copy_search_rows(work.profiles)
    try:
        copy_identities(work.identities)
    except IntegrityError as error:
        raise taken_error(error, work.identities) from error
    copy_consents(work.consents)
    copy_member_tags(
        [
            TaggedRow(change.member_id, tags[code], origin, work.at)
            for change in changes
            for code in dict.fromkeys(change.tags)
        ],
        actor=actor,
    )
    custom = {change.member_id: change.custom for change in changes if change.custom}
    if custom:
        fields = {one.id: one for one in active_fields()}
        theirs = {
            id_: {f: values for f, values in given.items() if f in fields}
            for id_, given in custom.items()
        }
        write_values(theirs, fields, keys=work.keys, origin=origin, at=work.at)
    record(actor, "members.members_changed", "member", None, ids=list(result))
    announce(work.events, actor=actor)
    return result


def _locked_open(ids: Collection[UUID]) -> dict[UUID, Member]:
    members = {member.id: member for member in lock_members(ids)}
    if len(members) < len(ids):
        raise MemberNotFound()
    for member in members.values():
        if not member.is_open:
            raise MemberNotOpen(number=member.number)
        if member.merged_into_id is not None:
            raise MemberMerged(number=member.number)
    return members


def _change(
    change: MemberChange,
    member: Member,
    work: _Work,
    blind: BlindIndexes,
    actor: Actor,
    origin: Origin,
) -> Changed:
    key = work.keys[member.id]
    known = open_profile(member.profile_sealed, key)
    facts = changed_profile(known, change.profile, origin=origin, at=work.at)
    codes = [code for code in known.keys() | facts.keys() if known.get(code) != facts.get(code)]
    before = {code: known[code].value if code in known else "" for code in codes}
    after = {code: facts[code].value if code in facts else "" for code in codes}
    language = change.language or member.language
    if language != member.language:
        before["language"], after["language"] = member.language, language
    joined_at = change.joined_at or member.joined_at
    if joined_at != member.joined_at:
        before["joined_at"], after["joined_at"] = str(member.joined_at), str(joined_at)
    present = Home(member.enrolled_store_id, member.enrolled_mall_id)
    home = change.home or present
    for name, old, new in (
        ("enrolled_store", present.store_id, home.store_id),
        ("enrolled_mall", present.mall_id, home.mall_id),
    ):
        if old != new:
            before[name], after[name] = str(old or ""), str(new or "")
    if after or change.custom:
        named = [*after, *("custom" for _one in change.custom)]
        work.events.append(MemberChanged(subject_id=member.id, fields=tuple(sorted(set(named)))))
    if after:
        work.updates.append(
            (
                member.id, seal_profile(facts, key), language, joined_at,
                home.store_id, home.mall_id,
            )
        )  # fmt: skip
        work.profiles[member.id] = facts
    rows = [
        identity_row(member.id, each, key=key, blind=blind, origin=origin, at=work.at)
        for each in change.identities
    ]
    work.identities += rows
    work.events += [
        IdentitiesChanged(subject_id=member.id, kind=row.kind, change="added") for row in rows
    ]
    for said in change.consents:
        row = consent_row(member.id, said, key=key, at=work.at, actor=actor, origin=origin)
        work.consents.append(row)
        work.events.append(
            ConsentRecorded(
                subject_id=member.id,
                purpose=row.purpose,
                channel=row.channel,
                is_granted=row.is_granted,
            )
        )
    return Changed(before, after, tuple(row.id for row in rows))


def _remove(changes: Sequence[MemberChange], work: _Work, actor: Actor, origin: Origin) -> None:
    removed = {id_: change.member_id for change in changes for id_ in change.removed_identities}
    theirs = Identity.objects.filter(pk__in=list(removed), closed_at=None)
    for identity in theirs.filter(member__in=list(set(removed.values()))):
        event = IdentitiesChanged(
            subject_id=identity.member_id, kind=identity.kind, change="removed"
        )
        work.events.append(event)
    theirs.filter(member__in=list(set(removed.values()))).update(closed_at=work.at)
    by_tag: dict[str, list[UUID]] = {}
    for change in changes:
        for code in change.removed_tags:
            by_tag.setdefault(code, []).append(change.member_id)
    for code, ids in by_tag.items():
        take_off(ids, tag__code=code, origin=origin, at=work.at, actor=actor)


def _refuse_too_many(rows: Sequence[IdentityRow]) -> None:
    more: dict[UUID, int] = {}
    for row in rows:
        more[row.member_id] = more.get(row.member_id, 0) + 1
    open_ones = Identity.objects.filter(member__in=list(more), closed_at=None)
    for member_id in open_ones.values_list("member_id", flat=True):
        more[member_id] += 1
    if any(count > MAX_IDENTITIES for count in more.values()):
        raise TooManyIdentities(limit=MAX_IDENTITIES)


@atomic_retrying
def erase_members(member_ids: Collection[UUID], *, actor: Actor) -> list[UUID]:
    """Forget up to `MAX_BATCH` members who stand alone (nobody was merged into them, nor they into
    another), as `erase_member` does; returns those who were not erased yet.

    Raises `MemberMerged` for one who is not alone.
    """
    if len(member_ids) > MAX_BATCH:
        raise BatchTooLarge(limit=MAX_BATCH)
    members = [m for m in lock_members(member_ids) if m.status != MemberStatus.ERASED]
    ids = [member.id for member in members]
    for member in members:
        if member.merged_into_id is not None:
            raise MemberMerged(number=member.number)
    survivor = Member.objects.filter(merged_into__in=ids).select_related("merged_into").first()
    if survivor is not None:
        raise MemberMerged(number=survivor.number)
    if ids:
        destroy_data_keys(ids, actor=actor)
        forget(ids)
        record(actor, "members.members_erased", "member", None, ids=ids)
        remember(MembershipChangeKind.ERASED, ids, actor=actor)
        announce([MemberErased(subject_id=id_) for id_ in ids], actor=actor)
    return ids
