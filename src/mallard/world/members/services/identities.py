"""What members are known by: recorded once, found blindly, shown masked, revealed with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.world.members.blind import BlindIndexes, identity_context, open_identity
from mallard.world.members.errors import (
    IdentityInvalid,
    IdentityNotFound,
    IdentityTaken,
    MemberErased,
    PaymentCardRefused,
    ReasonNeeded,
    TooManyIdentities,
)
from mallard.world.members.events import IdentitiesChanged
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.locks import lock_members
from mallard.world.members.models import Identity, IdentityKind
from mallard.world.members.queries import records_under
from mallard.world.members.rules import (
    MAX_IDENTITIES,
    MAX_REASON,
    MIN_REASON,
    contains_payment_card,
    is_refused_identity,
    mask_identity,
    normalise_identity,
)
from mallard.world.members.services.subject import (
    data_key_of,
    locked_member,
    locked_open_member,
    origin_of,
)


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """An identity ready to be written."""

    id: UUID
    member_id: UUID
    kind: str
    value_sealed: bytes
    blind_full: bytes
    blind_last_four: bytes | None
    verified_at: dt.datetime | None
    origin: str
    created_at: dt.datetime


def kind_name(kind: str) -> str:
    """What people call a kind of identity, in their language; the code when it is unknown."""
    return str(IdentityKind(kind).label) if kind in IdentityKind.values else kind


def checked_value(kind: str, value: str) -> str:
    """The normalised value. Raises `IdentityInvalid` and `PaymentCardRefused`."""
    if kind in IdentityKind.values:
        normalised = normalise_identity(kind, value)
        if normalised is not None:
            if is_refused_identity(kind, normalised):
                raise PaymentCardRefused(fields={"value": PaymentCardRefused.message})
            return normalised
    error = IdentityInvalid(kind=kind_name(kind))
    error.fields["value"] = error.sentence
    raise error


def identity_row(
    member_id: UUID,
    identity: IdentityInput,
    *,
    key: DataKey,
    blind: BlindIndexes,
    origin: Origin,
    at: dt.datetime,
) -> IdentityRow:
    """``identity`` of ``member_id``, normalised, sealed and indexed."""
    value = checked_value(identity.kind, identity.value)
    id_ = uuid7()
    return IdentityRow(
        id=id_,
        member_id=member_id,
        kind=identity.kind,
        value_sealed=key.seal(value.encode(), identity_context(id_)),
        blind_full=blind.full(identity.kind, value),
        blind_last_four=blind.last_four(identity.kind, value),
        verified_at=identity.verified_at,
        origin=(identity.origin or origin).value,
        created_at=at,
    )


def refuse_taken(rows: Sequence[IdentityRow]) -> None:
    """Raise `IdentityTaken` when one of ``rows`` is somebody's already, or twice among them.

    A friendly answer ahead of the unique constraint, which decides between two at once.
    """
    seen: set[tuple[str, bytes]] = set()
    for row in rows:
        if (row.kind, row.blind_full) in seen:
            raise _taken(row.kind)
        seen.add((row.kind, row.blind_full))
    present = Identity.objects.filter(
        blind_full__in=[row.blind_full for row in rows], closed_at=None
    ).values_list("kind", "blind_full")
    for kind, index in present:
        if (kind, bytes(index or b"")) in seen:
            raise _taken(kind)


def taken_error(error: IntegrityError, rows: Sequence[IdentityRow]) -> Exception:
    """What the unique constraint means to a person; other errors stay as they are."""
    if "members_identity_belongs_to_one" in str(error):
        return _taken(rows[0].kind if len({row.kind for row in rows}) == 1 else "")
    return error


def _taken(kind: str) -> IdentityTaken:
    error = IdentityTaken(kind=kind_name(kind))
    error.fields["value"] = error.sentence
    return error


def copy_identities(rows: Collection[IdentityRow]) -> None:
    """Write identities with one COPY."""
    copy_rows(
        Identity._meta.db_table,
        (
            "id", "member_id", "kind", "value_sealed", "blind_full", "blind_last_four",
            "verified_at", "origin", "created_at",
        ),
        (
            (
                row.id, row.member_id, row.kind, row.value_sealed, row.blind_full,
                row.blind_last_four, row.verified_at, row.origin, row.created_at,
            )
            for row in rows
        ),
    )  # fmt: skip


@atomic_retrying
def add_identity(member_id: UUID, identity: IdentityInput, *, actor: Actor) -> UUID:
    """Record one more identity of an open member and return its id.

    Raises `IdentityInvalid`, `PaymentCardRefused`, `IdentityTaken`, `TooManyIdentities`.
    """
    member = locked_open_member(member_id)
    if Identity.objects.filter(member=member, closed_at=None).count() >= MAX_IDENTITIES:
        raise TooManyIdentities(limit=MAX_IDENTITIES)
    row = identity_row(
        member.id,
        identity,
        key=data_key_of(member),
        blind=BlindIndexes(),
        origin=origin_of(actor),
        at=now(),
    )
    refuse_taken([row])
    try:
        copy_identities([row])
    except IntegrityError as error:
        raise taken_error(error, [row]) from error
    _leave_trace("added", row.id, member.id, row.kind, actor)
    return row.id


def _locked_identity(identity_id: UUID, member_id: UUID) -> Identity:
    """An open identity of that member, or of a record merged into theirs; the lock of the record
    that holds it guards it."""
    holder = _held(identity_id, member_id).member_id
    lock_members([member_id, holder])
    locked_member(member_id)
    identity = _held(identity_id, member_id)
    if identity.closed_at is not None:
        raise IdentityNotFound()
    return identity


def _held(identity_id: UUID, member_id: UUID) -> Identity:
    """The identity, as it is now. Raises `IdentityNotFound` unless it stands on the member's
    record or on one merged into it."""
    records = records_under([member_id]).get(member_id, ())
    identity = Identity.objects.filter(pk=identity_id, member__in=records).first()
    if identity is None:
        raise IdentityNotFound()
    return identity


@atomic_retrying
def verify_identity(identity_id: UUID, *, member_id: UUID, actor: Actor) -> None:
    """Note that the member proved that this identity is theirs."""
    identity = _locked_identity(identity_id, member_id)
    if identity.verified_at is None:
        identity.verified_at = now()
        identity.save(update_fields=["verified_at"])
        _leave_trace("verified", identity.id, identity.member_id, identity.kind, actor)


@atomic_retrying
def remove_identity(identity_id: UUID, *, member_id: UUID, actor: Actor) -> None:
    """The member is no longer known by this identity; somebody else may be from now on."""
    identity = _locked_identity(identity_id, member_id)
    identity.closed_at = now()
    identity.save(update_fields=["closed_at"])
    _leave_trace("removed", identity.id, identity.member_id, identity.kind, actor)


@atomic_retrying
def reveal_identity(identity_id: UUID, *, member_id: UUID, reason: str, actor: Actor) -> str:
    """The whole identity, for somebody who says why. Leaves an audit entry with the reason.

    Raises `ReasonNeeded`, `IdentityNotFound`, `MemberErased`.
    """
    words = _reason_in(reason)
    identity = _held(identity_id, member_id)
    key = open_keys([identity.member_id]).get(identity.member_id)
    if key is None:
        raise MemberErased(number="")
    value = open_identity(identity, key)
    _note_reveal(
        ("identity", identity.id), identity.kind, [value], identity.member_id, key, words, actor
    )
    return value


@atomic_retrying
def reveal_values(
    kind: str,
    values: Sequence[str],
    *,
    subject: tuple[str, UUID],
    member_id: UUID,
    reason: str,
    actor: Actor,
) -> None:
    """Note that identities of a member that stand elsewhere than on their record (``subject``: the
    kind of row and its id) are shown in full, and why: the same entry as `reveal_identity`.

    Raises `ReasonNeeded`, `MemberErased`; then nothing may be shown.
    """
    words = _reason_in(reason)
    key = open_keys([member_id]).get(member_id)
    if key is None:
        raise MemberErased(number="")
    _note_reveal(subject, kind, values, member_id, key, words, actor)


def _reason_in(reason: str) -> str:
    words = " ".join(reason.split())
    if not MIN_REASON <= len(words) <= MAX_REASON:
        raise ReasonNeeded(fields={"reason": ReasonNeeded.message})
    if contains_payment_card(words):
        raise PaymentCardRefused(fields={"reason": PaymentCardRefused.message})
    return words


def _note_reveal(
    subject: tuple[str, UUID],
    kind: str,
    values: Sequence[str],
    member_id: UUID,
    key: DataKey,
    words: str,
    actor: Actor,
) -> None:
    subject_kind, subject_id = subject
    shown = ", ".join(mask_identity(kind, value) for value in values)
    record(
        actor,
        "members.identity_revealed",
        subject_kind,
        subject_id,
        after={"kind": kind, "shown": shown, "why": words},
        personal_of=member_id,
        data_key=key,
    )


def _leave_trace(change: str, identity_id: UUID, member_id: UUID, kind: str, actor: Actor) -> None:
    record(
        actor,
        f"members.identity_{change}",
        "identity",
        identity_id,
        after={"kind": kind, "member_id": member_id},
    )
    announce(
        [IdentitiesChanged(subject_id=member_id, kind=kind, change=change)],
        actor=actor,
    )
