"""Passwords: changed by who knows them, set anew by a link."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import UUID

import axes.utils
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext, override

from mallard.kernel.access.actor import Actor, system
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.environment import environment
from mallard.kernel.mail.services import Content, queue_mail
from mallard.world.staff.errors import LinkInvalid, PasswordWeak, PasswordWrong
from mallard.world.staff.locks import lock_reset_link
from mallard.world.staff.models import ResetLink, StaffUser
from mallard.world.staff.rules import digest, normalise_email
from mallard.world.staff.services.sessions import end_all

RESET_LINK_HOURS = 1


def set_password(user: StaffUser, password: str | None) -> None:
    """Hash ``password`` into ``user`` (not saved); None leaves no way in by password. Raises
    `PasswordWeak`."""
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
def change_password(
    user_id: UUID, *, present: str, new: str, session_id: UUID | None = None, actor: Actor
) -> StaffUser:
    """Set a new password for somebody who knows the present one; ends their sessions but for
    ``session_id``.

    Raises `PasswordWrong`, `PasswordWeak`.
    """
    user = StaffUser.objects.get(pk=user_id)
    if not user.check_password(present):
        raise PasswordWrong(fields={"present_password": PasswordWrong.message})
    set_password(user, new)
    user.save(update_fields=["password"])
    end_all(user_id, but=session_id)
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
    set_password(user, new)
    user.save(update_fields=["password"])
    ResetLink.objects.filter(user=user, used_at=None).update(used_at=now())
    end_all(user.id)
    axes.utils.reset(username=user.email)
    record(
        system("forgotten password").at(request_id="", address=address),
        "staff.password_reset",
        "staff",
        user.id,
    )
    return user
