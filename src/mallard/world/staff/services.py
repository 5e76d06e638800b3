"""Every write of staff, their passwords and API keys."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import axes.utils
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext, override

from mallard.kernel.access.actor import NOWHERE, Actor, Scope, system
from mallard.kernel.access.permissions import is_declared
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.environment import environment
from mallard.kernel.http.authentication import forget_keys
from mallard.kernel.mail.services import Content, queue_mail
from mallard.kernel.provenance import Origin
from mallard.world.staff.errors import (
    EmailInvalid,
    EmailTaken,
    KeyNotFound,
    LinkInvalid,
    NameNeeded,
    PasswordWeak,
    PasswordWrong,
    PermissionUnknown,
    RoleUnknown,
    ScopeEmpty,
    StaffNotFound,
)
from mallard.world.staff.locks import lock_reset_link
from mallard.world.staff.models import (
    ApiKey,
    Language,
    ResetLink,
    RoleAssignment,
    StaffUser,
    Theme,
)
from mallard.world.staff.roles import ROLES
from mallard.world.staff.rules import digest, new_key, normalise_email

RESET_LINK_HOURS = 1


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
    address = normalise_email(email)
    try:
        validate_email(address)
    except ValidationError:
        raise EmailInvalid(email=email) from None
    if not 1 <= len(name.strip()) <= 80:
        raise NameNeeded()
    user = StaffUser(email=address, name=name.strip(), language=language, origin=origin)
    _set_password(user, password)
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


def _set_password(user: StaffUser, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        reasons = " ".join(str(message) for message in error.messages)
        raise PasswordWeak(fields={"new_password": reasons}, reasons=reasons) from None
    user.set_password(password)


@atomic_retrying
def assign_role(user_id: UUID, *, role: str, scope: Scope, actor: Actor) -> RoleAssignment:
    """Give a member of staff one more role, somewhere. Raises `RoleUnknown`, `ScopeEmpty`."""
    if role not in ROLES:
        raise RoleUnknown(role=role, known=", ".join(ROLES))
    if scope == NOWHERE:
        raise ScopeEmpty()
    columns = RoleAssignment.columns_of(scope)
    assignment = RoleAssignment.objects.create(user_id=user_id, role=role, **columns)
    record(
        actor,
        "staff.role_assigned",
        "staff",
        user_id,
        after={"role": role, **columns},
    )
    return assignment


@atomic_retrying
def deactivate_staff(user_id: UUID, *, actor: Actor) -> None:
    """Shut somebody out: no sign-in, and sessions end with their next request."""
    changed = StaffUser.objects.filter(pk=user_id, is_active=True).update(is_active=False)
    if changed:
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
        if not 1 <= len(name.strip()) <= 80:
            raise NameNeeded(fields={"name": NameNeeded.message})
        changes["name"] = name.strip()
    if language in Language.values:
        changes["language"] = str(language)
    if theme in Theme.values:
        changes["theme"] = str(theme)
    before = {field: getattr(user, field) for field in changes}
    if before == changes:
        return
    StaffUser.objects.filter(pk=user_id).update(**changes)
    record(actor, "staff.profile_changed", "staff", user_id, before=before, after=changes)


@atomic_retrying
def change_password(user_id: UUID, *, present: str, new: str, actor: Actor) -> StaffUser:
    """Set a new password for somebody who knows the present one; ends their other sessions.

    Raises `PasswordWrong`, `PasswordWeak`.
    """
    user = StaffUser.objects.get(pk=user_id)
    if not user.check_password(present):
        raise PasswordWrong(fields={"present_password": PasswordWrong.message})
    _set_password(user, new)
    user.save(update_fields=["password"])
    record(actor, "staff.password_changed", "staff", user_id)
    return user


@atomic_retrying
def send_reset_link(*, email: str) -> bool:
    """Mail a link with which to set a new password, good once and for an hour.

    Returns whether there is such an account; pages never tell.
    """
    user = StaffUser.objects.filter(email=normalise_email(email), is_active=True).first()
    if user is None:
        return False
    token = secrets.token_urlsafe(32)
    link = ResetLink.objects.create(
        user=user,
        token_hash=digest(token),
        expires_at=now() + dt.timedelta(hours=RESET_LINK_HOURS),
    )
    url = environment().base_url.rstrip("/") + reverse("staff:reset_password", args=[token])
    with override(user.language):
        content = Content(
            to=user.email,
            subject=gettext("Set a new password for Mallard"),
            text=gettext(
                "Hello %(name)s,\n\nsomebody asked for a new password for your account. Set it "
                "here within an hour:\n\n%(url)s\n\nIf it was not you, ignore this mail; nothing "
                "has changed."
            )
            % {"name": user.name, "url": url},
        )
    acting = system("forgotten password")
    queue_mail(kind="staff.reset_link", content=content, actor=acting)
    record(acting, "staff.reset_link_sent", "staff", user.id, after={"link_id": link.id})
    return True


@atomic_retrying
def reset_password(*, token: str, new: str, address: str = "") -> StaffUser:
    """Spend a reset link: set the password, end all sessions and all other links, and open the
    door again that wrong tries had closed.

    Raises `LinkInvalid` and `PasswordWeak` (the link stays good then).
    """
    link = lock_reset_link(digest(token))
    if link is None or link.used_at or link.expires_at <= now() or not link.user.is_active:
        raise LinkInvalid()
    user = link.user
    _set_password(user, new)
    user.save(update_fields=["password"])
    ResetLink.objects.filter(user=user, used_at=None).update(used_at=now())
    axes.utils.reset(username=user.email)
    record(
        system("forgotten password").at(request_id="", address=address),
        "staff.password_reset",
        "staff",
        user.id,
    )
    return user


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A fresh API key; ``plain`` is shown this once and kept nowhere."""

    id: UUID
    prefix: str
    plain: str


@atomic_retrying
def create_api_key(
    *,
    name: str,
    scope: Scope,
    permissions: Collection[str],
    expires_at: dt.datetime | None = None,
    actor: Actor,
) -> MadeKey:
    """Make a key for a machine. Raises `PermissionUnknown`, `ScopeEmpty`, `NameNeeded`."""
    if not 1 <= len(name.strip()) <= 80:
        raise NameNeeded()
    if scope == NOWHERE:
        raise ScopeEmpty()
    for permission in permissions:
        if not is_declared(permission):
            raise PermissionUnknown(permission=permission)
    plain = new_key()
    columns = ApiKey.columns_of(scope)
    key = ApiKey.objects.create(
        name=name.strip(),
        prefix=plain.prefix,
        secret_hash=digest(plain.secret),
        permissions=sorted(set(permissions)),
        expires_at=expires_at,
        **columns,
    )
    record(
        actor,
        "staff.api_key_created",
        "api_key",
        key.id,
        after={
            "name": key.name,
            "prefix": key.prefix,
            "permissions": key.permissions,
            "expires_at": expires_at,
            **columns,
        },
    )
    return MadeKey(key.id, plain.prefix, plain.text)


@atomic_retrying
def revoke_api_key(key_id: UUID, *, actor: Actor) -> None:
    """A key opens nothing any more, within seconds. Again changes nothing."""
    revoked = ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=now())
    if revoked:
        record(actor, "staff.api_key_revoked", "api_key", key_id)
        forget_keys()
    elif not ApiKey.objects.filter(pk=key_id).exists():
        raise KeyNotFound()
