"""Invitations: sent by mail, sent again, withdrawn, accepted."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from mallard.kernel.access.actor import Actor, ActorKind, Scope, system
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.environment import environment
from mallard.kernel.mail.services import Content, queue_mail
from mallard.world.staff import queries
from mallard.world.staff.errors import (
    EmailTaken,
    InvitationInvalid,
    InvitationNotFound,
    InvitationOpen,
    RolesNeeded,
    at,
)
from mallard.world.staff.locks import lock_invitation, lock_invitation_of_link
from mallard.world.staff.models import (
    Invitation,
    InvitedRole,
    Language,
    RecoveryCode,
    SecondFactor,
    StaffUser,
)
from mallard.world.staff.permissions import MANAGE_STAFF
from mallard.world.staff.rules import digest
from mallard.world.staff.services.accounts import create_staff, sound_email, sound_name
from mallard.world.staff.services.passwords import set_password
from mallard.world.staff.services.roles import assign_role, require_grant, withdraw_all
from mallard.world.staff.settings import INVITATION_DAYS


@dataclass(frozen=True, slots=True)
class Grant:
    """A role and where it holds."""

    role: str
    scope: Scope


@atomic_retrying
def invite_staff(
    *, email: str, name: str, language: str, grants: Sequence[Grant], actor: Actor
) -> Invitation:
    """Ask somebody by mail to work here, in these roles.

    Raises `EmailInvalid`, `NameNeeded`, `EmailTaken`, `InvitationOpen`, `RolesNeeded`,
    `RoleUnknown`, `ScopeEmpty`, and `reach.BeyondOwn` for more than the actor holds.
    """
    actor.require(MANAGE_STAFF)
    address, name = sound_email(email), sound_name(name)
    if not grants:
        raise RolesNeeded()
    for grant in grants:
        require_grant(grant.role, grant.scope, actor=actor)
    if StaffUser.objects.filter(email=address, is_active=True).exists():
        raise at("email", EmailTaken(email=address))
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=address,
        name=name,
        language=language if language in Language.values else Language.ENGLISH,
        token_hash=digest(token),
        invited_by_id=actor.id if actor.kind is ActorKind.STAFF else None,
        expires_at=_end(),
    )
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:
        raise at("email", InvitationOpen(email=address)) from None
    roles = [
        InvitedRole(invitation=invitation, role=grant.role, **InvitedRole.columns_of(grant.scope))
        for grant in grants
    ]
    InvitedRole.objects.bulk_create(roles)
    _mail(invitation, token, actor=actor)
    record(
        actor,
        "staff.staff_invited",
        "invitation",
        invitation.id,
        after={
            "email": address,
            "name": name,
            "roles": [{"role": row.role, **row.columns_of(row.scope)} for row in roles],
        },
    )
    return invitation


def _end() -> dt.datetime:
    return now() + dt.timedelta(days=INVITATION_DAYS.value)


def _mail(invitation: Invitation, token: str, *, actor: Actor) -> None:
    url = environment().base_url.rstrip("/") + reverse("staff:invitation", args=[token])
    by = invitation.invited_by
    with override(invitation.language):
        words = {
            "name": invitation.name,
            "by": by.name if by else gettext("Your administrator"),
            "url": url,
            "until": date_format(invitation.expires_at, "DATE_FORMAT"),
        }
        content = Content(
            to=invitation.email,
            subject=gettext("You are invited to Mallard"),
            text=gettext(
                "Hello %(name)s,\n\n%(by)s invites you to work with Mallard. Choose a password "
                "here and you are in:\n\n%(url)s\n\nThe link is good once, until %(until)s. If you "
                "did not expect it, ignore this mail; nothing happens then."
            )
            % words,
        )
    queue_mail(kind="staff.invitation", content=content, actor=actor)


@atomic_retrying
def resend_invitation(invitation_id: UUID, *, actor: Actor) -> Invitation:
    """Mail a new link; the earlier one opens nothing any more. Raises `InvitationNotFound`."""
    invitation = _held(invitation_id, actor=actor)
    token = secrets.token_urlsafe(32)
    invitation.token_hash = digest(token)
    invitation.sent_at, invitation.expires_at = now(), _end()
    invitation.save(update_fields=["token_hash", "sent_at", "expires_at"])
    _mail(invitation, token, actor=actor)
    record(actor, "staff.invitation_resent", "invitation", invitation.id)
    return invitation


@atomic_retrying
def withdraw_invitation(invitation_id: UUID, *, actor: Actor) -> None:
    """The link opens nothing any more. Raises `InvitationNotFound`."""
    invitation = _held(invitation_id, actor=actor)
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=now())
    record(actor, "staff.invitation_withdrawn", "invitation", invitation.id)


def _held(invitation_id: UUID, *, actor: Actor) -> Invitation:
    """An open invitation of roles that the actor could give, locked."""
    actor.require(MANAGE_STAFF)
    invitation = lock_invitation(invitation_id)
    if invitation is None or not invitation.is_open:
        raise InvitationNotFound()
    for row in invitation.roles.all():
        require_grant(row.role, row.scope, actor=actor)
    return invitation


@atomic_retrying
def accept_invitation(*, token: str, password: str, address: str = "") -> StaffUser:
    """Spend an invitation: make the account, or open that of somebody who comes back, with the
    invited roles and this password.

    Raises `InvitationInvalid`, `EmailTaken`, and `PasswordWeak` (the link stays good then).
    """
    invitation = lock_invitation_of_link(digest(token))
    if invitation is None or not invitation.is_open or invitation.expires_at <= now():
        raise InvitationInvalid()
    if invitation.invited_by is not None and not invitation.invited_by.is_active:
        raise InvitationInvalid()  # nobody stands behind it any more
    acting = system(f"invitation {invitation.id}").at(request_id="", address=address)
    known = queries.role_catalogue()
    grants = [row for row in invitation.roles.all() if row.role in known]
    if not grants:
        raise InvitationInvalid()
    user = StaffUser.objects.filter(email=invitation.email).select_for_update().first()
    if user is None:
        first, *others = grants
        user = create_staff(
            email=invitation.email,
            name=invitation.name,
            role=first.role,
            scope=first.scope,
            password=password,
            language=invitation.language,
            actor=acting,
        )
    elif user.is_active:
        raise EmailTaken(email=invitation.email)
    else:
        others = grants
        _reopen(user, invitation, password, actor=acting)
    for row in others:
        assign_role(user.id, role=row.role, scope=row.scope, actor=acting)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now())
    record(
        acting,
        "staff.invitation_accepted",
        "staff",
        user.id,
        after={"invitation_id": invitation.id, "invited_by": invitation.invited_by_id},
    )
    return user


def _reopen(user: StaffUser, invitation: Invitation, password: str, *, actor: Actor) -> None:
    """The account of somebody who comes back: nothing of what opened it before opens it now."""
    user.name, user.language, user.is_active = invitation.name, invitation.language, True
    set_password(user, password)
    user.save(update_fields=["name", "language", "is_active", "password"])
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    # Nor do the roles of that time come back: whoever invites gives no more than they hold.
    withdraw_all(user.id, actor=actor)
    record(
        actor,
        "staff.staff_reactivated",
        "staff",
        user.id,
        before={"is_active": False},
        after={"is_active": True},
    )
