"""A director reads the morning: the brief, the figures with their rows; and no more."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from mallard.kernel.clock import now
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import TILL, a_receipt
from mallard.value.sales.models import Receipt, Source
from mallard.value.sales.rollups import bring_up_to_date
from tests.journeys.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEEKS = 5
FIGURES = "/reports/live"


@pytest.fixture
def trade(town: Town) -> Town:
    """Five weeks of good trade at the lake; yesterday brought a third of it."""
    yesterday = now().replace(microsecond=0) - dt.timedelta(days=1)
    record_receipts(
        [
            a_receipt(store, f"D{ago}-{number}-{store.code}", 5_000, at=at)
            for ago in range(1, WEEKS * 7)
            for at in [yesterday - dt.timedelta(days=ago)]
            for store in (town.bakery, town.pharmacy)
            for number in range(25)
        ],
        actor=TILL,
        source=Source.POS,
    )
    rows = list(Receipt.objects.values_list("store_id", "business_day", "pk"))
    bring_up_to_date({(store, day) for store, day, _pk in rows}, [pk for *_rest, pk in rows])
    return town


def test_a_director_reads_the_morning(trade: Town, hire: Any, sign_in: Any) -> None:
    hire("director", "zhou@lake.example")
    opened = sign_in("zhou@lake.example")
    page = opened.page

    brief = page.locator(".brief")
    expect(brief).to_contain_text("net sales of")
    finding = brief.get_by_role("link", name=re.compile("less than on its usual")).first
    finding.click()
    opened.settle().check()
    expect(page.locator("tbody tr").first).to_be_visible()

    opened.go("/")
    page.locator(".stat").filter(has_text="Net sales").locator("a.stat-link").first.click()
    opened.settle().check()
    expect(page.get_by_text("BREAD-0042")).to_be_visible()

    # Eight weeks as a table, whose numbers open their day.
    opened.go("/")
    trend = page.locator("[data-part=trend]")
    trend.get_by_role("button", name="Table").click()
    trend.locator("tbody a").first.click()
    opened.settle().check()
    expect(page.get_by_text("BREAD-0042")).to_be_visible()


def test_figures_are_asked_for_again_and_only_told_when_something_changed(
    trade: Town, hire: Any, sign_in: Any
) -> None:
    hire("director", "zhou@lake.example")
    opened = sign_in("zhou@lake.example")
    ask = opened.page.request.get
    first = ask(opened.origin + FIGURES)
    tag = {"If-None-Match": first.headers["etag"]}
    assert (first.status, ask(opened.origin + FIGURES, headers=tag).status) == (200, 304)
    sale = a_receipt(trade.bakery, "BREAD-0099", 7_700, at=now() - dt.timedelta(minutes=5))
    record_receipts([sale], actor=TILL, source=Source.POS)
    again = ask(opened.origin + FIGURES, headers=tag)
    assert again.status == 200
    assert again.headers["etag"] != tag["If-None-Match"]


def test_what_is_not_a_directors_stays_shut(trade: Town, hire: Any, sign_in: Any) -> None:
    hire("director", "zhou@lake.example")
    opened = sign_in("zhou@lake.example")
    closed = {
        "/staff/invite": 403,
        "/settings/staff.step_up_minutes": 403,
        "/webhooks/new": 403,
        "/loyalty/rules/new": 403,
        f"/members/{trade.lili}/erase": 403,
    }
    asked = opened.page.request.get
    assert {path: asked(opened.origin + path).status for path in closed} == closed
