"""The palette: found and begun from every page, by keyboard, by finger, by screen reader."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from mallard.world.members.tests.factories import a_member
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = "13812345678"


@pytest.mark.parametrize(
    ("theme", "language", "width"), [("dark", "zh-hans", 360), ("light", "en", 1280)]
)
def test_somebody_is_found_from_any_page(visit: Any, theme: str, language: str, width: int) -> None:
    member = a_member(name="李丽丽", phone=PHONE)
    user = a_staff_user()
    opened = visit("/malls/stores/", user=user, theme=theme, language=language, width=width)
    page, keys = opened.page, opened.page.keyboard
    keys.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    expect(page.locator(".palette-hit").first).to_have_attribute("aria-selected", "true")
    opened.check()
    keys.type("5678")
    hit = page.locator(".palette-hit", has_text="李丽丽")
    expect(hit).to_have_attribute("aria-selected", "true")
    field = page.locator("[data-palette-text]")
    expect(field).to_have_attribute("aria-activedescendant", hit.get_attribute("id") or "?")
    assert PHONE not in page.content()
    opened.check()
    keys.press("Enter")
    page.wait_for_url(f"**/members/{member.id}/")
    opened.settle().check()


def test_enter_opens_what_was_typed_however_fast_one_types(visit: Any) -> None:
    a_member(name="王小明")
    member = a_member(name="李丽丽", phone=PHONE)
    opened = visit("/malls/stores/", user=a_staff_user())
    opened.page.keyboard.press("/")
    expect(opened.page.locator(".palette-hit").first).to_be_visible()
    opened.page.locator("[data-palette-text]").fill("丽丽")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url(f"**/members/{member.id}/")


def test_keys_lead_on_after_the_palette_was_opened_from_the_topbar_and_closed(visit: Any) -> None:
    opened = visit("/malls/stores/", user=a_staff_user())
    page, keys = opened.page, opened.page.keyboard
    for close in ("Escape", "Control+k"):
        page.locator("[data-palette-field]").click()
        expect(page.locator("#palette")).to_be_visible()
        keys.press(close)
        expect(page.locator("#palette")).to_be_hidden()
        keys.press("h")
        expect(page.locator("#help")).to_be_visible()
        keys.press("Escape")
        expect(page.locator("#help")).to_be_hidden()
    page.locator("[data-palette-field]").click()
    keys.press("Escape")
    keys.press("g")
    keys.press("h")
    page.wait_for_url(re.compile(r"^http://[^/]+/$"))


def test_the_keyboard_stays_inside_until_it_is_closed(visit: Any) -> None:
    opened = visit("/malls/stores/", user=a_staff_user())
    page, keys = opened.page, opened.page.keyboard
    keys.press("/")
    expect(page.locator(".palette-hit").first).to_have_attribute("aria-selected", "true")
    for _step in range(6):
        keys.press("Tab")
        where = page.evaluate(
            "document.activeElement === document.body"
            " || !!document.activeElement.closest('#palette')"
        )
        assert where
    page.locator("[data-palette-text]").focus()
    keys.press("ArrowUp")
    last = page.locator(".palette-hit").last
    expect(last).to_have_attribute("aria-selected", "true")
    keys.press("ArrowDown")
    expect(page.locator(".palette-hit").first).to_have_attribute("aria-selected", "true")
    keys.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    opened.check()


def test_a_page_an_act_and_a_theme_are_reached_by_their_names(visit: Any) -> None:
    opened = visit("/malls/stores/", user=a_staff_user())
    page, keys = opened.page, opened.page.keyboard
    for words, url in (("audit", "**/staff/audit/"), ("enrol", "**/members/enrol")):
        keys.press("Control+k")
        keys.type(words)
        expect(page.locator(".palette-hit[aria-selected=true]")).to_contain_text(
            re.compile(words, re.IGNORECASE)
        )
        keys.press("Enter")
        page.wait_for_url(url)
        opened.settle()
    page.evaluate("document.activeElement.blur()")
    keys.press("Control+k")
    keys.type("dark")
    chosen = page.locator(".palette-hit[aria-selected=true]")
    expect(chosen).to_contain_text("Dark theme")
    keys.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.url.endswith("/members/enrol")


def test_a_phone_has_a_button_for_it(visit: Any) -> None:
    opened = visit("/malls/stores/", user=a_staff_user(), width=360)
    opened.page.locator(".topbar-find").click()
    expect(opened.page.locator("#palette")).to_be_visible()
    opened.page.locator("#palette [data-dialog-close]").click()
    expect(opened.page.locator("#palette")).not_to_be_visible()


def test_without_a_script_the_field_leads_to_the_same_results(visit: Any) -> None:
    member = a_member(name="李丽丽", phone=PHONE)
    opened = visit("/malls/stores/", user=a_staff_user(), script=False)
    page = opened.page
    page.fill(".topbar-search [name=q]", "5678")
    page.press(".topbar-search [name=q]", "Enter")
    page.wait_for_url("**/search?q=5678")
    page.get_by_role("link", name="李丽丽").click()
    page.wait_for_url(f"**/members/{member.id}/")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 360), ("en", 1280)])
def test_the_page_of_results_is_accessible(visit: Any, language: str, width: int) -> None:
    a_member(name="李丽丽", phone=PHONE)
    user = a_staff_user()
    opened = visit("/search", user=user, language=language, width=width, theme="dark")
    opened.tour(("/search?q=5678", "/search?q=x", "/search?q=nothingatall"))


def test_rows_are_walked_and_opened_by_keyboard(visit: Any) -> None:
    members = [a_member(name="李丽丽"), a_member(name="王小明"), a_member(name="陈安静")]
    opened = visit("/members/?sort=number", user=a_staff_user())
    page, keys = opened.page, opened.page.keyboard

    def row() -> int:
        index: int = page.evaluate(
            "[...document.querySelectorAll('tbody tr')]"
            ".indexOf(document.activeElement.closest('tr'))"
        )
        return index

    for key, at in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        keys.press(key)
        assert row() == at
    opened.check()
    keys.press("j")
    keys.press("Enter")
    second = sorted(members, key=lambda one: one.number)[1]
    page.wait_for_url(f"**/members/{second.id}/")
    # "g j" is a page that nobody has: it walks no row and breaks nothing.
    opened.settle()
    keys.press("g")
    keys.press("j")
    opened.check()


@pytest.mark.parametrize(
    ("theme", "language", "width"), [("dark", "zh-hans", 360), ("light", "en", 1280)]
)
def test_help_opens_beside_the_screen_that_it_is_about(
    visit: Any, theme: str, language: str, width: int
) -> None:
    user = a_staff_user()
    opened = visit("/members/", user=user, theme=theme, language=language, width=width)
    page = opened.page
    page.locator("[data-help-open]").click()
    expect(page.locator("#help .help-title")).to_be_visible()
    opened.check()
    page.locator("#help-content a[href^='/help/']").first.click()
    expect(page.locator("#help .help-title")).to_have_count(1)
    assert page.url.endswith("/members/")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).not_to_be_visible()
    page.keyboard.press("h")
    expect(page.locator("#help .help-title")).to_be_visible()
    opened.go("/help/find-anything").check()
    opened.go("/help/").check()
    opened.go("/workspace/recent/").check()


def test_the_account_menu_shows_what_was_opened_lately(visit: Any) -> None:
    member = a_member(name="李丽丽")
    opened = visit(f"/members/{member.id}/", user=a_staff_user())
    opened.go("/help/find-anything")
    opened.page.get_by_label("Your account").click()
    link = opened.page.locator("#recent-menu a", has_text="李丽丽")
    expect(link).to_be_visible()
    opened.check()
    link.click()
    opened.page.wait_for_url(f"**/members/{member.id}/")


def test_help_needs_no_script(visit: Any) -> None:
    opened = visit("/members/", user=a_staff_user(), script=False)
    opened.page.locator("[data-help-open]").click()
    opened.page.wait_for_url("**/help/look-up-a-member")
