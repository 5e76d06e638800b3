"""Accounts: made, changed by their owner, shut."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from mallard.kernel.access.actor import Actor, Scope
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.provenance import Origin
from mallard.world.staff import reach
from mallard.world.staff.errors import (
    EmailInvalid,
    EmailTaken,
    NameNeeded,
    StaffNotFound,
    at,
)
from mallard.world.staff.models import Language, StaffUser, Theme
from mallard.world.staff.permissions import MANAGE_STAFF
from mallard.world.staff.rules import normalise_email
from mallard.world.staff.services.passwords import set_password
from mallard.world.staff.services.roles import assign_role, require_another_administrator
from mallard.world.staff.services.sessions import end_all


def sound_email(text: str) -> str:
    """The one spelling of an address. Raises `EmailInvalid`."""
    address = normalise_email(text)
    try:
        validate_email(address)
    except ValidationError:
        raise at("email", EmailInvalid(email=text)) from None
    return address


def sound_name(text: str) -> str:
    """A name without spaces around. Raises `NameNeeded`."""
    name = text.strip()
    if not 1 <= len(name) <= 80:
        raise at("name", NameNeeded())
    return name


@atomic_retrying
def create_staff(
    *,
    email: str,
    name: str,
    role: str,
    scope: Scope,
    password: str | None = None,
    language: str = Language.ENGLISH,
    origin: Origin = Origin.STAFF,
    actor: Actor,
) -> StaffUser:
    """Make an account with one role. Without ``password`` the person sets one by the link of
    "forgotten password". Raises `EmailInvalid`, `EmailTaken`, `NameNeeded`, `RoleUnknown`,
    `ScopeEmpty`, `PasswordWeak`."""
    address, name = sound_email(email), sound_name(name)
    user = StaffUser(email=address, name=name, language=language, origin=origin)
    set_password(user, password)
    if StaffUser.objects.filter(email=address).exists():
        raise EmailTaken(email=address)
    try:
        user.save(force_insert=True)
    except IntegrityError:
        raise EmailTaken(email=address) from None
    record(
        actor,
        "staff.staff_created",
        "staff",
        user.id,
        after={"email": address, "name": user.name, "origin": origin.value},
    )
    assign_role(user.id, role=role, scope=scope, actor=actor)
    return user


@atomic_retrying
def deactivate_staff(user_id: UUID, *, actor: Actor) -> None:
    """Shut somebody out: no sign-in, and sessions end with their next request.

    Raises `StaffNotFound`, `LastAdministrator`, and `reach.BeyondOwn` when they may do more.
    """
    actor.require(MANAGE_STAFF)
    require_another_administrator(user_id)
    reach.require_over(user_id, actor)
    changed = StaffUser.objects.filter(pk=user_id, is_active=True).update(is_active=False)
    if changed:
        end_all(user_id)
        record(
            actor,
            "staff.staff_deactivated",
            "staff",
            user_id,
            before={"is_active": True},
            after={"is_active": False},
        )
    elif not StaffUser.objects.filter(pk=user_id).exists():
        raise StaffNotFound()


@atomic_retrying
def change_profile(
    user_id: UUID,
    *,
    name: str | None = None,
    language: str | None = None,
    theme: str | None = None,
    actor: Actor,
) -> None:
    """Change what somebody set for themselves; None leaves it. Raises `NameNeeded`."""
    user = StaffUser.objects.get(pk=user_id)
    changes: dict[str, str] = {}
    if name is not None:
        changes["name"] = sound_name(name)
    if language in Language.values:
        changes["language"] = str(language)
    if theme in Theme.values:
        changes["theme"] = str(theme)
    before = {field: getattr(user, field) for field in changes}
    if before == changes:
        return
    StaffUser.objects.filter(pk=user_id).update(**changes)
    record(actor, "staff.profile_changed", "staff", user_id, before=before, after=changes)
