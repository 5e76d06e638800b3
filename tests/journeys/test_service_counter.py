"""The service counter: a paper receipt with four eyes, a phone that changes, points that rest."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from mallard.kernel.clock import now
from mallard.value.ledger.queries import wallet_of
from mallard.value.wallets.queries import cooling_until
from mallard.world.members.inputs import MemberRef
from mallard.world.members.queries import find_by_identities
from tests.journeys.town import LILI_PHONE, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AGENT, MANAGER = "counter@lakeside.example", "crm@lakeside.example"
NEW_PHONE = "13600000001"


@pytest.fixture
def agent(town: Town, hire: Any, sign_in: Any) -> Any:
    hire("service_agent", AGENT)
    arrived = sign_in(AGENT, width=360).go("/rewards/counter/")
    # The home's figures ask by themselves; an answer that one left behind is no fault.
    arrived.complaints.clear()
    return arrived


@pytest.fixture
def manager(agent: Any, hire: Any, sign_in: Any) -> Any:
    hire("crm_manager", MANAGER)
    arrived = sign_in(MANAGER).go("/tasks/")
    arrived.complaints.clear()
    return arrived


def find(opened: Any, said: str, member: Any) -> Page:
    page: Page = opened.go("/rewards/counter/").page
    page.fill("[name=who]", said)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/rewards/counter/{member}/")
    opened.settle().check()
    return page


def type_paper(page: Page, town: Town, number: str, amount: str) -> None:
    at = (now() - dt.timedelta(days=2)).astimezone(ZoneInfo(town.bakery.mall.time_zone))
    page.get_by_role("link", name="Back-date points").click()
    page.wait_for_url("**/backdate")
    page.select_option("[name=store]", str(town.bakery.pk))
    page.fill("[name=number]", number)
    page.fill("[name=occurred_at]", at.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=amount]", amount)
    page.get_by_role("button", name="Check and back-date").click()


def test_a_paper_receipt_from_the_desk_to_the_managers_approval(
    agent: Any, manager: Any, town: Town
) -> None:
    before = wallet_of([town.lili])[town.lili].balance
    page = find(agent, f"+86 {LILI_PHONE}", town.lili)
    type_paper(page, town, "PAPER-1", "58.00")
    expect(page.get_by_text("58 points are credited.")).to_be_visible()
    agent.settle().check()
    assert wallet_of([town.lili])[town.lili].balance == before + 58

    # The same paper again, at the same desk: said, nothing typed is lost.
    type_paper(find(agent, LILI_PHONE, town.lili), town, "PAPER-1", "58.00")
    expect(page.get_by_text("This receipt was brought in before")).to_be_visible()
    expect(page.locator("[name=number]")).to_have_value("PAPER-1")
    agent.complaints.clear()

    type_paper(find(agent, LILI_PHONE, town.lili), town, "PAPER-2", "2,500")
    expect(page.get_by_text("It waits for a second person").first).to_be_visible()
    assert wallet_of([town.lili])[town.lili].balance == before + 58

    desk = manager.go("/tasks/team").page
    desk.get_by_role("link", name="Approve points from paper receipt PAPER-2").click()
    desk.get_by_role("link", name="Paper receipt").first.click()
    desk.wait_for_url(re.compile(r"/counter/receipts/[0-9a-f-]{36}/"))
    manager.settle().check()
    desk.get_by_role("button", name="Approve").click()
    expect(desk.get_by_text("2,500 points are credited.")).to_be_visible()
    manager.settle().check()
    assert wallet_of([town.lili])[town.lili].balance == before + 58 + 2_500


def test_a_phone_is_changed_and_points_rest(agent: Any, manager: Any, town: Town) -> None:
    page = find(agent, LILI_PHONE, town.lili)
    page.get_by_role("link", name="Change phone").click()
    page.fill("[name=phone]", NEW_PHONE)
    page.get_by_label("A document seen at the desk").check()
    page.select_option("[name=document]", "identity")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile(r"/phones/changes/[0-9a-f-]{36}/"))
    agent.settle().check()
    expect(page.get_by_text("a second person looks at it too")).to_be_visible()
    assert find_by_identities([MemberRef("phone", NEW_PHONE)]) == {}

    desk = manager.go("/tasks/team").page
    desk.get_by_role("link", name="Approve a member's new phone").click()
    desk.get_by_role("link", name="Change of phone").first.click()
    desk.wait_for_url(re.compile(r"/phones/changes/[0-9a-f-]{36}/"))
    desk.get_by_role("button", name="Approve").click()
    expect(desk.get_by_text("The phone is changed.")).to_be_visible()
    manager.settle().check()

    page = find(agent, NEW_PHONE, town.lili)
    expect(page.get_by_text("points can be spent from")).to_be_visible()
    desk = manager.go(f"/wallets/{town.lili}/").page
    desk.get_by_role("link", name="Let points be spent again").click()
    desk.fill("[name=reason]", "They stand at my desk")
    desk.get_by_role("button", name="Save").click()
    desk.wait_for_url(f"**/wallets/{town.lili}/")
    manager.settle().check()
    assert cooling_until([town.lili]) is None
