"""People join, one or thousands at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, connection

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import checksummed_number, uuid7
from mallard.kernel.outbox.services import announce
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey, create_data_keys
from mallard.world.members.blind import BlindIndexes
from mallard.world.members.errors import (
    BatchTooLarge,
    EnrolmentInvalid,
    FieldNotFound,
    TooManyIdentities,
)
from mallard.world.members.events import ConsentRecorded, MemberEnrolled
from mallard.world.members.fields import Values, clean_all, visible_fields
from mallard.world.members.inputs import Enrolled, Enrolment
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.profile import Profile, clean_profile, seal_profile
from mallard.world.members.rules import MAX_IDENTITIES, MEMBER_PREFIX
from mallard.world.members.services.consents import consent_row, copy_consents
from mallard.world.members.services.fields import write_values
from mallard.world.members.services.identities import (
    IdentityRow,
    copy_identities,
    identity_row,
    refuse_taken,
    taken_error,
)
from mallard.world.members.services.presence import note_presence
from mallard.world.members.services.referrals import refer_enrolled, source_of
from mallard.world.members.services.searching import copy_search_rows
from mallard.world.members.services.subject import origin_of
from mallard.world.members.services.tags import TaggedRow, copy_member_tags
from mallard.world.members.tagging import usable_ids

MAX_BATCH = 5000


def enrol_member(enrolment: Enrolment, *, actor: Actor) -> Enrolled:
    """One person joins; a batch of one."""
    return enrol_members([enrolment], actor=actor)[0]


@atomic_retrying
def enrol_members(enrolments: Sequence[Enrolment], *, actor: Actor) -> list[Enrolled]:
    """Make members, at most `MAX_BATCH`, in a few statements; results in the order given.

    All or nothing. Raises `EnrolmentInvalid` (no identity), `IdentityInvalid`, `IdentityTaken`
    (by a member or twice within the batch), `PaymentCardRefused`, `ProfileInvalid`,
    `ConsentInvalid`, `TagUnknown`, `ReferrerUnknown`, `TooManyIdentities`, and
    `AlreadyErased` for a reused id.
    """
    if len(enrolments) > MAX_BATCH:
        raise BatchTooLarge(limit=MAX_BATCH)
    if not enrolments:
        return []
    at = now()
    ids = [enrolment.member_id or uuid7() for enrolment in enrolments]
    origins = [enrolment.origin or origin_of(actor) for enrolment in enrolments]
    profiles = [
        clean_profile(each.profile, origin=origin, at=at, origins=each.origins)
        for each, origin in zip(enrolments, origins, strict=True)
    ]
    tags = usable_ids({code for each in enrolments for code in each.tags}, actor)
    keys = create_data_keys(ids, actor=actor)
    identities = _identity_rows(enrolments, ids, origins, keys, at)
    refuse_taken(identities)
    numbers = _new_numbers(len(ids))
    _copy_members(enrolments, ids, origins, numbers, profiles, keys, at)
    try:
        copy_identities(identities)
    except IntegrityError as error:
        raise taken_error(error, identities) from error
    copy_search_rows(dict(zip(ids, profiles, strict=True)))
    consents = [
        consent_row(
            id_, consent, key=keys[id_], at=at, actor=actor,
            joined_at=each.joined_at, origin=origin,
        )
        for id_, each, origin in zip(ids, enrolments, origins, strict=True)
        for consent in each.consents
    ]  # fmt: skip
    copy_consents(consents)
    copy_member_tags(
        [
            TaggedRow(id_, tags[code], origin, at)
            for id_, each, origin in zip(ids, enrolments, origins, strict=True)
            for code in dict.fromkeys(each.tags)
        ],
        actor=actor,
    )
    _write_custom(enrolments, ids, origins, keys, actor, at)
    note_presence(
        [
            (id_, each.store_id, each.joined_at or at)
            for id_, each in zip(ids, enrolments, strict=True)
            if each.store_id is not None
        ],
        is_purchase=False,
    )
    brought = {id_: one.referrer for id_, one in zip(ids, enrolments, strict=True) if one.referrer}
    if brought:
        refer_enrolled(brought, source=source_of(actor), actor=actor)
    _leave_trace(enrolments, ids, numbers, actor)
    announce(
        [
            ConsentRecorded(
                subject_id=row.member_id,
                purpose=row.purpose,
                channel=row.channel,
                is_granted=row.is_granted,
            )
            for row in consents
        ],
        actor=actor,
    )
    return [Enrolled(id_, number) for id_, number in zip(ids, numbers, strict=True)]


def _write_custom(
    enrolments: Sequence[Enrolment],
    ids: Sequence[UUID],
    origins: Sequence[Origin],
    keys: dict[UUID, DataKey],
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Values of custom fields. What is required is asked of staff: a till must not stand still
    because somebody has made a field."""
    is_asked = actor.kind is ActorKind.STAFF
    if not is_asked and not any(each.custom for each in enrolments):
        return
    fields = {field.id: field for field in visible_fields(actor)}
    known = {field.code for field in fields.values()}
    by_origin: dict[Origin, dict[UUID, dict[UUID, Values]]] = {}
    for id_, each, origin in zip(ids, enrolments, origins, strict=True):
        if each.custom.keys() - known:
            raise FieldNotFound()
        values = clean_all(fields.values(), each.custom, is_new=is_asked)
        by_origin.setdefault(origin, {})[id_] = values
    for origin, values_by_member in by_origin.items():
        write_values(values_by_member, fields, keys=keys, origin=origin, at=at)


