"""Looking on as a role would: begun and ended, both on record."""

from __future__ import annotations

from mallard.kernel.access.actor import NOWHERE, Actor, Scope
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.world.staff import queries, reach
from mallard.world.staff.errors import RoleUnknown, ScopeEmpty
from mallard.world.staff.models import ScopeColumns
from mallard.world.staff.permissions import SEE_AS_ROLE


@atomic_retrying
def begin_looking(role: str, scope: Scope, *, actor: Actor) -> Scope:
    """Note that ``actor`` looks on as ``role`` at ``scope``; the part of it that they see.

    Raises `RoleUnknown`, `ScopeEmpty`, and `reach.PlaceBeyondOwn` when nothing of it is theirs.
    """
    actor.require(SEE_AS_ROLE)
    known = queries.role_catalogue()
    if role not in known:
        raise RoleUnknown(role=role, known=", ".join(known))
    if scope == NOWHERE:
        raise ScopeEmpty()
    seen = reach.common(actor.scope, scope)
    if seen == NOWHERE:
        raise reach.PlaceBeyondOwn()
    record(
        actor,
        "staff.looking_begun",
        "staff",
        actor.id,
        after={"role": role, **ScopeColumns.columns_of(seen)},
    )
    return seen


@atomic_retrying
def end_looking(role: str, *, why: str, actor: Actor) -> None:
    """Note that it is over: by hand, by time, or with the session. ``actor`` is back."""
    record(actor, "staff.looking_ended", "staff", actor.id, before={"role": role, "why": why})
