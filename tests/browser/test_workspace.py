"""What people keep of lists, by mouse, by keyboard and without a script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from mallard.kernel.workspace.services.notifying import notify
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
