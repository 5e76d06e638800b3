"""Language and theme: read from a cookie, written by the two switches and after a sign-in.

The kernel knows no users. The app that owns them registers a function that stores the choice:
``preferences.on_choice(function)`` with ``function(request, name, value)``, where ``name`` is
``"language"`` or ``"theme"``; after a sign-in it calls :func:`remember` on the response.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

THEME_COOKIE = "mallard_theme"
THEMES = {"auto": _("Like the system"), "light": _("Light"), "dark": _("Dark")}
ONE_YEAR_S = 365 * 24 * 3600

Listener = Callable[[HttpRequest, str, str], None]
_listeners: list[Listener] = []


def on_choice(listener: Listener) -> Listener:
    """Be told when a reader chooses; usable as a decorator."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def theme_of(request: HttpRequest) -> str:
    """The reader's theme; ``auto`` when nothing valid was chosen."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def is_language(code: str) -> bool:
    """Whether the product speaks ``code``."""
    return code in dict(settings.LANGUAGES)


def remember(response: HttpResponse, *, language: str = "", theme: str = "") -> None:
    """Put the choices into the reader's cookies; unknown values are left out."""
    chosen = []
    if is_language(language):
        chosen.append((settings.LANGUAGE_COOKIE_NAME, language))
    if theme in THEMES:
        chosen.append((THEME_COOKIE, theme))
    for name, value in chosen:
        response.set_cookie(
            name,
            value,
            max_age=ONE_YEAR_S,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )


def choose(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    """Store a choice in the cookie and tell whoever keeps it with the reader's account."""
    remember(response, **{name: value})
    for listener in _listeners:
        listener(request, name, value)
