"""Reads of staff: most of all, what somebody may do and where."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from mallard.kernel.access.actor import NOWHERE, Actor, ActorKind, Scope
from mallard.kernel.access.people import Person
from mallard.kernel.access.permissions import declared_permissions
from mallard.kernel.bilingual import name_order, with_shown_name
from mallard.kernel.clock import now
from mallard.kernel.database.prepared import fetch_rows
from mallard.world.malls.models import Store
from mallard.world.malls.queries import main_zone, store_ids_in
from mallard.world.staff.errors import KeyNotFound, StaffNotFound
from mallard.world.staff.models import (
    ApiKey,
    CustomRole,
    Invitation,
    InvitedRole,
    Leaving,
    RecoveryCode,
    ResetLink,
    RoleAssignment,
    SecondFactor,
    StaffSession,
    StaffUser,
)
from mallard.world.staff.roles import ADMINISTRATOR, ROLES, SALES_ASSISTANT, Role
from mallard.world.staff.rules import digest, parse_key
from mallard.world.staff.settings import KEY_OLD_DAYS, SECOND_FACTOR


def role_permissions(role: Role) -> frozenset[str]:
    """The permission codes that ``role`` grants; an administrator's are all that exist."""
    if role.is_everything:
        return frozenset(permission.code for permission in declared_permissions())
    return role.permissions


def role_catalogue() -> dict[str, Role]:
    """Every role that can be given, by code: the built-in ones, then the group's own."""
    own = CustomRole.objects.filter(closed_at=None).order_by(*name_order())
    return ROLES | {row.code: _as_role(row) for row in own}


def role_titles() -> dict[str, str]:
    """What the roles that can be given are called, by code."""
    return {code: str(role.name) for code, role in role_catalogue().items()}


def _as_role(row: CustomRole) -> Role:
    return Role(row.code, row.name, row.purpose, frozenset(row.permissions), is_own=True)


