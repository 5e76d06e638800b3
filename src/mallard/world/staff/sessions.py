"""What a session knows of its owner: how they came in, when they last proved who they are."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from typing import Any
from uuid import UUID

from django.contrib.auth import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from mallard.kernel.clock import now
from mallard.world.staff.models import StaffSession, StaffUser
from mallard.world.staff.services.sessions import note_new_key, note_session
from mallard.world.staff.settings import STEP_UP_MINUTES

SESSION = "staff.session"
PROVED_AT = "staff.proved_at"
WAY_IN = "staff.way_in"
WAITING = "staff.waiting_for_code"

BY_PASSWORD = "password"  # noqa: S105 a word, not a secret
BY_CODE = "code"
EXEMPT = "exempt"

SIGHTING_SECONDS = 60.0
_SIGHTINGS = 5000  # sessions remembered by a process
_seen: OrderedDict[UUID, float] = OrderedDict()
_lock = threading.Lock()

_BROWSERS = (
    ("Edg", "Edge"), ("MicroMessenger", "WeChat"), ("OPR", "Opera"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Browser and system as people call them; empty when the browser does not say."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}", user_agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)


def begin(request: HttpRequest, user: StaffUser) -> None:
    """Note the session of a request by somebody who has just come in."""
    session = request.session
    if session.session_key is None:
        return
    session_id = note_session(
        user.id,
        session_key=session.session_key,
        device=device_of(request.META.get("HTTP_USER_AGENT", "")),
        address=getattr(request, "address", ""),
    )
    session[SESSION] = str(session_id)
    note_proof(session)
    with _lock:
        _seen[session_id] = time.monotonic()


def _on_sign_in(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    if isinstance(user, StaffUser):
        begin(request, user)


def listen() -> None:
    """Note every session that begins, however it does."""
    user_logged_in.connect(_on_sign_in, dispatch_uid="staff.sessions")


def note_proof(session: SessionBase) -> None:
    """They proved who they are just now."""
    session[PROVED_AT] = int(now().timestamp())


def is_proof_fresh(session: SessionBase) -> bool:
    """Whether they proved who they are within the minutes of the setting."""
    age = now().timestamp() - session.get(PROVED_AT, 0)
    return bool(age < STEP_UP_MINUTES.value * 60)


def follow(session: SessionBase) -> None:
    """The session goes on under a new key: the list knows it by that one now."""
    session_id = id_of(session)
    if session_id is not None and session.session_key is not None:
        note_new_key(session_id, session.session_key)


def id_of(session: SessionBase) -> UUID | None:
    """Under which id the session is listed."""
    return UUID(session[SESSION]) if SESSION in session else None


def note_sighting(session: SessionBase) -> None:
    """The session was used; written at most once a minute by each process."""
    session_id = id_of(session)
    if session_id is None:
        return
    moment = time.monotonic()
    with _lock:
        if moment - _seen.get(session_id, -SIGHTING_SECONDS) < SIGHTING_SECONDS:
            return
        _seen[session_id] = moment
        _seen.move_to_end(session_id)
        while len(_seen) > _SIGHTINGS:
            _seen.popitem(last=False)
    StaffSession.objects.filter(pk=session_id).update(last_seen_at=now())


def forget_sightings() -> None:
    """Write the next sighting of every session."""
    with _lock:
        _seen.clear()
