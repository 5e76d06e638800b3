"""Error pages: what happened, in one sentence, and where to go from here.

They render inside the ``centered`` page without asking the database, so that they also work when
it does not. ``render_error`` is what middleware uses for domain errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ErrorText:
    """Heading and advice for a status."""

    title: str | Promise
    advice: str | Promise
    icon: str


TEXTS = {
    400: ErrorText(
        _("We could not read that request"),
        _("Go back and try again. If it keeps happening, tell your administrator."),
        "alert-circle",
    ),
    401: ErrorText(
        _("Please sign in"), _("Your session has ended. Nothing you saved is lost."), "lock"
    ),
    403: ErrorText(
        _("You may not see this page"),
        _("Your role does not include it. Ask your administrator if you need it."),
        "lock",
    ),
    404: ErrorText(
        _("There is nothing here"),
        _("It may have been moved, or it belongs to a place outside your view."),
        "map-pin",
    ),
    405: ErrorText(
        _("This cannot be done here"), _("Go back and use the buttons of the page."), "ban"
    ),
    409: ErrorText(
        _("This has changed meanwhile"),
        _("Reload the page to see the present state, then try again."),
        "git-merge",
    ),
    422: ErrorText(
        _("This cannot be done"), _("Go back and check what you entered."), "alert-circle"
    ),
    429: ErrorText(_("Too many tries"), _("Wait a minute, then try again."), "hourglass"),
    500: ErrorText(
        _("Something went wrong on our side"),
        _("Nothing was half done. The fault is recorded; try again in a moment."),
        "alert-triangle",
    ),
    503: ErrorText(
        _("Mallard cannot answer right now"),
        _("Nothing is lost. Try again in a moment."),
        "hourglass",
    ),
}


_pages: list[tuple[str, str]] = []


def register_error_page(prefix: str, template: str) -> None:
    """Let errors of addresses that begin with ``prefix`` be told by a template of their own."""
    if (prefix, template) not in _pages:
        _pages.append((prefix, template))


def render_error(
    request: HttpRequest, status: int, sentence: str = "", *, code: str = ""
) -> HttpResponse:
    """The error page for ``status``. ``sentence`` replaces the general heading; ``code`` is the
    stable code (``app.reason``) that support asks for, shown with the request's id."""
    text = TEXTS.get(status, TEXTS[500] if status >= 500 else TEXTS[400])
    context = {
        "status": status,
        "title": sentence or text.title,
        "advice": text.advice,
        "icon_name": text.icon,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
    }
    own = (template for prefix, template in _pages if request.path_info.startswith(prefix))
    body = render_to_string(next(own, "ui/errors/error.html"), context, request=request)
    response = HttpResponse(body, status=status)
    if status == 503:
        response["Retry-After"] = "5"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400"""
    return render_error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403"""
    return render_error(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404"""
    return render_error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500"""
    return render_error(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "", **_extra: Any) -> HttpResponse:
    """Shown when a form's token does not match, usually because its page is from yesterday."""
    return render_error(
        request,
        403,
        gettext("This page is out of date. Reload it and send the form again."),
        code="ui.stale_form",
    )
