"""The pages about who works here, in a real browser: axe, policy, width, both languages."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.audit.verifying import ask_for_verification
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff import services
from mallard.world.staff.models import ApiKey, StaffUser
from mallard.world.staff.services import Grant
from mallard.world.staff.tests.factories import SYSTEM, a_staff_user
from tests.browser.looks import PAGE_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office() -> StaffUser:
    """An administrator, a cashier with a past, an own role and an open invitation."""
    world = a_mall_group()
    administrator = a_staff_user(name="梁思齐 Liang Siqi")
    here = Scope(store_ids=frozenset({world.lakeside_bakery.id}))
    cashier = a_staff_user("cashier", scope=here, name="Bo Cashier", email="bo@example.com")
    services.withdraw_role(cashier.assignments.get().id, user_id=cashier.id, actor=SYSTEM)
    role = services.create_role(
        name_en="Till lead",
        name_zh="收银组长",
        purpose="Watches over the tills",
        permissions=["checkout.record_receipt", "malls.view_store"],
        actor=SYSTEM,
    )
    services.assign_role(cashier.id, role=role.code, scope=here, actor=SYSTEM)
    services.invite_staff(
        email="new@example.com",
        name="Xu Kexin",
        language="zh-hans",
        grants=[Grant("cashier", here), Grant("leasing", WHOLE_GROUP)],
        actor=SYSTEM,
    )
    services.create_api_key(
        name="POS-3", scope=here, permissions=["malls.view_store"], actor=SYSTEM
    )
    ask_for_verification(actor=SYSTEM)
    return administrator


@pytest.mark.parametrize(("theme", "language", "width"), PAGE_LOOKS)
def test_pages_about_staff(
    visit: Any, office: StaffUser, theme: str, language: str, width: int
) -> None:
    cashier = StaffUser.objects.get(email="bo@example.com")
    role = cashier.assignments.get(withdrawn_at=None).role
    opened = visit("/staff/", theme=theme, language=language, width=width, user=office)
    opened.check()
    pages = (
        "/staff/invite",
        f"/staff/{cashier.id}/",
        "/staff/roles/",
        "/staff/roles/administrator/",
        f"/staff/roles/{role}/edit",
        f"/staff/keys/{ApiKey.objects.get().id}/",
        "/staff/keys/new",
        "/staff/keys/",
        "/staff/audit/",
        f"/staff/audit/{Entry.objects.filter(action='staff.role_assigned').latest('id').id}/",
        "/profile",
        "/profile/sessions",
        "/profile/second-factor",
    )
    opened.tour(pages)


def test_a_place_is_found_while_one_types(visit: Any, office: StaffUser) -> None:
    opened = visit("/staff/invite", user=office)
    page = opened.page
    page.locator("[name=grants-0-place]").press_sequentially("bakery")
    page.wait_for_selector("#place-options option[value$='group']", state="detached")
    page.wait_for_selector("#place-options option[value*='store:']", state="attached")
    opened.check()


def test_permissions_of_a_key_are_searched_and_a_whole_part_chosen(visit: Any) -> None:
    opened = visit("/staff/keys/new", user=a_staff_user("administrator"), language="en")
    page = opened.page
    members = page.locator("[data-choices-group]", has_text="Merge members and undo it")
    page.get_by_label("Search permissions").fill("MERGE MEMBERS AND")
    expect(page.locator("[data-choice]:visible")).to_have_count(1)
    members.get_by_role("button", name="All").click()
    expect(page.locator("[data-choices-count]")).to_have_text("1 chosen")
    page.get_by_label("Search permissions").fill("")
    members.get_by_role("button", name="All").click()
    everything = members.locator("input").count()
    assert everything > 5
    expect(members.locator("input:checked")).to_have_count(everything)
    opened.check()
    members.get_by_role("button", name="None").click()
    expect(page.locator("[data-choices-count]")).to_have_text("0 chosen")
    page.get_by_label("Search permissions").fill("no such words")
    expect(page.locator("[data-choices-nothing]")).to_be_visible()
