"""Every screen of the console has help, and help is in the package."""

from __future__ import annotations

import tomllib

import pytest
from django.utils import translation

from mallard.kernel.access.guards import MEMBER, OPEN
from mallard.kernel.help import library
from mallard.kernel.help.topics import registered_topics, section_of, topic_of
from mallard.kernel.ui import navigation
from tools.setup import ROOT
from tools.urls import every_url

# Answered to programs and to parts of pages, or only by POST: nobody stands on such a page.
NO_SCREEN = {"api", "metrics", "http"}


def screens() -> list[str]:
    """The names of the URLs that answer GET for staff who are signed in."""
    return sorted(
        {
            url.name
            for url in every_url()
            if url.method == "GET"
            and url.permission not in (None, OPEN, MEMBER)
            and not url.route.startswith("api/")
            and url.name.partition(":")[0] not in NO_SCREEN
        }
    )


def test_there_are_screens() -> None:
    assert {"members:list", "members:detail", "console:home", "staff:audit"} <= set(screens())


@pytest.mark.parametrize("name", screens())
def test_every_screen_has_help(name: str) -> None:
    topic = topic_of(name)
    assert topic is not None, f"{name}: register its page of help in AppConfig.ready"
    assert library.page_of(topic) is not None, f"{name}: docs have no page {topic}"


def test_no_topic_is_of_a_screen_that_is_gone() -> None:
    names = {url.name for url in every_url()}
    known = names | {name.partition(":")[0] for name in names}
    assert sorted(registered_topics().keys() - known) == []


def test_the_wheel_carries_what_help_reads() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    carried = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for part in (*library.ENGLISH, library.CHINESE):
        assert carried[f"docs/{part}"] == f"mallard/kernel/help/pages/{part}"


def test_every_page_for_staff_is_in_chinese_and_no_chinese_page_is_left_over() -> None:
    chinese = {path.stem for path in (library.folder() / library.CHINESE).glob("*.md")}
    english = set(library.every_topic())
    assert sorted(english - library.FOR_OPERATORS - chinese) == []
    assert sorted((chinese | library.FOR_OPERATORS) - english) == []


def test_every_how_to_for_staff_stands_under_a_section_of_the_menu() -> None:
    how_to = {path.stem for path in (library.folder() / "how-to").glob("*.md")}
    sections = {section.key for section in navigation.sections()}
    lost = {topic for topic in how_to - library.FOR_OPERATORS if section_of(topic) not in sections}
    assert sorted(lost) == []
    placed = {topic for topic in library.every_topic() if section_of(topic)}
    assert sorted(placed - how_to) == []


def test_the_index_calls_the_pages_for_operators_what_they_are_called() -> None:
    for topic in library.FOR_OPERATORS:
        with translation.override("en"):
            page = library.page_of(topic)
            assert page is not None
            assert page.name == page.title
        with translation.override("zh-hans"):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in page.name), page.name


def test_no_screen_leads_to_a_page_for_operators() -> None:
    assert sorted(set(registered_topics().values()) & library.FOR_OPERATORS) == []
