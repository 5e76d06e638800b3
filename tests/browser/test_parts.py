"""Every part in both themes, both languages, on a phone and on a desk; keyboard and scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.looks import LOOKS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("mallard.kernel.ui.tests.urlconf"),
]

PAGES = [
    "/ui/gallery",
    "/ui/gallery/list",
    "/ui/gallery/list?q=nothing&sort=bad",
    "/ui/gallery/form",
    "/ui/gallery/sign-in",
    "/ui/gallery/error/404",
]


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_parts_are_accessible(visit: Any, theme: str, language: str, width: int) -> None:
    opened = visit(PAGES[0], theme=theme, language=language, width=width)
    opened.tour(PAGES)


def test_errors_of_a_form_are_accessible_and_keep_what_was_typed(visit: Any) -> None:
    opened = visit("/ui/gallery/form")
    opened.page.fill("[name=email]", "not an address")
    opened.page.get_by_role("button", name="Save").click()
    expect(opened.page.locator("[name=email]")).to_have_value("not an address")
    expect(opened.page.locator("#id_name_error")).to_be_visible()
    opened.check()


def test_open_menus_and_dialogs_are_accessible(visit: Any) -> None:
    opened = visit("/ui/gallery")
    opened.page.get_by_label("Theme").click()
    opened.check()
    opened.page.keyboard.press("Escape")
    expect(opened.page.get_by_role("button", name="Dark")).not_to_be_visible()
    opened.page.keyboard.press("?")
    expect(opened.page.locator("#keyboard-help")).to_be_visible()
    opened.check()


def test_the_menu_of_a_phone_opens_and_closes(visit: Any) -> None:
    opened = visit("/ui/gallery", width=360)
    sidebar = opened.page.locator("#sidebar")
    expect(sidebar).not_to_be_visible()
    opened.page.get_by_role("button", name="Menu", exact=True).click()
    expect(sidebar).to_be_visible()
    opened.check()
    opened.page.keyboard.press("Escape")
    expect(sidebar).not_to_be_visible()


def test_a_list_searches_while_typing_and_the_address_follows(visit: Any) -> None:
    opened = visit("/ui/gallery/list")
    opened.page.keyboard.press("f")
    opened.page.keyboard.type("add_perm")
    expect(opened.page.locator("tbody tr")).to_have_count(1)
    expect(opened.page).to_have_url(re.compile(r"/ui/gallery/list\?q=add_perm$"))
    opened.page.reload()
    expect(opened.page.locator("tbody tr")).to_have_count(1)
    opened.check()


def test_sorting_and_columns_keep_the_search(visit: Any) -> None:
    opened = visit("/ui/gallery/list?q=add")
    opened.page.get_by_role("link", name="Number").click()
    expect(opened.page).to_have_url(re.compile("sort=-number"))
    opened.page.locator(".listing-view summary").click()
    opened.page.get_by_role("checkbox", name="Name").uncheck()
    expect(opened.page.get_by_role("columnheader", name="Name")).to_have_count(0)
    expect(opened.page).to_have_url(re.compile(r"q=add.*sort=-number"))
    assert "size=" not in opened.page.url
    opened.check()


def test_a_list_works_without_scripts(visit: Any) -> None:
    opened = visit("/ui/gallery/list", script=False)
    opened.page.fill("main [name=q]", "add_perm")
    opened.page.get_by_role("button", name="Apply").click()
    expect(opened.page.locator("tbody tr")).to_have_count(1)


def test_a_chart_has_a_table(visit: Any) -> None:
    opened = visit("/ui/gallery")
    chart = opened.page.locator("figure.chart").first
    expect(chart.locator("svg path").first).to_be_attached()
    chart.get_by_role("button", name="Table").click()
    expect(chart.get_by_role("table")).to_be_visible()
    expect(chart.get_by_role("img")).not_to_be_visible()
    opened.check()


def test_a_destructive_act_asks_once(visit: Any) -> None:
    opened = visit("/ui/gallery")
    opened.page.get_by_role("button", name="Close", exact=True).click()
    dialog = opened.page.get_by_role("dialog", name="Close this member?")
    expect(dialog).to_be_visible()
    opened.check()
    dialog.get_by_role("button", name="Cancel").click()
    expect(opened.page).to_have_url(re.compile("/ui/gallery$"))
    opened.page.get_by_role("button", name="Close", exact=True).click()
    with opened.page.expect_request(re.compile("/ui/theme$")):
        dialog.get_by_role("button", name="Close the member").click()


def test_a_masked_value_is_shown_on_request(visit: Any) -> None:
    opened = visit("/ui/gallery")
    opened.page.get_by_role("button", name="Show Phone in full").click()
    expect(opened.page.get_by_text("138 0013 8000")).to_be_visible()
    assert opened.complaints == []


def test_auto_follows_the_system(visit: Any) -> None:
    opened = visit("/ui/gallery/form", theme="auto")
    root = opened.page.locator("html")
    opened.page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    opened.page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-bs-theme", "light")


def test_an_ordinary_page_asks_one_host_and_loads_little_script(
    visit: Any, live_server: Any
) -> None:
    opened = visit("/ui/gallery/form")
    loaded: list[str] = []
    opened.page.on("request", lambda request: loaded.append(request.url))
    opened.go("/ui/gallery/list")
    assert all(url.startswith(live_server.url) for url in loaded)
    scripts = [url for url in loaded if url.endswith(".js")]
    assert sorted(url.rsplit("/", 1)[1] for url in scripts) == ["mallard.js", "theme.js"]
