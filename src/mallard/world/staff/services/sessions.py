"""Sessions: noted when they begin, ended from a list."""

from __future__ import annotations

from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.world.staff import queries, reach
from mallard.world.staff.errors import SessionNotFound
from mallard.world.staff.models import StaffSession
from mallard.world.staff.permissions import MANAGE_STAFF


def note_session(user_id: UUID, *, session_key: str, device: str, address: str) -> UUID:
    """Somebody signed in with this browser; returns the id under which it is listed."""
    row, _is_new = StaffSession.objects.get_or_create(
        session_key=session_key,
        defaults={"user_id": user_id, "device": device[:120], "address": address[:64]},
    )
    return row.id


def note_new_key(session_id: UUID, session_key: str) -> None:
    """The session goes on under another key (as after a new password)."""
    StaffSession.objects.filter(pk=session_id).update(session_key=session_key)


def note_sign_out(session_id: UUID) -> None:
    """Its owner ended it."""
    StaffSession.objects.filter(pk=session_id, ended_at=None).update(ended_at=now())


@atomic_retrying
def end_session(session_id: UUID, *, user_id: UUID, actor: Actor) -> None:
    """The browser is signed out with its next request: one's own, or somebody's whom the actor
    may manage. Raises `SessionNotFound`, `reach.BeyondOwn`."""
    _require_own_or_managed(user_id, actor)
    rows = queries.live_sessions(user_id).filter(pk=session_id)
    if not _end(rows):
        raise SessionNotFound()
    record(actor, "staff.session_ended", "staff", user_id, after={"session_id": session_id})


@atomic_retrying
def end_other_sessions(user_id: UUID, *, but: UUID | None, actor: Actor) -> int:
    """Sign somebody out everywhere, but for the session ``but``; how many there were."""
    _require_own_or_managed(user_id, actor)
    ended = end_all(user_id, but=but)
    if ended:
        record(actor, "staff.sessions_ended", "staff", user_id, after={"count": ended})
    return ended


def end_all(user_id: UUID, *, but: UUID | None = None) -> int:
    """End sessions as part of a larger use case, which records it."""
    rows = StaffSession.objects.filter(user=user_id, ended_at=None)
    return _end(rows if but is None else rows.exclude(pk=but))


def _end(rows: QuerySet[StaffSession]) -> int:
    """Delete Django's rows: without one, the next request is nobody's."""
    found = list(rows.values_list("pk", "session_key"))
    Session.objects.filter(session_key__in=[key for _id, key in found]).delete()
    return StaffSession.objects.filter(pk__in=[id_ for id_, _key in found], ended_at=None).update(
        ended_at=now()
    )


def _require_own_or_managed(user_id: UUID, actor: Actor) -> None:
    if actor.id != user_id:
        actor.require(MANAGE_STAFF)
        reach.require_over(user_id, actor)
