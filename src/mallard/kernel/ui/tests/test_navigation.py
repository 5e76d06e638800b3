from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.translation import gettext_lazy, override
from pytest_django import DjangoAssertNumQueries

from mallard.kernel.ui import navigation
from mallard.kernel.ui.navigation import Act, Entry, HelpLink, Section

pytestmark = pytest.mark.urls("mallard.kernel.ui.tests.urlconf")


@pytest.fixture(autouse=True)
def menu_of_two_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_sections", {}), ("_entries", []), ("_acts", []), ("_help_links", [])):
        monkeypatch.setattr(navigation, name, value)
    monkeypatch.setattr(navigation, "_kept", {})
    navigation.register_section(Section("b", "Second", "users", order=2))
    navigation.register_section(Section("a", "First", "home", order=1))
    navigation.register_section(Section("c", "Empty", "home", order=3))
    navigation.register(Entry("a", "Parts", "gallery:parts", order=1, go_key="p"))
    navigation.register(Entry("b", "Form", "gallery:form", "samples.fill_form", order=2))
    navigation.register(Entry("b", "List", "gallery:list", "samples.view_list", order=1))
    navigation.register_act(Act("New form", "gallery:form", "samples.fill_form"))


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


def test_the_most_specific_entry_is_the_current_one() -> None:
    request = request_of("samples.view_list", path="/ui/gallery/list")
    current = [
        link.label for group in navigation.menu(request) for link in group.links if link.is_current
    ]
    assert current == ["List"]


def test_what_can_be_begun_needs_its_permission() -> None:
    assert navigation.acts(request_of()) == []
    [(act, url)] = navigation.acts(request_of("samples.fill_form"))
    assert (act.label, url) == ("New form", "/ui/gallery/form")


def test_help_from_the_palette_is_about_the_page_below_it() -> None:
    navigation.register_help(HelpLink("Report", "gallery:list", "flag"))
    request = request_of(path="/ui/palette?q=rep&page=/members/&seen=abc")
    [(_link, url)] = navigation.acts(request)
    assert url == "/ui/gallery/list?page=%2Fmembers%2F&seen=abc"


@pytest.mark.django_db
def test_what_waits_at_all_entries_is_counted_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    navigation.register(
        Entry("b", "Kinds", "gallery:list", order=5, waiting=lambda _request: kinds(2))
    )
    navigation.register(
        Entry("b", "Fewer", "gallery:form", order=6, waiting=lambda _request: kinds(1))
    )
    navigation.register(
        Entry("b", "None", "gallery:parts", order=7, waiting=lambda _request: kinds(0))
    )
    with django_assert_num_queries(1):
        groups = navigation.menu(request_of())
    links = [link for group in groups for link in group.links]
    assert {link.label: link.count for link in links} == {
        "Parts": 0, "Kinds": 2, "Fewer": 1, "None": 0,
    }  # fmt: skip


def kinds(number: int) -> QuerySet[ContentType]:
    """``number`` rows that every installation has; ordered, as a list's rows are."""
    names = ["task", "member"][:number]
    return ContentType.objects.filter(model__in=names).order_by("model")


def labels(request: HttpRequest) -> list[str]:
    return [link.label for group in navigation.menu(request) for link in group.links]


def test_a_right_gained_or_lost_is_seen_on_the_next_page() -> None:
    assert labels(request_of("samples.view_list")) == ["Parts", "List"]
    assert labels(request_of("samples.view_list", "samples.fill_form")) == ["Parts", "List", "Form"]
    assert labels(request_of()) == ["Parts"]
    assert labels(request_of("samples.view_list")) == ["Parts", "List"]


def test_an_entry_or_a_section_registered_later_is_seen_on_the_next_page() -> None:
    assert labels(request_of()) == ["Parts"]
    navigation.register(Entry("c", "Later", "gallery:list", order=9))
    assert labels(request_of()) == ["Parts", "Later"]
    navigation.register_section(Section("a", "Renamed", "home", order=1))
    assert [group.label for group in navigation.menu(request_of())] == ["Renamed", "Empty"]


def test_each_language_has_its_own_menu() -> None:
    navigation.register(Entry("a", gettext_lazy("Save"), "gallery:list", order=9))
    english = labels(request_of())
    with override("zh-hans"):
        chinese = labels(request_of())
    assert english == labels(request_of()) == ["Parts", "Save"]
    assert chinese[0] == "Parts"
    assert chinese[1] != "Save"


def test_what_is_current_on_one_page_is_not_on_the_next() -> None:
    def drawn(path: str) -> str:
        groups = navigation.menu(request_of("samples.view_list", path=path))
        return "".join(group.html for group in groups)

    assert 'aria-current="page"' in drawn("/ui/gallery/list")
    assert "aria-current" not in drawn("/elsewhere")
    assert 'aria-current="page"' in drawn("/ui/gallery/list")


def test_no_more_menus_are_kept_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_KEPT_AT_MOST", 2)
    for rights in (["samples.view_list"], ["samples.fill_form"], []):
        navigation.menu(request_of(*rights))
    assert len(navigation._kept) == 2
