"""A new colleague: invited by mail, led to codes from the phone, seen by who invited them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Page, expect

from mallard.kernel.mail.sending import due_mail_ids, send_due
from mallard.world.staff.models import StaffUser
from mallard.world.staff.tests.factories import PASSWORD
from tests.journeys.conftest import Postbox, fill_in
from tests.journeys.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "edward@starlake.example"


def test_an_administrator_invites_finance_who_sets_codes_up_and_whose_session_is_ended(
    visit: Any, sign_in: Any, hire: Any, town: Town, postbox: Postbox
) -> None:
    hire("administrator", "root@starlake.example")
    office = sign_in("root@starlake.example")
    office.go("/staff/invite").check()
    form = office.page
    form.fill("[name=email]", EMAIL)
    form.fill("[name=name]", "Edward Larkin")
    form.select_option("[name=grants-0-role]", "finance")
    form.fill("[name=grants-0-place]", "group")
    form.get_by_role("button", name="Send the invitation").last.click()
    expect(form.get_by_text("Open invitations")).to_be_visible()
    office.settle().check()

    desk = visit(_link_in(postbox))
    desk.check()
    page = desk.page
    for name in ("new_password", "again"):
        page.fill(f"[name={name}]", PASSWORD)
    page.get_by_role("button", name="Set the password and go in").click()
    secret = _set_codes_up(page)
    desk.settle().check()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(f"{desk.origin}/")
    desk.settle().check()

    edward = StaffUser.objects.get(email=EMAIL)
    office.go(f"/staff/{edward.id}/").check()
    form.get_by_role("button", name="End", exact=True).click()
    expect(form.get_by_text("The session is ended.")).to_be_visible()
    desk.go("/profile")
    assert "/sign-in" in page.url

    fill_in(page, EMAIL, PASSWORD)
    page.wait_for_url("**/sign-in/code")
    desk.settle().check()
    # The code of a moment ago is used up; the phone's next one is good half a minute early.
    page.fill("[name=code]", _next_code(secret))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{desk.origin}/profile")


def _link_in(postbox: Postbox) -> str:
    assert [send_due(mail_id) for mail_id in due_mail_ids()] == [True]
    [mail] = postbox.received
    assert mail["To"] == EMAIL
    [link] = re.findall(r"https?://\S+", mail.get_content())
    return urlsplit(link).path


def _set_codes_up(page: Page) -> str:
    """Type the key into a phone of our own, and its code into the page; returns the key."""
    page.wait_for_url("**/profile/second-factor")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_text("I cannot read the picture").click()
    secret = page.locator("details code").inner_text().replace(" ", "")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Switch codes on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return secret


def _next_code(secret: str) -> str:
    generator = pyotp.TOTP(secret)
    used = StaffUser.objects.get(email=EMAIL).second_factor.last_step
    return generator.generate_otp(used + 1)
