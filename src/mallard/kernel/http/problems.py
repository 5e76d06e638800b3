"""RFC 9457 problem details: how the API says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from mallard.kernel.errors import DomainError

MEDIA_TYPE = "application/problem+json"

TITLES: dict[int, str | Promise] = {
    400: _("The request could not be read."),
    401: _("Please sign in first."),
    403: _("You may not do this."),
    404: _("We could not find that."),
    405: _("This address does not answer that method."),
    409: _("This has changed or exists already."),
    413: _("The request is too large."),
    415: _("The request has a media type that we do not read."),
    422: _("Please check what you entered."),
    429: _("Too many requests. Please wait a moment."),
    500: _("Something went wrong on our side. Nothing was half done."),
    503: _("Mallard cannot answer right now. Please try again in a moment."),
}
CODES = {
    400: "http.unreadable",
    401: "access.sign_in_needed",
    403: "kernel.forbidden",
    404: "kernel.not_found",
    405: "http.method_not_allowed",
    409: "kernel.conflict",
    413: "http.too_large",
    415: "http.media_type",
    422: "kernel.invalid",
    429: "http.too_many_requests",
    500: "http.unexpected",
    503: "kernel.unavailable",
}
RETRY_AFTER_SECONDS = {503: 5}


class FieldProblem(Schema):
    """A field at fault: where it is (``items.0.number``) and what is wrong with it."""

    field: str
    message: str


class Problem(Schema):
    """RFC 9457 problem details. ``code`` is stable; ``title`` is in the reader's language."""

    type: str = Field(..., examples=["urn:mallard:problem:kernel.not_found"])
    title: str = Field(..., examples=["We could not find that."])
    status: int = Field(..., examples=[404])
    code: str = Field(..., examples=["kernel.not_found"])
    instance: str = Field("", description="The request's id; quote it to the operator.")
    errors: list[FieldProblem] = Field(default_factory=list)


def problem_body(
    status: int,
    *,
    code: str | None = None,
    title: str | Promise | None = None,
    fields: Mapping[str, str | Promise] | None = None,
    request_id: str = "",
) -> dict[str, Any]:
    """Problem details as a dict, for replies that answer per item too."""
    code = code or CODES.get(status, "http.unexpected" if status >= 500 else "http.refused")
    fallback = TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400])
    return {
        "type": f"urn:mallard:problem:{code}",
        "title": str(title if title is not None else fallback),
        "status": status,
        "code": code,
        "instance": request_id,
        "errors": [
            {"field": field, "message": str(message)} for field, message in (fields or {}).items()
        ],
    }


def problem_of(error: DomainError, *, request_id: str = "") -> dict[str, Any]:
    """A domain error as problem details, in the language of the moment."""
    return problem_body(
        error.status,
        code=error.code,
        title=error.sentence,
        fields=error.fields,
        request_id=request_id,
    )


def problem_response(
    request: HttpRequest,
    status: int,
    *,
    code: str | None = None,
    title: str | Promise | None = None,
    fields: Mapping[str, str | Promise] | None = None,
    retry_after_seconds: int | None = None,
) -> HttpResponse:
    """An HTTP reply with problem details."""
    body = problem_body(
        status,
        code=code,
        title=title,
        fields=fields,
        request_id=getattr(request, "request_id", ""),
    )
    response = HttpResponse(orjson.dumps(body), status=status, content_type=MEDIA_TYPE)
    wait = retry_after_seconds or RETRY_AFTER_SECONDS.get(status)
    if wait:
        response["Retry-After"] = str(wait)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Mallard"'
    return response


def domain_error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error as an HTTP reply."""
    return problem_response(
        request,
        error.status,
        code=error.code,
        title=error.sentence,
        fields=error.fields,
        retry_after_seconds=getattr(error, "retry_after_seconds", None),
    )
