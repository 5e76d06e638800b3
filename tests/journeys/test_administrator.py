"""The administrator's keys: one for a till, one lost and found again by mail."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from mallard.kernel.mail.sending import due_mail_ids, send_due
from mallard.world.staff.commands import api_key
from mallard.world.staff.models import ApiKey
from mallard.world.staff.tests.factories import PASSWORD
from tests.journeys.conftest import Postbox, fill_in
from tests.journeys.town import Till, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "root@starlake.example"
NEW_PASSWORD = "an-even-longer-and-quieter-river"


def test_a_key_is_made_by_command_and_shown_once(town: Town, live_server: Any) -> None:
    command = ["create", "--name", "Shelf", "--scope", "group", "--permission", "malls.view_store"]
    made = CliRunner().invoke(api_key, [*command, "--json"])
    assert made.exit_code == 0, made.output
    plain = json.loads(made.stdout)["key"]
    till = Till(live_server.url, plain)
    assert till.ask("GET", "/stores")[0] == 200
    assert till.ask("GET", "/receipts")[0] == 403
    assert Till(live_server.url, plain[:-1] + "x").ask("GET", "/stores")[0] == 401
    assert plain not in str(ApiKey.objects.get().__dict__)


def test_who_forgot_the_password_is_locked_out_kindly_and_gets_back_in_by_mail(
    visit: Any, hire: Any, postbox: Postbox
) -> None:
    hire("administrator", EMAIL)
    opened = visit("/sign-in")
    page = opened.page
    for _attempt in range(4):
        fill_in(page, EMAIL, "not the password")
        expect(page.get_by_text("E-mail or password is not right.")).to_be_visible()
        opened.settle()
    opened.check()
    fill_in(page, EMAIL, "not the password")
    expect(page.get_by_text("The password was wrong too often.")).to_be_visible()
    opened.settle().check()

    page.get_by_role("link", name="Set a new password").click()
    opened.settle().check()
    page.fill("[name=email]", EMAIL.upper())
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    opened.settle().check()
    assert [send_due(mail_id) for mail_id in due_mail_ids()] == [True]
    [mail] = postbox.received
    assert mail["To"] == EMAIL
    [link] = re.findall(r"https?://\S+", mail.get_content())

    opened.go(urlsplit(link).path).check()
    for name in ("new_password", "again"):
        page.fill(f"[name={name}]", NEW_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.wait_for_url("**/sign-in")
    opened.settle()
    fill_in(page, EMAIL, NEW_PASSWORD)
    page.wait_for_url(f"{opened.origin}/")
    opened.settle().check()
    assert page.request.get(opened.origin + urlsplit(link).path).status in (404, 410, 422)

    page.get_by_label("Your account").click()
    opened.check()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    opened.go("/members/")
    assert "/sign-in" in page.url
    fill_in(page, EMAIL, PASSWORD)
    expect(page.get_by_text("E-mail or password is not right.")).to_be_visible()
