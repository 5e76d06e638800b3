"""Reads of staff: most of all, what somebody may do and where."""

from __future__ import annotations

import datetime as dt
import hmac
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from mallard.kernel.access.actor import NOWHERE, Actor, ActorKind, Scope
from mallard.kernel.access.people import Person
from mallard.kernel.access.permissions import declared_permissions
from mallard.kernel.clock import now
from mallard.world.malls.queries import main_zone, store_ids_in
from mallard.world.staff.models import ApiKey, ResetLink, RoleAssignment, StaffUser
from mallard.world.staff.roles import ROLES, Role
from mallard.world.staff.rules import digest, parse_key


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


def roles_held(user_id: UUID) -> list[tuple[str, Scope]]:
    """The roles that somebody holds, each with the stores on which they hold it."""
    rows = RoleAssignment.objects.filter(user=user_id)
    return [(assignment.role, assignment.scope) for assignment in rows]


def person_behind(actor_id: UUID) -> Person | None:
    """Somebody of the staff as they are now; None when they left."""
    user = StaffUser.objects.filter(pk=actor_id, is_active=True).first()
    if user is None:
        return None
    actor = actor_for_user(user)
    return Person(actor, user.language, main_zone(actor.scope))


def actor_for_api_key(plain: str) -> Actor | None:
    """The actor behind an API key; None when it is unknown, revoked or expired.

    Notes the day on which a key was used, once a day, so that old keys can be found.
    """
    asked = parse_key(plain)
    if asked is None:
        return None
    key = ApiKey.objects.filter(prefix=asked.prefix).first()
    if key is None or not hmac.compare_digest(bytes(key.secret_hash), digest(asked.secret)):
        return None
    moment = now()
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= moment):
        return None
    _note_use(key, moment.date())
    return Actor(
        ActorKind.API, key.id, f"api key {key.name}", frozenset(key.permissions), key.scope
    )


def _note_use(key: ApiKey, today: dt.date) -> None:
    if key.last_used_on is None or key.last_used_on < today:
        ApiKey.objects.filter(pk=key.pk).exclude(last_used_on__gte=today).update(last_used_on=today)


def visible_staff(actor: Actor) -> QuerySet[StaffUser]:
    """The staff that ``actor`` may know of: everybody for the group, otherwise those with a role
    on a mall, tenant or store within the actor's scope, and oneself. Roles come along."""
    people = StaffUser.objects.prefetch_related(
        Prefetch("assignments", queryset=RoleAssignment.objects.order_by("role"))
    )
    scope = actor.scope
    if scope.is_group:
        return people
    stores = store_ids_in(scope) or frozenset()
    here = RoleAssignment.objects.filter(user=OuterRef("pk"), is_group=False).filter(
        Q(mall_ids__overlap=list(scope.mall_ids))
        | Q(tenant_ids__overlap=list(scope.tenant_ids))
        | Q(store_ids__overlap=list(stores))
    )
    return people.filter(Q(Exists(here)) | Q(pk=actor.id))


def is_reset_link_good(token: str) -> bool:
    """Whether the link can still be used."""
    return ResetLink.objects.filter(
        token_hash=digest(token), used_at=None, expires_at__gt=now(), user__is_active=True
    ).exists()
