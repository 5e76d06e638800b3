from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from mallard.kernel.ui import navigation
from mallard.kernel.ui.navigation import Entry, GlobalSearch, Section

pytestmark = pytest.mark.urls("mallard.kernel.ui.tests.urlconf")


@pytest.fixture(autouse=True)
def menu_of_two_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_sections", {}), ("_entries", []), ("_searches", [])):
        monkeypatch.setattr(navigation, name, value)
    navigation.register_section(Section("b", "Second", "users", order=2))
    navigation.register_section(Section("a", "First", "home", order=1))
    navigation.register_section(Section("c", "Empty", "home", order=3))
    navigation.register(Entry("a", "Parts", "gallery:parts", order=1, go_key="p"))
    navigation.register(Entry("b", "Form", "gallery:form", "samples.fill_form", order=2))
    navigation.register(Entry("b", "List", "gallery:list", "samples.view_list", order=1))
    navigation.register_search(GlobalSearch("gallery:list", "Find", "samples.view_list"))


def request_of(*permissions: str, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.actor = SimpleNamespace(may=lambda wanted: wanted in permissions)  # type: ignore[attr-defined]
    return request


def test_what_a_role_may_not_use_it_does_not_see() -> None:
    groups = navigation.menu(request_of("samples.view_list"))
    assert [(group.label, [link.label for link in group.links]) for group in groups] == [
        ("First", ["Parts"]),
        ("Second", ["List"]),
    ]


def test_a_section_without_visible_entries_is_left_out() -> None:
    assert [group.label for group in navigation.menu(request_of())] == ["First"]


def test_nobody_sees_nothing() -> None:
    assert navigation.menu(RequestFactory().get("/")) == []
    assert navigation.search_for(RequestFactory().get("/")) is None


def test_the_most_specific_entry_is_the_current_one() -> None:
    request = request_of("samples.view_list", path="/ui/gallery/list")
    current = [
        link.label for group in navigation.menu(request) for link in group.links if link.is_current
    ]
    assert current == ["List"]


def test_search_needs_its_permission() -> None:
    assert navigation.search_for(request_of()) is None
    found = navigation.search_for(request_of("samples.view_list"))
    assert found is not None
    assert found["url"] == "/ui/gallery/list"