def grantable_roles(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of the roles that the actor could give: those of which they hold it all."""
    return [
        (role.code, str(role.name))
        for role in role_catalogue().values()
        if all(actor.may(permission) for permission in role_permissions(role))
    ]


_HELD_COLUMNS = [field.attname for field in RoleAssignment._meta.concrete_fields]
_OF_HELD = ", ".join(f"held.{column}" for column in _HELD_COLUMNS)
# Prepared: every page asks it, and Django takes longer to put it together than to have it answered.
_HELD = f"""
    SELECT own.permissions, own.needs_second_factor, {_OF_HELD}
    FROM staff_roleassignment held
    LEFT JOIN staff_customrole own ON own.code = held.role AND own.closed_at IS NULL
    WHERE held.user_id = %s AND held.withdrawn_at IS NULL
    ORDER BY held.id
"""  # noqa: S608 columns of our own table


def assignments_of(user_id: UUID) -> tuple[RoleAssignment, ...]:
    """The roles that somebody holds now, with what `permissions_of` needs. One query."""
    return tuple(_held(*row) for row in fetch_rows(_HELD, [user_id]))


def _held(
    own_permissions: list[str] | None, own_needs: bool | None, *columns: object
) -> RoleAssignment:
    assignment = RoleAssignment.from_db(DEFAULT_DB_ALIAS, _HELD_COLUMNS, columns)
    vars(assignment).update(own_permissions=own_permissions, own_needs=own_needs)
    return assignment


def withdrawn_assignments_of(user_id: UUID) -> QuerySet[RoleAssignment]:
    """The roles that somebody held once, latest first."""
    past = RoleAssignment.objects.filter(user=user_id).exclude(withdrawn_at=None)
    return past.order_by("-withdrawn_at", "id")


def holders_of(actor: Actor, code: str) -> list[tuple[StaffUser, RoleAssignment]]:
    """Who holds a role and where, among those that the actor sees, by name."""
    people = visible_staff(actor).filter(is_active=True).order_by("name", "id")
    return [
        (user, assignment)
        for user in people
        for assignment in user.assignments.all()
        if assignment.role == code
    ]


def permissions_of(assignment: RoleAssignment) -> frozenset[str]:
    """What an assignment of `assignments_of` grants; nothing when its role is gone."""
    role = ROLES.get(assignment.role)
    if role is not None:
        return role_permissions(role)
    return frozenset(getattr(assignment, "own_permissions", None) or ())


def permissions_of_code(code: str) -> frozenset[str]:
    """What the role with this code grants; nothing when there is none."""
    role = role_catalogue().get(code)
    return role_permissions(role) if role else frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do, and the assignments that say so."""

    actor: Actor
    assignments: tuple[RoleAssignment, ...]

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the roles asks for codes from the phone. Reads settings: ask only when it
        matters."""
        return any(asks_for_second_factor(assignment) for assignment in self.assignments)


def standing_of(user: StaffUser) -> Standing:
    """The standing of a signed-in ``user``: permissions and stores of all roles. One query.

    Somebody without a role may do nothing, anywhere. Roles add up: permissions and stores are
    united, so grant a second role only where the first may act as well.
    """
    permissions: frozenset[str] = frozenset()
    scope = NOWHERE
    held = assignments_of(user.id)
    for assignment in held:
        granted = permissions_of(assignment)
        if granted:
            permissions |= granted
            scope |= assignment.scope
    return Standing(Actor(ActorKind.STAFF, user.id, user.email, permissions, scope), held)


def asks_for_second_factor(assignment: RoleAssignment) -> bool:
    """Whether the role of an assignment of `assignments_of` needs a second factor: the setting of
    a built-in role, the word of an own one."""
    setting = SECOND_FACTOR.get(assignment.role)
    if setting is not None:
        return setting.value
    return bool(getattr(assignment, "own_needs", False))


def actor_for_user(user: StaffUser) -> Actor:
    """The actor behind a signed-in ``user``. One query."""
    return standing_of(user).actor


def roles_held(actor: Actor) -> list[tuple[str, Scope]]:
    """The roles in which a member of staff acts, each with the stores on which they hold it; of
    somebody who looks on as a role, that one."""
    if actor.looking is not None:
        return [(actor.looking.role, actor.scope)]
    rows = RoleAssignment.objects.filter(user=actor.id, withdrawn_at=None)
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
    own = with_shown_name(CustomRole.objects.filter(code=OuterRef("role")))
    held = RoleAssignment.objects.filter(withdrawn_at=None).annotate(
        own_name=Subquery(own.values("shown_name")[:1])
    )
    people = StaffUser.objects.prefetch_related(
        Prefetch("assignments", queryset=held.order_by("role"))
    )
    if actor.scope.is_group:
        return people
    # Who left holds no role any more: the last ones say where they worked.
    here = RoleAssignment.objects.filter(_touches(actor.scope), user=OuterRef("pk"))
    here = here.filter(Q(withdrawn_at=None) | Q(user__is_active=False))
    return people.filter(Q(Exists(here)) | Q(pk=actor.id))


def assistants_at(store: Store) -> QuerySet[StaffUser]:
    """Who looks after this store's own customers: active holders of that role there, by name."""
    here = (
        Q(store_ids__contains=[store.pk])
        | Q(tenant_ids__contains=[store.tenant_id])
        | Q(mall_ids__contains=[store.mall_id])
    )
    held = RoleAssignment.objects.filter(
        here, user=OuterRef("pk"), role=SALES_ASSISTANT, withdrawn_at=None
    )
    return StaffUser.objects.filter(Exists(held), is_active=True).order_by("name", "id")


def staff_matching(people: QuerySet[StaffUser], text: str) -> QuerySet[StaffUser]:
    """Those of whose name or e-mail every word of ``text`` is a part."""
    for word in text.split():
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return people


def role_name(assignment: RoleAssignment) -> str:
    """What people call the role of an assignment of `visible_staff`."""
    role = ROLES.get(assignment.role)
    return str(role.name) if role else getattr(assignment, "own_name", None) or assignment.role


def _touches(scope: Scope) -> Q:
    """Grants on a mall, tenant or store within ``scope``."""
    stores = store_ids_in(scope) or frozenset()
    return Q(is_group=False) & (
        Q(mall_ids__overlap=list(scope.mall_ids))
        | Q(tenant_ids__overlap=list(scope.tenant_ids))
        | Q(store_ids__overlap=list(stores))
    )


def visible_person(actor: Actor, user_id: UUID) -> StaffUser:
    """A member of staff that the actor may know of. Raises `StaffNotFound`."""
    user = visible_staff(actor).filter(pk=user_id).first()
    if user is None:
        raise StaffNotFound()
    return user


def open_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that nobody accepted yet, as far as the actor's scope reaches, roles with them.
    Some may be too old to be used."""
    rows = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    rows = rows.select_related("invited_by").prefetch_related("roles")
    if actor.scope.is_group:
        return rows
    here = InvitedRole.objects.filter(_touches(actor.scope), invitation=OuterRef("pk"))
    return rows.filter(Exists(here))


def invitation_of_link(token: str) -> Invitation | None:
    """The invitation that a mailed link opens, while it does."""
    return (
        Invitation.objects.filter(
            token_hash=digest(token), accepted_at=None, withdrawn_at=None, expires_at__gt=now()
        )
        .prefetch_related("roles")
        .first()
    )


def is_reset_link_good(token: str) -> bool:
    """Whether the link can still be used."""
    return ResetLink.objects.filter(
        token_hash=digest(token), used_at=None, expires_at__gt=now(), user__is_active=True
    ).exists()


def has_second_factor(user_id: UUID) -> bool:
    """Whether codes are asked for at their sign-in."""
    return SecondFactor.objects.filter(pk=user_id).exclude(confirmed_at=None).exists()


def second_factor_of(user_id: UUID) -> SecondFactor | None:
    """The codes that somebody set up, if they did."""
    return SecondFactor.objects.filter(pk=user_id).exclude(confirmed_at=None).first()


def recovery_codes_left(user_id: UUID) -> int:
    """How many recovery codes still open."""
    return RecoveryCode.objects.filter(user=user_id, used_at=None).count()


def live_sessions(user_id: UUID) -> QuerySet[StaffSession]:
    """The browsers in which somebody is signed in, the one used last first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now())
    return StaffSession.objects.filter(Exists(alive), user=user_id, ended_at=None)


