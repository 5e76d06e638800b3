"""A member lookup on a phone-sized screen, by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from mallard.world.staff.tests.factories import PASSWORD
from tests.journeys.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_member_is_found_without_a_mouse_at_360_pixels(town: Town, hire: Any, visit: Any) -> None:
    hire("service_agent", "desk@lakeside.example")
    opened = visit("/sign-in", width=360)
    page, keys = opened.page, opened.page.keyboard
    keys.type("desk@lakeside.example")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url(f"{opened.origin}/")
    opened.settle().check()

    keys.press("?")
    expect(page.locator("#keyboard-help")).to_be_visible()
    opened.check()
    keys.press("Escape")
    expect(page.locator("#keyboard-help")).not_to_be_visible()

    keys.press("g")
    keys.press("m")
    page.wait_for_url("**/members/")
    opened.settle().check()
    keys.press("f")
    keys.type("5678")
    expect(page).to_have_url(re.compile(r"q=5678"))
    expect(page.locator("tbody tr")).to_have_count(1)
    keys.press("Escape")
    page.evaluate("document.activeElement.blur()")
    keys.press("j")
    keys.press("Enter")
    page.wait_for_url(f"**/members/{town.lili}/")
    opened.settle().check()
