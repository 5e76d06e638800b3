"""The cookie that a member's browser shows. It is sent to the member page only."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from mallard.kernel.clock import now
from mallard.kernel.ui import preferences
from mallard.world.memberweb.lane import PREFIX
from mallard.world.memberweb.services.sessions import NewSession

COOKIE = "mallard_member"
ASKED_COOKIE = "mallard_member_code"


def remember_session(response: HttpResponse, session: NewSession, *, speaks: bool = True) -> None:
    """Let the browser stay signed in, and with ``speaks`` read in the member's language."""
    seconds = int((session.expires_at - now()).total_seconds())
    _set(response, COOKIE, session.token, seconds)
    response.delete_cookie(ASKED_COOKIE, path=PREFIX, samesite="Lax")
    if speaks:
        preferences.remember(response, language=session.member.language)


def remember_asking(response: HttpResponse, token: str, *, seconds: int) -> None:
    """Tie the code that is on its way to this browser."""
    _set(response, ASKED_COOKIE, token, seconds)


def drop_session(response: HttpResponse) -> None:
    """The browser is nobody's any more."""
    response.delete_cookie(COOKIE, path=PREFIX, samesite="Lax")


def _set(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=PREFIX,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
