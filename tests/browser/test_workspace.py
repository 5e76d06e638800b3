"""What people keep of lists, by mouse, by keyboard and without a script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from mallard.kernel.workspace.services.notifying import notify
from mallard.world.members.models import MemberTag
from mallard.world.members.services import save_tag
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("theme", "language", "width"), [("dark", "en", 360), ("light", "zh-hans", 1280)]
)
def test_columns_are_kept_and_a_view_is_saved(
    visit: Any, theme: str, language: str, width: int
) -> None:
    user = a_staff_user()
    opened = visit("/staff/", user=user, theme=theme, language=language, width=width)
    page = opened.page
    page.locator(".listing-view summary").click()
    with page.expect_response("**/columns"):
        page.locator(".listing-view input[value=email]").uncheck()
    expect(page.locator("thead th")).to_have_count(3)
    opened.go("/staff/")
    expect(page.locator("thead th")).to_have_count(3)
    page.locator(".listing-views summary").click()
    opened.check()
    page.locator("button[form=list-staff-view]").click()
    page.wait_for_url("**/workspace/views/new*")
    opened.settle().check()
    page.fill("[name=name]", "Without mail")
    page.check("[name=is_default]")
    page.locator(".form-actions .btn-primary").click()
    page.wait_for_url("**/staff/?*view=*")
    opened.go("/staff/")
    expect(page.locator(".listing-views summary")).to_contain_text("Without mail")
    page.locator(".listing-views summary").click()
    page.locator(".menu-pair .btn-icon-only").click()
    page.wait_for_url("**/workspace/views/*")
    opened.settle().check()


def test_without_a_script_columns_are_chosen_and_kept(visit: Any) -> None:
    opened = visit("/staff/", user=a_staff_user(), script=False)
    page = opened.page
    page.locator(".listing-view summary").click()
    page.locator(".listing-view input[value=email]").uncheck()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("thead th")).to_have_count(3)
    page.locator(".listing-view summary").click()
    page.get_by_role("button", name="Keep these columns").click()
    page.goto(opened.origin + "/staff/")
    expect(page.locator("thead th")).to_have_count(3)
    page.locator(".listing-view summary").click()
    page.get_by_role("button", name="Usual columns").click()
    expect(page.locator("thead th")).to_have_count(4)


def test_exports_and_notifications_on_a_phone(visit: Any) -> None:
    user = a_staff_user()
    notify([user.pk], "workspace.export_ready", params={"list": "Staff", "rows": 3})
    opened = visit("/workspace/notifications/", user=user, theme="dark", width=360)
    opened.check()
    opened.go("/staff/")
    opened.page.locator(".listing-export").click()
    opened.page.wait_for_url("**/workspace/exports/new")
    opened.settle().check()
    opened.page.locator(".form-actions .btn-primary").click()
    opened.page.wait_for_url("**/workspace/exports/")
    opened.settle().check()
    expect(opened.page.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize(
    ("theme", "language", "width"), [("dark", "zh-hans", 360), ("light", "en", 1280)]
)
def test_rows_are_selected_tagged_and_untagged_again(
    visit: Any, theme: str, language: str, width: int
) -> None:
    save_tag("vip", name_en="VIP", name_zh="贵宾", actor=SYSTEM)
    for _number in range(3):
        a_member()
    user = a_staff_user("crm_manager")
    opened = visit("/members/", user=user, theme=theme, language=language, width=width)
    page, keys = opened.page, opened.page.keyboard
    expect(page.locator(".bulk-bar")).not_to_be_visible()
    keys.press("j")
    keys.press("x")
    keys.press("j")
    keys.press("x")
    expect(page.locator("[data-bulk-count]")).to_contain_text("2")
    opened.check()
    page.locator("[data-select-page]").check()
    expect(page.locator("[data-bulk-count]")).to_contain_text("3")
    page.locator("[data-select-row]").first.uncheck()
    page.locator(".bulk-bar button[value='members.tag']").click()
    page.wait_for_url("**/workspace/bulk/new")
    opened.settle().check()
    page.locator(".form-actions .btn-primary").click()
    page.wait_for_url("**/members/")
    opened.settle().check()
    assert MemberTag.objects.count() == 2
    page.locator("[data-toast] a").click()
    page.wait_for_url("**/workspace/bulk/*")
    opened.settle().check()
    page.locator(".page-actions button").click()
    page.wait_for_url("**/members/")
    assert MemberTag.objects.count() == 0


def test_rows_are_selected_without_a_script(visit: Any) -> None:
    save_tag("vip", name_en="VIP", name_zh="贵宾", actor=SYSTEM)
    a_member()
    opened = visit("/members/", user=a_staff_user("crm_manager"), script=False)
    opened.page.locator("[data-select-row]").check()
    opened.page.locator(".bulk-bar button[value='members.tag']").click()
    opened.page.locator(".form-actions .btn-primary").click()
    opened.page.wait_for_url("**/members/")
    assert MemberTag.objects.count() == 1
