"""A route that will go says so in every answer and in the document."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from ninja import Router

from mallard.kernel.http.deprecation import deprecated
from mallard.kernel.http.middleware import DomainErrorMiddleware
from mallard.surfaces.api.application import assembled

SINCE, ENDS = dt.date(2026, 3, 1), dt.date(2027, 3, 1)
marked = deprecated(since=SINCE, ends=ENDS, instead="/api/v1/members")


def answer(view: Any) -> Any:
    request = RequestFactory().get("/api/v1/old")
    return DomainErrorMiddleware(view)(request)


def test_every_answer_says_since_when_until_when_and_what_instead() -> None:
    @marked
    def old(request: HttpRequest) -> HttpResponse:
        return HttpResponse("{}")

    response = answer(old)
    assert response["Deprecation"] == "@1772323200"
    assert response["Sunset"] == "Mon, 01 Mar 2027 00:00:00 GMT"
    assert response["Link"] == '</api/v1/members>; rel="successor-version"'


def test_a_refusal_says_it_too() -> None:
    @marked
    def old(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=404)

    response = answer(old)
    assert response.status_code == 404
    assert "Deprecation" in response
    assert response["Content-Type"] == "application/problem+json"


def test_other_routes_say_nothing() -> None:
    response = answer(lambda _request: HttpResponse("{}"))
    assert "Deprecation" not in response
    assert "Sunset" not in response


def test_callers_get_half_a_year() -> None:
    with pytest.raises(ValueError, match="half a year"):
        deprecated(since=SINCE, ends=SINCE + dt.timedelta(days=30))


def test_the_document_marks_it() -> None:
    router = Router()

    @router.get("/old")
    @marked
    def old(request: HttpRequest) -> dict[str, str]:
        return {}

    @router.get("/new")
    def new(request: HttpRequest) -> dict[str, str]:
        return {}

    api = assembled([("test", router)])
    api.urls_namespace = "deprecation-test"
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    told = SimpleNamespace(**paths["/api/v1/old"]["get"])
    assert told.deprecated is True
    assert paths["/api/v1/old"]["get"]["x-sunset"] == "2027-03-01"
    assert {"Deprecation", "Sunset", "Link"} <= set(told.responses[200]["headers"])
    assert "deprecated" not in paths["/api/v1/new"]["get"]
