"""Roles: given and taken back, and those that the group makes for itself."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from uuid import UUID

from mallard.kernel.access.actor import NOWHERE, Actor, Scope
from mallard.kernel.access.permissions import is_declared
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.world.staff import queries, reach
from mallard.world.staff.errors import (
    AssignmentNotFound,
    LastAdministrator,
    NameNeeded,
    PermissionUnknown,
    RoleHeld,
    RoleNotOwn,
    RoleUnknown,
    ScopeEmpty,
)
from mallard.world.staff.locks import lock_administrators, lock_assignment
from mallard.world.staff.models import CustomRole, RoleAssignment, StaffUser
from mallard.world.staff.permissions import EDIT_ROLE, MANAGE_STAFF


@atomic_retrying
def assign_role(user_id: UUID, *, role: str, scope: Scope, actor: Actor) -> RoleAssignment:
    """Give a member of staff one more role, somewhere.

    Raises `RoleUnknown`, `ScopeEmpty`, `RoleHeld` and, when the actor does not hold as much there,
    `reach.BeyondOwn`.
    """
    actor.require(MANAGE_STAFF)
    require_grant(role, scope, actor=actor)
    columns = RoleAssignment.columns_of(scope)
    if RoleAssignment.objects.filter(
        user_id=user_id, role=role, withdrawn_at=None, **columns
    ).exists():
        raise RoleHeld()
    assignment = RoleAssignment.objects.create(user_id=user_id, role=role, **columns)
    record(
        actor,
        "staff.role_assigned",
        "staff",
        user_id,
        after={"role": role, **columns},
    )
    return assignment


def require_grant(role: str, scope: Scope, *, actor: Actor) -> None:
    """Refuse a role that is none, a scope that reaches nowhere, or more than the actor holds."""
    known = queries.role_catalogue()
    if role not in known:
        raise RoleUnknown(role=role, known=", ".join(known))
    if scope == NOWHERE:
        raise ScopeEmpty()
    reach.require_grantable(actor, queries.role_permissions(known[role]), scope)


@atomic_retrying
def withdraw_role(assignment_id: UUID, *, user_id: UUID, actor: Actor) -> None:
    """Take a role back from somebody; it holds no longer than their next request. The row stays
    as history.

    Raises `AssignmentNotFound`, `LastAdministrator`, `reach.BeyondOwn`.
    """
    actor.require(MANAGE_STAFF)
    require_another_administrator(user_id, without=assignment_id)
    assignment = lock_assignment(assignment_id)
    if assignment is None or assignment.user_id != user_id or assignment.withdrawn_at is not None:
        raise AssignmentNotFound()
    reach.require_grantable(actor, queries.permissions_of_code(assignment.role), assignment.scope)
    _close([assignment], actor=actor)


def require_another_administrator(user_id: UUID, *, without: UUID | None = None) -> None:
    """Refuse to leave nobody who may do everything everywhere.

    ``user_id`` is about to lose the assignment ``without``, or all (None). Locks what it looks
    at, so call it before other locks. Raises `LastAdministrator`.
    """
    held = lock_administrators()
    going = {row.id for row in held if row.user_id == user_id and without in (None, row.id)}
    if not going:
        return
    staying = {row.user_id for row in held if row.id not in going}
    if not StaffUser.objects.filter(pk__in=staying, is_active=True).exists():
        raise LastAdministrator()


def withdraw_all(user_id: UUID, *, actor: Actor) -> int:
    """Take every role of somebody who leaves; how many there were. Part of a larger use case:
    the caller has locked and checked."""
    held = list(RoleAssignment.objects.filter(user_id=user_id, withdrawn_at=None))
    _close(held, actor=actor)
    return len(held)


def _close(assignments: Collection[RoleAssignment], *, actor: Actor) -> None:
    RoleAssignment.objects.filter(pk__in=[row.id for row in assignments]).update(withdrawn_at=now())
    for row in assignments:
        record(
            actor,
            "staff.role_withdrawn",
            "staff",
            row.user_id,
            before={"role": row.role, **RoleAssignment.columns_of(row.scope)},
        )


@atomic_retrying
def create_role(
    *,
    name_en: str,
    name_zh: str,
    purpose: str,
    permissions: Collection[str],
    needs_second_factor: bool = False,
    actor: Actor,
) -> CustomRole:
    """Make a role of the group's own. Raises `NameNeeded`, `PermissionUnknown`, `BeyondOwn`."""
    _require_sound(name_en, name_zh, permissions, actor=actor)
    role = CustomRole.objects.create(
        code=f"own-{secrets.token_hex(5)}",
        name_en=name_en.strip(),
        name_zh=name_zh.strip(),
        purpose=purpose.strip(),
        permissions=sorted(set(permissions)),
        needs_second_factor=needs_second_factor,
    )
    record(actor, "staff.role_created", "role", role.id, after=_content(role))
    return role


@atomic_retrying
def change_role(
    code: str,
    *,
    name_en: str,
    name_zh: str,
    purpose: str,
    permissions: Collection[str],
    needs_second_factor: bool = False,
    actor: Actor,
) -> CustomRole:
    """Change a role of the group's own, for everybody who holds it, from the next request on.

    Raises `RoleNotOwn`, `NameNeeded`, `PermissionUnknown`, `BeyondOwn`.
    """
    role = _own_role(code)
    # Who may not do what the role does today may not take it from others either.
    reach.require_grantable(actor, role.permissions, actor.scope)
    _require_sound(name_en, name_zh, permissions, actor=actor)
    before = _content(role)
    role.name_en, role.name_zh, role.purpose = name_en.strip(), name_zh.strip(), purpose.strip()
    role.permissions = sorted(set(permissions))
    role.needs_second_factor = needs_second_factor
    role.save()
    record(actor, "staff.role_changed", "role", role.id, before=before, after=_content(role))
    return role


@atomic_retrying
def close_role(code: str, *, actor: Actor) -> None:
    """Retire a role of the group's own: it is offered no more and grants nothing.

    Raises `RoleNotOwn`, `BeyondOwn`.
    """
    role = _own_role(code)
    _require_sound(role.name_en, role.name_zh, role.permissions, actor=actor)
    CustomRole.objects.filter(pk=role.pk).update(closed_at=now())
    record(actor, "staff.role_closed", "role", role.id, before=_content(role))


def _own_role(code: str) -> CustomRole:
    role = CustomRole.objects.filter(code=code, closed_at=None).select_for_update().first()
    if role is None:
        raise RoleNotOwn()
    return role


def _require_sound(
    name_en: str, name_zh: str, permissions: Collection[str], *, actor: Actor
) -> None:
    """A role means the same everywhere, so only who works for the whole group shapes one."""
    actor.require(EDIT_ROLE)
    reach.require_group_scope(actor)
    if not (name_en.strip() or name_zh.strip()):
        raise NameNeeded(fields={"name_en": NameNeeded.message})
    for permission in permissions:
        if not is_declared(permission):
            raise PermissionUnknown(permission=permission)
    reach.require_grantable(actor, permissions, actor.scope)


def _content(role: CustomRole) -> dict[str, object]:
    return {
        "name_en": role.name_en,
        "name_zh": role.name_zh,
        "purpose": role.purpose,
        "permissions": role.permissions,
        "needs_second_factor": role.needs_second_factor,
    }
