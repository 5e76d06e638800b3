"""Two lanes through the middleware: pages need a session, the API has a key.

A request to `/api/v1/` is not told from its cookies who it is, shows no page and redirects nobody,
so what serves pages lets it pass: sessions, cross-site form protection (a key is no cookie that a
browser adds by itself), messages, static files. What protects or
describes an answer stays for both: host check, language, security headers, problem details.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

API_LANE = "/api/v1/"
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of answers that are data: nothing in them may load or run anything,
should a browser ever be made to show one."""

MEMBER_LANE = "/m/"
"""Pages of members for themselves, whose sessions are apart from staff's."""

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def is_api(request: HttpRequest) -> bool:
    """Whether the request takes the API's lane."""
    return request.path_info.startswith(API_LANE)


def is_members(request: HttpRequest) -> bool:
    """Whether the request takes the members' lane."""
    return request.path_info.startswith(MEMBER_LANE)


def pages_only(middleware: Any) -> Any:
    """``middleware``, but requests of the API's lane pass it untouched."""

    class PagesOnly(middleware):
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            serve = self.get_response if is_api(request) else super().__call__
            response: HttpResponseBase = serve(request)
            return response

    if hasattr(middleware, "process_view"):

        def process_view(self: Any, request: HttpRequest, *args: Any) -> Any:
            return None if is_api(request) else super(PagesOnly, self).process_view(request, *args)

        PagesOnly.process_view = process_view
    PagesOnly.__name__ = PagesOnly.__qualname__ = middleware.__name__
    return PagesOnly


StaticFiles = pages_only(WhiteNoiseMiddleware)
Sessions = pages_only(SessionMiddleware)
CrossSiteForms = pages_only(CsrfViewMiddleware)
Authentication = pages_only(AuthenticationMiddleware)
LoginRequired = pages_only(LoginRequiredMiddleware)
Messages = pages_only(MessageMiddleware)


class ContentSecurityPolicy(pages_only(CSPMiddleware)):  # type: ignore[misc]
    """The pages' policy for pages; for data one that allows nothing, the same every time."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = super().__call__(request)
        if is_api(request):
            response["Content-Security-Policy"] = API_POLICY
        return response
