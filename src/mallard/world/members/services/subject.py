"""The member that a use case is about: locked, and fit for it."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.world.members.errors import (
    MemberErased,
    MemberMerged,
    MemberNotFound,
    MemberNotOpen,
)
from mallard.world.members.locks import lock_members
from mallard.world.members.models import Member, MemberStatus

_ORIGINS = {
    ActorKind.STAFF: Origin.STAFF,
    ActorKind.API: Origin.API,
    ActorKind.MEMBER: Origin.SOURCE,
    ActorKind.SYSTEM: Origin.IMPORT,
}


def origin_of(actor: Actor) -> Origin:
    """Where a fact comes from when the caller does not say."""
    return _ORIGINS[actor.kind]


def locked_member(member_id: UUID) -> Member:
    """The member, locked, whatever became of them. Raises `MemberNotFound`, `MemberErased`."""
    members = lock_members([member_id])
    if not members:
        raise MemberNotFound()
    member = members[0]
    if member.status == MemberStatus.ERASED:
        raise MemberErased(number=member.number)
    return member


def locked_open_member(member_id: UUID) -> Member:
    """The member, locked and open; raises `MemberNotOpen` or `MemberMerged` otherwise, too."""
    member = locked_member(member_id)
    if not member.is_open:
        raise MemberNotOpen(number=member.number)
    if member.merged_into_id is not None:
        raise MemberMerged(number=member.number)
    return member


def data_key_of(member: Member) -> DataKey:
    """The member's data key. Raises `MemberErased` when it is gone."""
    key = open_keys([member.id]).get(member.id)
    if key is None:
        raise MemberErased(number=member.number)
    return key
