"""The API goes round what only pages need, and keeps what protects."""

from __future__ import annotations

import pytest
from django.test import Client

from mallard.kernel.http.lanes import API_POLICY

pytestmark = pytest.mark.django_db

PATHS = ("/api/v1/receipts", "/api/v1/no-such-route", "/api/v1/openapi.json")


@pytest.mark.parametrize("path", PATHS)
def test_answers_of_the_api_are_protected(client: Client, path: str) -> None:
    response = client.get(path)
    assert response["Content-Security-Policy"] == API_POLICY
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Request-ID"]


@pytest.mark.parametrize("path", PATHS)
def test_answers_of_the_api_set_no_cookie(client: Client, path: str) -> None:
    assert not client.get(path).cookies


def test_an_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/api/v1/receipts", headers={"host": "evil.example"}).status_code == 400


def test_a_session_opens_no_route_of_the_api(client: Client, django_user_model: type) -> None:
    user = django_user_model(email="a@example.org", name="A")
    user.save()
    client.force_login(user)
    assert client.get("/api/v1/receipts").status_code == 401


def test_the_api_speaks_the_callers_language(client: Client) -> None:
    chinese = client.get("/api/v1/receipts", headers={"accept-language": "zh-Hans"})
    assert chinese["Content-Language"] == "zh-hans"
    assert "API" in chinese.json()["title"]
    assert chinese.json()["title"] != client.get("/api/v1/receipts").json()["title"]


@pytest.mark.parametrize("path", ["/api/", "/api/v1x", "/sign-in/"])
def test_pages_keep_their_policy(client: Client, path: str) -> None:
    assert "default-src 'self'" in client.get(path)["Content-Security-Policy"]
