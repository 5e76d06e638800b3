from __future__ import annotations

import pytest
from django.test import Client

from mallard.kernel.ui import preferences

pytestmark = [pytest.mark.django_db, pytest.mark.urls("mallard.kernel.ui.tests.urlconf")]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(
        preferences, "_listeners", [lambda _request, name, value: seen.append((name, value))]
    )
    return seen


def test_a_chosen_language_is_spoken_from_then_on(
    client: Client, told: list[tuple[str, str]]
) -> None:
    assert 'lang="en"' in client.get("/ui/gallery/list").content.decode()
    answer = client.post("/ui/language", {"language": "zh-hans", "next": "/ui/gallery/list?q=a"})
    assert answer.status_code == 302
    assert answer["Location"] == "/ui/gallery/list?q=a"
    assert 'lang="zh-Hans"' in client.get("/ui/gallery/list").content.decode()
    assert told == [("language", "zh-hans")]


def test_a_chosen_theme_is_painted_by_the_server(client: Client) -> None:
    assert 'data-theme="auto"' in client.get("/ui/gallery").content.decode()
    client.post("/ui/theme", {"theme": "dark", "next": "/ui/gallery"})
    body = client.get("/ui/gallery").content.decode()
    assert 'data-theme="dark" data-bs-theme="dark"' in body


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/no/such/page", "javascript:1", ""]
)
def test_the_switch_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    answer = client.post("/ui/theme", {"theme": "dark", "next": elsewhere})
    assert answer["Location"] == "/"


def test_an_unknown_choice_is_refused_and_nothing_kept(
    client: Client, told: list[tuple[str, str]]
) -> None:
    for address, name in (("/ui/language", "language"), ("/ui/theme", "theme")):
        answer = client.post(address, {name: "klingon"})
        assert answer.status_code == 400
        assert set(answer.cookies) <= {"csrftoken"}
    assert told == []


def test_a_link_cannot_switch(client: Client) -> None:
    assert client.get("/ui/theme?theme=dark").status_code == 405


def test_a_foreign_page_cannot_switch() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/ui/theme", {"theme": "dark"})
    assert answer.status_code == 403
    assert "ui.stale_form" in answer.content.decode()


def test_a_made_up_cookie_is_ignored(client: Client) -> None:
    client.cookies[preferences.THEME_COOKIE] = '"><script>'
    assert 'data-theme="auto"' in client.get("/ui/gallery").content.decode()
