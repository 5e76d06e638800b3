"""The outermost and the innermost step of every request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from mallard.kernel.errors import DomainError, Unavailable
from mallard.kernel.faults import telemetry
from mallard.kernel.http import context, deprecation
from mallard.kernel.http.lanes import is_members
from mallard.kernel.http.problems import MEDIA_TYPE, domain_error_response, problem_response
from mallard.kernel.metrics.requests import observe
from mallard.kernel.ui.errors import render_error

GetResponse = Callable[[HttpRequest], HttpResponseBase]
API_PREFIX = "/api/"
HEARD_OUT_BYTES = 4 * 1024 * 1024

access_log = logging.getLogger("mallard.access")
error_log = logging.getLogger("mallard.errors")


class RequestContextMiddleware:
    """Gives the request its ``request_id`` and ``address``, and writes one access line.

    The line names the route's pattern, never the path with its values, nor the query string, a
    header or a body: those may say who somebody is.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        identifier = context.request_id_of(request)
        request.request_id = identifier  # type: ignore[attr-defined]
        request.address = context.client_address(request)  # type: ignore[attr-defined]
        token = context.request_id.set(identifier)
        try:
            response = self.get_response(request)
            _hear_out(request)
            response["X-Request-ID"] = identifier
            seconds = time.perf_counter() - began
            method = request.method if request.method in _METHODS else "other"
            route = request.resolver_match.route if request.resolver_match else "unmatched"
            observe(method=method, route=route, status=response.status_code, seconds=seconds)
            if telemetry.is_tracing():
                ended = time.time_ns()
                telemetry.request_done(
                    method=method or "other",
                    route=route,
                    status=response.status_code,
                    request_id=identifier,
                    began_ns=ended - int(seconds * 1e9),
                    ended_ns=ended,
                )
            if access_log.isEnabledFor(logging.INFO):
                access_log.info("request", extra=_access_fields(request, response, began))
            return response
        finally:
            context.request_id.reset(token)


def _hear_out(request: HttpRequest) -> None:
    """Read what was sent although nobody asked for it.

    Where a refusal (a wrong key, too many requests) is out before its request's body is in, the web
    server closes the connection, and the caller meets a broken pipe instead of the reason. A body
    of more than ``HEARD_OUT_BYTES`` may end so.
    """
    left = HEARD_OUT_BYTES
    while left > 0 and (part := request.read(min(left, 65_536))):
        left -= len(part)


def _access_fields(
    request: HttpRequest, response: HttpResponseBase, began: float
) -> dict[str, object]:
    match = request.resolver_match
    # `actor` only when it is there already: asking a lazy one would query the database.
    actor = request.__dict__.get("actor")
    return {
        "method": request.method if request.method in _METHODS else "other",
        "route": match.route if match else "unmatched",
        "status": response.status_code,
        "ms": round((time.perf_counter() - began) * 1000, 1),
        "actor_kind": getattr(actor, "kind", None),
        # Who of the members looked at their own page is nobody's business but theirs.
        "actor_id": None if is_members(request) else getattr(actor, "id", None),
    }


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class DomainErrorMiddleware:
    """Turns domain errors into problem details (API) or an error page (everything else).

    A database that does not answer is "try again in a moment" (503), not a fault of ours (500).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            # No column can keep a NUL: refuse it here instead of in every query.
            response: HttpResponseBase = self._malformed(request)
        else:
            response = self.get_response(request)
        if response.status_code >= 400 and request.path.startswith(API_PREFIX):
            response = _as_problem(request, response)
        deprecation.tell(request, response)
        return response

    def _malformed(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API_PREFIX):
            return problem_response(request, 400)
        return render_error(request, 400)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (OperationalError, InterfaceError)):
            error_log.warning("database_away", extra={"error": type(error).__name__})
            error = Unavailable()
        if not isinstance(error, DomainError):
            return None
        if request.path.startswith(API_PREFIX):
            return domain_error_response(request, error)
        return render_error(request, error.status, error.sentence, code=error.code)


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Refusals that Django itself makes (unknown address, wrong method) as problem details."""
    if response.get("Content-Type", "").startswith(MEDIA_TYPE):
        return response
    problem = problem_response(request, response.status_code)
    for header in ("Allow", "Retry-After"):
        if header in response:
            problem[header] = response[header]
    return problem
