"""The programme's manager doubles the points from now on; what was earned stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import expect

from mallard.kernel import clock
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import TILL, a_receipt
from mallard.value.ledger.queries import wallet_of
from mallard.value.sales.models import Source
from tests.journeys.town import LILI_PHONE, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_changed_rule_holds_from_now_on_and_receipts_say_under_which(
    town: Town, hire: Any, sign_in: Any
) -> None:
    hire("crm_manager", "club@starlake.example")
    opened = sign_in("club@starlake.example")
    page = opened.page
    before = wallet_of([town.lili])[town.lili].balance

    opened.go("/loyalty/").check()
    page.get_by_role("link", name="Base points").click()
    opened.settle().check()
    page.get_by_role("link", name="Change", exact=True).click()
    opened.settle().check()
    page.fill("[name=points]", "2")
    page.locator("main button.btn-primary").click()
    page.wait_for_url("**/loyalty/rules/base")
    expect(page.get_by_text("The rule is set.")).to_be_visible()
    opened.settle().check()

    soon = clock.now().replace(microsecond=0) + dt.timedelta(minutes=1)
    with clock.frozen(soon):
        sale = a_receipt(town.bakery, "BREAD-0100", 10_000, phone=LILI_PHONE, at=soon)
        [outcome] = record_receipts([sale], actor=TILL, source=Source.POS)
    assert (outcome.error, outcome.points) == (None, 200)
    assert wallet_of([town.lili])[town.lili].balance == before + 200

    opened.go(f"/sales/receipts/{outcome.receipt_id}").check()
    expect(page.get_by_text("2 points for every")).to_be_visible()
    expect(page.get_by_text("200 points", exact=True)).to_be_visible()
    opened.go(f"/sales/receipts/{town.receipt('BREAD-0042').pk}")
    expect(page.get_by_text("1 point for every")).to_be_visible()
    expect(page.get_by_text("640 points", exact=True)).to_be_visible()
