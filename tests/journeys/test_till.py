"""A till at the bakery: a sale and a return by API; the console tells the same story."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from mallard.kernel.clock import now
from mallard.world.staff.commands import api_key
from tests.journeys.town import LILI_PHONE, Till, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_sale_and_its_return_move_the_balance_and_the_console_agrees(
    town: Town, hire: Any, sign_in: Any, live_server: Any
) -> None:
    made = CliRunner().invoke(
        api_key, ["create", "--name", "Till 3", "--scope", f"store:{town.bakery.code}", "--json"]
    )
    assert made.exit_code == 0, made.output
    till = Till(live_server.url, json.loads(made.stdout)["key"])
    status, member = till.ask("POST", "/members/search", {"kind": "phone", "value": LILI_PHONE})
    assert status == 200
    points = f"/members/{member['id']}/points"
    before = till.ask("GET", points)[1]["balance"]

    sale = {
        "store": town.bakery.code,
        "number": "TILL3-0001",
        "occurred_at": now().isoformat(),
        "currency": "CNY",
        "member": {"kind": "phone", "value": LILI_PHONE},
        "lines": [
            {"sku": "BREAD-1", "name": "Rye bread", "quantity": 2, "amount_minor": 5_000},
            {"sku": "CIG-1", "name": "Cigarettes", "amount_minor": 2_000},
        ],
        "tenders": [{"kind": "wechat", "amount_minor": 7_000}],
    }
    status, answer = till.ask("POST", "/receipts", sale, key="sale-1")
    assert (status, answer["points"], answer["reason"]) == (201, 50, answer["reason"])
    assert till.ask("POST", "/receipts", sale, key="sale-1") == (status, answer)
    assert till.ask("POST", "/receipts", sale, key="sale-1-by-another-till")[0] == 200
    assert till.ask("GET", points)[1]["balance"] == before + 50

    back = {
        "store": town.bakery.code,
        "number": "TILL3-B001",
        "receipt_number": "TILL3-0001",
        "occurred_at": now().isoformat(),
        "lines": [{"line": 1, "quantity": 1}],
    }
    status, answer = till.ask("POST", "/returns", back, key="back-1")
    assert (status, answer["refund_minor"], answer["points_taken"]) == (201, 2_500, 25)
    assert till.ask("GET", points)[1]["balance"] == before + 25

    status, refusal = till.ask("POST", "/receipts", sale | {"store": town.pharmacy.code}, key="x")
    assert status in (403, 404, 422)
    assert refusal["title"]
    assert refusal["code"]

    hire("service_agent", "desk@lakeside.example")
    opened = sign_in("desk@lakeside.example")
    opened.go(f"/members/{member['id']}/").check()
    expect(opened.page.get_by_text(f"{before + 25:,}", exact=True).first).to_be_visible()
    opened.go("/sales/receipts?q=TILL3-0001").check()
    opened.page.get_by_role("link", name="TILL3-0001").click()
    opened.settle().check()
    expect(opened.page.get_by_text("TILL3-B001")).to_be_visible()
    expect(opened.page.get_by_text("25 points", exact=True)).to_be_visible()
