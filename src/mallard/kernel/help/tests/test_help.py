"""Help inside the product: read in both languages, linked, harmless."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from mallard.kernel.access.actor import system
from mallard.kernel.help import finding, library
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pages of our own making, in a folder of their own."""
    for part in ("how-to", "explanation", "zh"):
        (tmp_path / part).mkdir()
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    return tmp_path


def test_a_page_is_read_in_the_readers_language() -> None:
    with translation.override("en"):
        page = library.page_of("look-up-a-member")
    assert page is not None
    assert (page.title, page.language) == ("Look up a member", "en")
    with translation.override("zh-hans"):
        page = library.page_of("look-up-a-member")
    assert page is not None
    assert page.language == "zh-Hans"
    assert "会员" in page.title


def test_where_there_is_no_chinese_page_the_english_one_says_so(reader: Client) -> None:
    reader.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    answer = reader.get("/help/rotate-keys").content.decode()
    assert 'lang="en"' in answer
    assert "只有英文" in answer


def test_a_page_links_to_pages_of_help_and_to_nothing_else(shelf: Path) -> None:
    (shelf / "how-to" / "one.md").write_text(
        "# One\n\n[two](two.md#part) [gone](../reference/gone.md) [up](../../etc/passwd.md)"
        " [bad](javascript:alert(1)) [out](https://example.com) ![picture](../images/a.png)\n",
        "utf-8",
    )
    (shelf / "how-to" / "two.md").write_text("# Two\n\nText.\n", "utf-8")
    page = library.page_of("one")
    assert page is not None
    assert page.html.count("<a ") == 2
    assert 'href="/help/two"' in page.html
    assert 'href="https://example.com"' in page.html
    assert "gone" in page.html
    assert "<img" not in page.html


def test_markup_in_a_page_is_text(shelf: Path) -> None:
    (shelf / "how-to" / "one.md").write_text("# One\n\n<script>alert(1)</script>\n", "utf-8")
    page = library.page_of("one")
    assert page is not None
    assert "<script" not in page.html


@pytest.mark.parametrize("topic", ["..", "../adr/index", "index", "a" * 61, "LOOK", "%2e%2e"])
def test_only_pages_of_help_are_read(topic: str) -> None:
    assert library.page_of(topic) is None


def test_the_question_mark_is_about_the_screen(reader: Client) -> None:
    assert (
        'href="/help/look-up-a-member" data-help-open' in reader.get("/members/").content.decode()
    )
    assert 'href="/help/work-with-tasks" data-help-open' in reader.get("/tasks/").content.decode()


def test_the_panel_gets_the_content_alone(reader: Client) -> None:
    part = reader.get("/help/find-anything", headers={"HX-Target": "help-content"})
    assert "<html" not in part.content.decode()
    assert "Find anything" in part.content.decode()
    assert reader.get("/help/there-is-no-such-page").status_code == 404


def test_help_is_found_by_its_words(reader: Client) -> None:
    groups = reader.get("/search", {"q": "barcode"}).context["groups"]
    labels = [str(hit.label) for group in groups if group.key == "help" for hit in group.hits]
    assert "Keep the catalogue" in labels


def test_chinese_staff_find_each_chinese_page_once_and_what_is_english_is_marked(
    reader: Client,
) -> None:
    reader.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    answer = reader.get("/help/")
    *of_staff, of_operators = [shelf.pages for shelf in answer.context["shelves"]]
    shown = [page for pages in of_staff for page in pages]
    assert {page.language for page in shown} == {"zh-Hans"}
    titles = [page.title for page in shown]
    assert sorted(set(titles)) == sorted(titles)
    assert {page.topic for page in of_operators} == library.FOR_OPERATORS
    assert "轮换密钥" in answer.content.decode()
    assert "均为英文" in answer.content.decode()


def test_all_pages_are_listed_under_the_sections_of_the_menu(reader: Client) -> None:
    answer = reader.get("/help/")
    shelves = {str(shelf.title): shelf.pages for shelf in answer.context["shelves"]}
    assert list(shelves)[:3] == ["Home", "Members", "Loyalty"]
    assert "look-up-a-member" in {page.topic for page in shelves["Members"]}
    listed = [page.topic for pages in shelves.values() for page in pages]
    assert sorted(listed) == library.every_topic()
    page = answer.content.decode()
    assert "/help/look-up-a-member" in page
    assert "/help/run-the-drills" in page


def test_pages_for_operators_are_found_by_their_names_in_both_languages() -> None:
    named = {"en": "Rotate keys", "zh-hans": "轮换密钥"}
    for language, said in named.items():
        with translation.override(language):
            assert said in {hit.label for hit in finding.find(system("tests"), said, 5)}
