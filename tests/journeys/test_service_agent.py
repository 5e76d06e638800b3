"""The service desk: find a member, explain their points, take a loaf back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mallard.kernel.audit.models import Entry
from mallard.value.ledger.queries import wallet_of
from tests.journeys.town import LILI_PHONE, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "desk@lakeside.example"


@pytest.fixture
def opened(town: Town, hire: Any, sign_in: Any) -> Any:
    hire("service_agent", EMAIL)
    arrived = sign_in(EMAIL).go("/members/")
    # The home's figures ask by themselves; an answer that one left behind is no fault.
    arrived.complaints.clear()
    return arrived


def search(page: Page, words: str) -> None:
    """Look for a member with the search that every page has; the first answer is chosen."""
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    page.locator("[data-palette-text]").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/members/[0-9a-f-]{36}/"))


def test_a_member_asks_where_their_points_come_from_and_brings_a_loaf_back(
    opened: Any, town: Town
) -> None:
    page = opened.page
    for words in ("5678", "丽丽"):
        search(page, words)
        page.wait_for_url(f"**/members/{town.lili}/")
        opened.settle()
        opened.go("/members/")
    opened.go(f"/members/{town.lili}/")
    opened.settle().check()
    expect(page.get_by_role("heading", level=1)).to_contain_text("李丽丽")
    expect(page.get_by_text("Member", exact=True).first).to_be_visible()
    # ¥640 of bread earn 640 points, 70 % of them borne by the bakery; cigarettes earn nothing.
    expect(page.get_by_role("link", name="448 of 448")).to_be_visible()
    expect(page.get_by_role("link", name="192 of 192")).to_be_visible()
    assert wallet_of([town.lili])[town.lili].balance == 640 + 30

    page.get_by_role("region", name="Lots").get_by_role("link", name="BREAD-0042").first.click()
    page.wait_for_url("**/sales/receipts/*")
    opened.settle().check()
    expect(page.get_by_text("Cigarettes").first).to_be_visible()

    page.get_by_role("link", name="Return goods").click()
    opened.settle().check()
    for field in page.locator("input[name^=line_]").all():
        field.fill("0")
    page.locator("[name=line_3]").fill("1")
    page.get_by_role("button", name="Return and refund").click()
    expect(page.get_by_text("40 points were taken back")).to_be_visible()
    opened.settle().check()
    assert wallet_of([town.lili])[town.lili].balance == 600 + 30

    opened.go(f"/members/{town.lili}/")
    page.get_by_role("link", name="420 of 448").click()
    page.wait_for_url("**/ledger/transfers/*/")
    opened.settle().check()
    expect(page.get_by_text("What became of the lot")).to_be_visible()
    expect(page.get_by_role("link", name="BREAD-0042").first).to_be_visible()
    page.get_by_role("link", name="Transfers").first.click()
    page.wait_for_url(f"**/ledger/members/{town.lili}/")
    opened.settle().check()


def test_the_desk_reads_chinese_in_the_dark_and_looks_the_same_next_time(
    opened: Any, town: Town, sign_in: Any
) -> None:
    page = opened.go(f"/members/{town.lili}/").page
    page.get_by_label("Language").click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    opened.settle()
    page.get_by_label("外观", exact=True).click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    opened.settle().check()
    again = sign_in(EMAIL).page
    expect(again.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(again.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_number_is_shown_to_who_says_why_and_it_is_remembered(opened: Any, town: Town) -> None:
    page = opened.go(f"/members/{town.lili}/").page
    assert LILI_PHONE[3:7] not in page.content()
    masked = page.locator(".masked").first
    masked.locator("summary").click()
    masked.get_by_placeholder("Reason").fill("They ask which number we have")
    opened.check()
    masked.get_by_role("button", name="Show").click()
    expect(page.get_by_text("138 1234 5678").or_(page.get_by_text(LILI_PHONE))).to_be_visible()
    opened.check()
    entry = Entry.objects.get(action="members.identity_revealed")
    assert entry.actor_id is not None
    assert LILI_PHONE not in str(entry.__dict__)