def visible_keys(actor: Actor) -> QuerySet[ApiKey]:
    """The API keys that act somewhere within the actor's scope, with who answers for them."""
    keys = ApiKey.objects.select_related("owner")
    return keys if actor.scope.is_group else keys.filter(_touches(actor.scope))


def visible_key(actor: Actor, key_id: UUID) -> ApiKey:
    """An API key that the actor may know of. Raises `KeyNotFound`."""
    key = visible_keys(actor).filter(pk=key_id).first()
    if key is None:
        raise KeyNotFound()
    return key


def open_keys_of(user_id: UUID) -> QuerySet[ApiKey]:
    """The keys that somebody answers for and that are not revoked."""
    return ApiKey.objects.filter(owner=user_id, revoked_at=None).order_by("name", "id")


def planned_leaving(user_id: UUID) -> Leaving | None:
    """When somebody leaves and who takes over, if that is planned."""
    rows = Leaving.objects.filter(user=user_id, done_at=None, cancelled_at=None)
    return rows.select_related("heir").first()


def user_ids_needing_second_factor() -> frozenset[UUID]:
    """Everybody with a role that asks for codes from the phone."""
    own = CustomRole.objects.filter(code=OuterRef("role"), closed_at=None)
    rows = RoleAssignment.objects.filter(withdrawn_at=None).annotate(
        own_needs=Subquery(own.values("needs_second_factor")[:1])
    )
    return frozenset(row.user_id for row in rows if asks_for_second_factor(row))


def administrator_ids() -> list[UUID]:
    """Who runs the whole installation."""
    rows = RoleAssignment.objects.filter(
        role=ADMINISTRATOR, is_group=True, withdrawn_at=None, user__is_active=True
    )
    return list(rows.values_list("user_id", flat=True).distinct())


def is_key_old(key: ApiKey) -> bool:
    """Whether a key should be renewed by now, as the setting says."""
    return key.created_at <= now() - dt.timedelta(days=KEY_OLD_DAYS.value)
