"""Requests that no honest program sends are refused politely, by the API and by every list."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, system
from mallard.kernel.access.guards import OPEN
from mallard.kernel.access.permissions import declared_permissions
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user
from tools.urls import Url, every_url

pytestmark = pytest.mark.django_db(transaction=True)

NO_ID = "01a00000-0000-7000-8000-000000000000"
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "not text": b"\xff\xfe\x00",
    "half": b'{"store": "',
    "a list": b"[]",
    "null": b"null",
    "a number": b"1e999",
    "a huge number": b'{"items": ' + b"9" * 5_000 + b"}",
    "NUL": b'{"store": "\\u0000", "value": "\\u0000", "kind": "phone"}',
    "half a character": b'{"kind": "phone", "value": "\\ud800"}',
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
}
HEADERS: dict[str, dict[str, str]] = {
    "a long key": {"Idempotency-Key": "k" * 20_000},
    "a key of control characters": {"Idempotency-Key": "a\x01b\x7f"},
    "an odd language": {"Accept-Language": "*;q=nan,zh-Hans;q=9e9,\u00e9\u00e8;q=-1"},
    "an odd charset": {"Content-Type": "application/json; charset=utf-99"},
    "another type": {"Content-Type": "multipart/form-data; boundary="},
    "an odd address": {"X-Forwarded-For": "'; DROP TABLE members_member; --"},
    "an odd request id": {"X-Request-ID": "x" * 5_000},
}
QUERIES = [
    "page=99999999999999999999999999&size=-1&sort=--&col=nothing",
    "q=%00&cursor=%00",
    "q=%ff%fe&mall=%ff&store=1&status=%F0%9F%A6%86",
    f"q={'%27%22%5C%25_' * 40}&limit=99999999999999999999",
    "day_from=0000-00-00&day_to=99999-13-45&joined_from=2026-02-30&before=x",
    f"mall={NO_ID}&store={NO_ID}&tag=nothing&sort=-joined&page=2",
    "q=%E7%8E%8B%26%7C%21%28%29%3A%2A&cursor=%E7%8E%8B",
]


@pytest.fixture
def key() -> str:
    everything = tuple(permission.code for permission in declared_permissions())
    return create_api_key(
        name="odd", scope=WHOLE_GROUP, permissions=everything, expires_at=None, actor=system("odd")
    ).plain


def filled(url: Url) -> str:
    """The address with an id that nothing has in every place."""
    path = url.route
    while "<" in path:
        before, _open, rest = path.partition("<")
        path = before + NO_ID + rest.partition(">")[2]
    return f"/{path}"


def test_the_api_refuses_odd_bodies_and_headers(key: str) -> None:
    client = Client(raise_request_exception=False)
    writes = [url for url in every_url() if url.route.startswith("api/v1/") and url.permission]
    faults = []

    def send(url: Url, case: str, body: bytes, headers: dict[str, str]) -> None:
        given = {"Authorization": f"Bearer {key}"} | headers
        kind = given.pop("Content-Type", "application/json")
        answer: Any = client.generic(
            url.method, filled(url), body, content_type=kind, headers=given
        )
        is_problem = answer["Content-Type"].startswith("application/problem+json")
        if answer.status_code >= 500 or (answer.status_code >= 400 and not is_problem):
            faults.append(f"{url}: {case}: {answer.status_code} {answer.content[:120]!r}")

    for url in writes:
        for case, body in BODIES.items():
            send(url, case, body, {})
        for case, headers in HEADERS.items():
            send(url, case, b"{}", headers)
    assert faults == []


OFTEN = 2
"""How many odd queries each page meets in every run, others for each page."""


def test_pages_bear_odd_addresses() -> None:
    ask_pages(OFTEN)


@pytest.mark.drill
@pytest.mark.timeout(1200)
def test_every_page_bears_every_odd_address() -> None:
    ask_pages(len(QUERIES))


def ask_pages(count: int) -> None:
    """Ask every page with that many of the queries."""
    client = Client(raise_request_exception=False)
    client.force_login(a_staff_user(), "django.contrib.auth.backends.ModelBackend")
    pages = [
        url
        for url in every_url()
        if url.method == "GET" and not url.route.startswith("api/") and url.permission
    ]
    assert any(url.permission == OPEN for url in pages)
    faults = []
    for number, url in enumerate(pages):
        # Of a row that is not there, nobody reads the query.
        odd = 1 if "<" in url.route else count
        for query in [QUERIES[(number * OFTEN + n) % len(QUERIES)] for n in range(odd)]:
            answer: Any = client.get(f"{filled(url)}?{query}")
            if answer.status_code >= 500:
                faults.append(f"{url}?{query}: {answer.status_code}")
    assert faults == []
