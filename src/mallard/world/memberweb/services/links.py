"""Links that the service desk makes: shown as a QR, scanned by the member, good once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.environment import environment
from mallard.world.members.models import Member
from mallard.world.members.queries import visible_member
from mallard.world.memberweb.errors import LinkGone, LinkImpossible
from mallard.world.memberweb.locks import lock_link, lock_member
from mallard.world.memberweb.models import SignInLink, WayIn
from mallard.world.memberweb.permissions import MAKE_LINK
from mallard.world.memberweb.rules import digest, new_token
from mallard.world.memberweb.services.sessions import NewSession, begin_session
from mallard.world.memberweb.settings import LINK_MINUTES


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link in the only moment in which anybody may read it."""

    url: str
    expires_at: dt.datetime


@atomic_retrying
def make_link(member_id: UUID, *, actor: Actor) -> NewLink:
    """A link to the member's page, for the member who stands at the desk. An earlier one that was
    not used no longer works.

    Raises `MissingPermission`, `MemberNotFound`, `LinkImpossible`.
    """
    actor.require(MAKE_LINK)
    visible_member(actor, member_id)
    member = lock_member(member_id)
    if not member.is_open or member.merged_into_id is not None:
        raise LinkImpossible()
    at, token = now(), new_token()
    SignInLink.objects.filter(member=member, used_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )
    link = SignInLink.objects.create(
        member=member,
        token_hash=digest(token),
        made_by=actor.id if actor.kind is ActorKind.STAFF else None,
        created_at=at,
        expires_at=at + dt.timedelta(minutes=LINK_MINUTES.value),
    )
    record(actor, "memberweb.link_made", "member", member.id, after={"link_id": link.id})
    url = environment().base_url.rstrip("/") + reverse("memberweb:open_link", args=[token])
    return NewLink(url, link.expires_at)


def is_link_good(token: str) -> bool:
    """Whether the link would open something now."""
    link = SignInLink.objects.select_related("member").filter(token_hash=digest(token)).first()
    return link is not None and _opens(link, link.member)


@atomic_retrying
def open_link(*, token: str, device: str = "") -> NewSession:
    """Spend the link and come in. Raises `LinkGone`."""
    link = lock_link(digest(token))
    if link is None:
        raise LinkGone()
    member = Member.objects.get(pk=link.member_id)
    if not _opens(link, member):
        raise LinkGone()
    link.used_at = now()
    link.save(update_fields=["used_at"])
    return begin_session(member, way_in=WayIn.LINK, device=device)


def _opens(link: SignInLink, member: Member) -> bool:
    is_fresh = link.used_at is None and link.withdrawn_at is None and link.expires_at > now()
    return is_fresh and member.is_open and member.merged_into_id is None
