"""Every screen of the console has help, and help is in the package."""

from __future__ import annotations

import tomllib

import pytest

from mallard.kernel.access.guards import MEMBER, OPEN
from mallard.kernel.help import library
from mallard.kernel.help.topics import registered_topics, topic_of
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


@pytest.mark.parametrize("name", sorted(library._CHINESE_NAMES.items()))
def test_chinese_pages_of_another_name_exist(name: tuple[str, str]) -> None:
    english, chinese = name
    assert (library.folder() / "zh" / f"{chinese}.md").is_file()
    assert any((library.folder() / part / f"{english}.md").is_file() for part in library.ENGLISH)
