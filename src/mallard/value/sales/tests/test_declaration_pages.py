"""Declarations as tenants type them and as finance reads them, and over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope, system
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_receipt,
    a_trading_world,
)
from mallard.value.sales.declarations.months import BadCell, amount_of, count_of
from mallard.value.sales.declarations.services import review_declarations
from mallard.value.sales.models import DeclarationStatus, SalesDeclaration, Source
from mallard.value.sales.permissions import DECLARE_SALES, VIEW_DECLARATION
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=2))
    made = a_trading_world()
    record_receipts([a_receipt(made.bakery, "R1", 8_000)], actor=TILL, source=Source.POS)
    return made


def signed_in(role: str, scope: Scope = WHOLE_GROUP) -> Client:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=scope), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def tenant(world: TradingWorld) -> Client:
    return signed_in("tenant_manager", Scope(tenant_ids=frozenset({world.place.bakery.pk})))


def grid(world: TradingWorld) -> str:
    return reverse("sales:month", args=[world.bakery.pk, "2026-03"])


def test_a_tenant_types_a_month_beside_what_receipts_say(world: TradingWorld):
    client = tenant(world)
    page = client.get(grid(world)).content.decode()
    assert "¥80.00" in page
    assert "Missing" in page
    typed = {"amount-2026-03-01": "1,200.50", "amount-2026-03-02": "80", "receipts-2026-03-02": "1"}
    assert client.post(grid(world), typed).status_code == 302
    rows = SalesDeclaration.objects.order_by("business_day")
    assert [(row.amount_minor, row.receipts, row.origin) for row in rows] == [
        (120_050, None, "staff"),
        (8_000, 1, "staff"),
    ]
    again = client.post(grid(world), typed, follow=True).content.decode()
    assert "Nothing has changed" in again
    assert set(rows.values_list("revision", flat=True)) == {1}


def test_a_bad_cell_saves_nothing_and_loses_nothing(world: TradingWorld):
    typed = {"amount-2026-03-01": "many", "amount-2026-03-02": "80.123", "receipts-2026-03-03": "4"}
    answer = tenant(world).post(grid(world), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "many" in text
    assert "80.123" in text
    assert text.count("invalid-feedback") == 3
    assert not SalesDeclaration.objects.exists()


def test_a_confirmed_day_is_closed_to_the_tenant(world: TradingWorld):
    client = tenant(world)
    client.post(grid(world), {"amount-2026-03-02": "80"})
    row = SalesDeclaration.objects.get()
    review_declarations([row.pk], status=DeclarationStatus.CONFIRMED, actor=system("tests"))
    assert 'name="amount-2026-03-02"' not in client.get(grid(world)).content.decode()
    answer = client.post(grid(world), {"amount-2026-03-02": "90"})
    assert answer.status_code == 422
    assert "confirmed already" in answer.content.decode()


def test_finance_sees_the_worst_first_disputes_and_confirms(world: TradingWorld):
    tenant(world).post(grid(world), {"amount-2026-03-01": "5", "amount-2026-03-02": "580"})
    finance = signed_in("finance")
    listed = finance.get(reverse("sales:declarations")).content.decode()
    assert listed.index("¥500.00") < listed.index("¥5.00")
    row = SalesDeclaration.objects.get(amount_minor=58_000)
    address = reverse("sales:review", args=[row.pk])
    refused = finance.post(address, {"status": "disputed", "reason": " "})
    assert refused.status_code == 422
    assert "Say what does not fit" in refused.content.decode()
    reason = {"status": "disputed", "reason": "Seven times the receipts"}
    assert finance.post(address, reason).status_code == 302
    assert "Seven times the receipts" in tenant(world).get(grid(world)).content.decode()
    assert finance.post(address, {"status": "confirmed"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.revision) == (DeclarationStatus.CONFIRMED, 3)
    shown = finance.get(reverse("sales:declaration", args=[row.pk])).content.decode()
    assert "Open again" in shown
    assert finance.post(address, {"status": "nonsense"}).status_code == 404


def test_months_list_what_is_missing_by_now(world: TradingWorld):
    tenant(world).post(grid(world), {"amount-2026-03-01": "5"})
    page = signed_in("finance").get(reverse("sales:months") + "?month=2026-03").content.decode()
    # On 4 March four stores owe the 1st to the 2nd; one of them declared the 1st.
    assert "7 days should have been declared by now" in page
    mine = tenant(world).get(reverse("sales:months")).content.decode()
    assert "Pharmacy" not in mine
    for bad in ("2026-13", "x", "1999-01"):
        assert tenant(world).get(reverse("sales:months") + f"?month={bad}").status_code == 404


def test_a_tenant_reaches_no_other_store(world: TradingWorld):
    client = tenant(world)
    for name in ("month", "this_month"):
        args = [world.pharmacy.pk, "2026-03"][: 2 if name == "month" else 1]
        assert client.get(reverse(f"sales:{name}", args=args)).status_code == 404
    analyst = signed_in("analyst")
    assert analyst.get(grid(world)).status_code == 200
    assert analyst.post(grid(world), {"amount-2026-03-01": "5"}).status_code == 403
    assert signed_in("cashier").get(reverse("sales:months")).status_code == 403
    assert not SalesDeclaration.objects.exists()


def test_amounts_and_counts_as_people_write_them():
    assert [amount_of(text, "CNY") for text in ("12,840.5", "１２", " -3.20 ", "", "0")] == [
        1_284_050, 1_200, -320, None, 0,
    ]  # fmt: skip
    assert amount_of("1，200", "JPY") == 1_200
    assert count_of("1,024") == 1_024
    for text in ("1.234", "abc", "NaN", "1e99999", "9" * 30):
        with pytest.raises(BadCell):
            amount_of(text, "CNY")
    for text in ("-1", "1.5", "²"):
        with pytest.raises(BadCell):
            count_of(text)


def test_a_tenants_system_declares_over_http(world: TradingWorld):
    key = create_api_key(
        name="tenant",
        scope=Scope(tenant_ids=frozenset({world.place.bakery.pk})),
        permissions=[DECLARE_SALES, VIEW_DECLARATION],
        actor=system("test"),
    )
    headers = {"Authorization": f"Bearer {key.plain}"}

    def post(*items: dict[str, Any]) -> Any:
        body = {"items": list(items)}
        return Client().post(
            "/api/v1/sales-declarations/batch",
            body,
            content_type="application/json",
            headers=headers,
        )

    mine = {
        "store": "LAKE-BAKERY",
        "business_day": "2026-03-02",
        "amount_minor": 8_000,
        "currency": "CNY",
    }
    answer = post(mine, mine | {"store": "LAKE-PHARM"})
    assert answer.status_code == 200, answer.content
    first, second = answer.json()["items"]
    assert (first["result"], first["revision"]) == ("recorded", 1)
    assert second["error"]["code"] == "sales.unknown_store_to_declare"
    assert post(mine).json()["items"][0]["result"] == "unchanged"
    listed = Client().get(
        "/api/v1/sales-declarations?store=LAKE-BAKERY&first=2026-03-01", headers=headers
    )
    [one] = listed.json()["items"]
    assert (one["business_day"], one["amount_minor"], one["origin"]) == ("2026-03-02", 8_000, "api")
