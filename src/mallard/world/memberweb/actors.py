"""Members as actors: they may reach what is theirs, and hold no permission of staff."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.world.members.permissions import VIEW_NAME

# One knows one's own name; whom one sees is decided by `members.queries.visible_members`.
_OWN = frozenset({VIEW_NAME})


def member_actor(member_id: UUID, *, request_id: str = "") -> Actor:
    """The member acting for themself. Their network address is not kept."""
    return Actor(ActorKind.MEMBER, member_id, "member", _OWN, request_id=request_id)
