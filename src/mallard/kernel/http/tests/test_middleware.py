"""The outermost step of a request."""

from __future__ import annotations

import io

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from mallard.kernel.http.middleware import HEARD_OUT_BYTES, RequestContextMiddleware


def refuse(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=401)


@pytest.mark.parametrize(
    ("sent", "left"), [(0, 0), (70_000, 0), (HEARD_OUT_BYTES, 0), (HEARD_OUT_BYTES + 9, 9)]
)
def test_a_refused_request_is_heard_out_so_that_its_sender_gets_to_read_why(
    sent: int, left: int
) -> None:
    body = io.BytesIO(b"x" * sent)
    request = RequestFactory().post("/", content_type="text/plain")
    request = type(request)(request.environ | {"CONTENT_LENGTH": str(sent), "wsgi.input": body})
    answer = RequestContextMiddleware(refuse)(request)
    assert (answer.status_code, len(body.read())) == (401, left)


def test_what_a_view_has_read_stays_readable_for_it() -> None:
    seen = []

    def read(request: HttpRequest) -> HttpResponse:
        seen.append(request.body)
        return HttpResponse()

    request = RequestFactory().post("/", b"all of it", content_type="text/plain")
    RequestContextMiddleware(read)(request)
    assert (seen, request.body) == ([b"all of it"], b"all of it")
