"""Reads of staff: most of all, what somebody may do and where."""

from __future__ import annotations

from mallard.kernel.access.actor import NOWHERE, Actor, ActorKind
from mallard.kernel.access.permissions import declared_permissions
from mallard.world.staff.models import RoleAssignment, StaffUser
from mallard.world.staff.roles import ROLES, Role


def role_permissions(role: Role) -> frozenset[str]:
    """The permission codes that ``role`` grants; an administrator's are all that exist."""
    if role.is_everything:
        return frozenset(permission.code for permission in declared_permissions())
    return role.permissions


def actor_for_user(user: StaffUser) -> Actor:
    """The actor behind a signed-in ``user``: permissions and stores of all roles. One query.

    Somebody without a role may do nothing, anywhere. Roles add up: permissions and stores are
    united, so grant a second role only where the first may act as well.
    """
    permissions: frozenset[str] = frozenset()
    scope = NOWHERE
    for assignment in RoleAssignment.objects.filter(user=user):
        role = ROLES.get(assignment.role)
        if role is not None:
            permissions |= role_permissions(role)
            scope |= assignment.scope
    return Actor(ActorKind.STAFF, user.id, user.email, permissions, scope)
