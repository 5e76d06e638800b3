"""What became of memberships is remembered for their timelines, in the transaction of the act."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.world.members.models import MembershipChange, MembershipChangeKind


def remember(
    kind: MembershipChangeKind,
    member_ids: Collection[UUID],
    *,
    actor: Actor,
    survivor_id: UUID | None = None,
) -> None:
    """Note that this happened to these memberships now."""
    by = actor.id if actor.kind is ActorKind.STAFF else None
    MembershipChange.objects.bulk_create(
        MembershipChange(
            member_id=member_id,
            kind=kind,
            survivor_id=survivor_id,
            changed_by_id=by,
            changed_by_label="" if by else actor.label[:200],
        )
        for member_id in member_ids
    )