def _identity_rows(
    enrolments: Sequence[Enrolment],
    ids: Sequence[UUID],
    origins: Sequence[Origin],
    keys: dict[UUID, DataKey],
    at: dt.datetime,
) -> list[IdentityRow]:
    blind = BlindIndexes()
    rows: list[IdentityRow] = []
    for enrolment, id_, origin in zip(enrolments, ids, origins, strict=True):
        if not enrolment.identities:
            raise EnrolmentInvalid(fields={"identities": EnrolmentInvalid.message})
        if len(enrolment.identities) > MAX_IDENTITIES:
            raise TooManyIdentities(limit=MAX_IDENTITIES)
        rows += [
            identity_row(id_, identity, key=keys[id_], blind=blind, origin=origin, at=at)
            for identity in enrolment.identities
        ]
    return rows


def _new_numbers(count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('members_member_number') FROM generate_series(1, %s)", [count]
        )
        return [checksummed_number(MEMBER_PREFIX, row[0]) for row in cursor.fetchall()]


def _copy_members(
    enrolments: Sequence[Enrolment],
    ids: Sequence[UUID],
    origins: Sequence[Origin],
    numbers: Sequence[str],
    profiles: Sequence[Profile],
    keys: dict[UUID, DataKey],
    at: dt.datetime,
) -> None:
    copy_rows(
        Member._meta.db_table,
        (
            "id", "number", "status", "enrolled_store_id", "enrolled_mall_id", "joined_at",
            "language", "profile_sealed", "origin", "created_at", "recorded_at",
        ),
        (
            (
                id_, number, MemberStatus.OPEN.value, each.store_id, each.mall_id,
                each.joined_at or at, each.language, seal_profile(profile, keys[id_]),
                origin.value, at, each.recorded_at or at,
            )
            for id_, number, each, origin, profile in zip(
                ids, numbers, enrolments, origins, profiles, strict=True
            )
        ),
    )  # fmt: skip


def _leave_trace(
    enrolments: Sequence[Enrolment], ids: Sequence[UUID], numbers: Sequence[str], actor: Actor
) -> None:
    if len(ids) == 1:
        record(actor, "members.member_enrolled", "member", ids[0], after={"number": numbers[0]})
    else:
        record(actor, "members.members_enrolled", "member", None, ids=ids)
    announce(
        [
            MemberEnrolled(subject_id=id_, store_id=each.store_id, mall_id=each.mall_id)
            for id_, each in zip(ids, enrolments, strict=True)
        ],
        actor=actor,
    )
