"""Sessions of members: begun by a code or a link, ended by the member or with the membership."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.world.members.models import Member
from mallard.world.memberweb.actors import member_actor
from mallard.world.memberweb.errors import SessionNotFound
from mallard.world.memberweb.models import MemberSession, SignInCode, SignInLink, WayIn
from mallard.world.memberweb.queries import live_sessions
from mallard.world.memberweb.rules import digest, new_token
from mallard.world.memberweb.settings import SESSION_DAYS

SIGHTING = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session in the only moment in which its token is readable."""

    token: str
    member: Member
    expires_at: dt.datetime


@atomic_retrying
def begin_session(member: Member, *, way_in: WayIn, device: str = "") -> NewSession:
    """The member has come in; whoever calls has made sure that it is them."""
    at = now()
    token = new_token()
    session = MemberSession.objects.create(
        member=member,
        token_hash=digest(token),
        way_in=way_in,
        device=device[:120],
        started_at=at,
        last_seen_at=at,
        expires_at=at + dt.timedelta(days=SESSION_DAYS.value),
    )
    record(
        member_actor(member.id),
        "memberweb.signed_in",
        "member",
        member.id,
        after={"session_id": session.id, "way_in": way_in.value},
    )
    return NewSession(token, member, session.expires_at)


@atomic_retrying
def end_session(session_id: UUID, *, actor: Actor) -> None:
    """Sign one of the member's own browsers out. Raises `SessionNotFound`."""
    ended = _own(actor).filter(pk=session_id).update(ended_at=now())
    if not ended:
        raise SessionNotFound()
    record(actor, "memberweb.session_ended", "member", actor.id, after={"session_id": session_id})


@atomic_retrying
def end_other_sessions(*, but: UUID, actor: Actor) -> int:
    """Sign the member out everywhere else; how many browsers that were."""
    ended = _own(actor).exclude(pk=but).update(ended_at=now())
    if ended:
        record(actor, "memberweb.sessions_ended", "member", actor.id, after={"count": ended})
    return ended


def _own(actor: Actor) -> QuerySet[MemberSession]:
    return live_sessions(actor.id) if actor.id else MemberSession.objects.none()


@atomic_retrying
def end_all(member_ids: Collection[UUID]) -> int:
    """End every session of memberships that are closed or erased. They open nothing already: who
    a session belongs to is looked at with every request."""
    return MemberSession.objects.filter(member_id__in=member_ids, ended_at=None).update(
        ended_at=now()
    )


@atomic_retrying
def end_every_way_in(member_ids: Collection[UUID]) -> None:
    """Sign members out everywhere, and let no code or link that was made before open anything: who
    they are known by has changed."""
    at = now()
    end_all(member_ids)
    ids = list(member_ids)
    SignInLink.objects.filter(member_id__in=ids, used_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )
    SignInCode.objects.filter(member_id__in=ids, used_at=None, expires_at__gt=at).update(
        expires_at=at
    )


def note_sighting(session: MemberSession) -> None:
    """The session was used; written once in five minutes."""
    if now() - session.last_seen_at >= SIGHTING:
        MemberSession.objects.filter(pk=session.pk).update(last_seen_at=now())
