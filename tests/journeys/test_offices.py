"""Who works in the mall's offices: marketer, analyst, finance, leasing, auditor. A job of each from
the home on, and what stays shut."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from mallard.kernel.audit.jobs import seal_audit_log, verify_log
from mallard.kernel.audit.models import Verification
from mallard.kernel.clock import now
from mallard.value.sales.declarations.facts import DeclarationInput
from mallard.value.sales.declarations.services import declare_sales
from mallard.value.sales.models import DeclarationStatus, Receipt, SalesDeclaration, Source
from mallard.value.sales.rollups import bring_up_to_date
from mallard.world.malls.models import Lease
from mallard.world.members.models import Member, MemberTag
from mallard.world.members.services import save_tag
from mallard.world.staff.tests.factories import SYSTEM
from tests.journeys.town import LILI_PHONE, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def trade(town: Town) -> Town:
    rows = list(Receipt.objects.values_list("store_id", "business_day", "pk"))
    bring_up_to_date({(store, day) for store, day, _pk in rows}, [pk for *_rest, pk in rows])
    return town


def statuses(opened: Any, paths: list[str]) -> dict[str, int]:
    return {path: opened.page.request.get(opened.origin + path).status for path in paths}


def test_a_marketer_gathers_members_and_sees_no_number(
    trade: Town, hire: Any, sign_in: Any
) -> None:
    save_tag("rye", name_en="Rye lovers", name_zh="黑麦爱好者", actor=SYSTEM)
    hire("marketer", "mara@lake.example")
    opened = sign_in("mara@lake.example")
    page = opened.page
    expect(page.locator(".brief-sentence")).to_contain_text("net sales of")
    opened.go("/members/").check()
    assert LILI_PHONE not in page.content()
    numbers = dict(Member.objects.values_list("id", "number"))
    for member in (trade.lili, trade.chen):
        row = page.locator("tbody tr").filter(has_text=numbers[member])
        row.locator("[data-select-row]").check()
    page.locator(".bulk-bar button[value='members.tag']").click()
    page.wait_for_url("**/workspace/bulk/new")
    opened.settle().check()
    page.locator(".form-actions .btn-primary").click()
    page.wait_for_url("**/members/")
    opened.settle()
    tagged = set(MemberTag.objects.values_list("member_id", flat=True))
    assert tagged == {trade.lili, trade.chen}
    opened.go("/members/?tag=rye").check()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert statuses(opened, ["/staff/", "/ledger/funders/", "/loyalty/rules/new"]) == {
        "/staff/": 403,
        "/ledger/funders/": 403,
        "/loyalty/rules/new": 403,
    }


def test_an_analyst_goes_from_a_figure_to_its_rows_and_meets_no_name(
    trade: Town, hire: Any, sign_in: Any
) -> None:
    hire("analyst", "yan@lake.example")
    opened = sign_in("yan@lake.example")
    page = opened.page
    day = trade.receipt("BREAD-0042").business_day.isoformat()
    days = f"day_from={day}&day_to={day}"
    opened.go(f"/reports/sales?by=store&{days}").check()
    page.locator(".analysis-table a[href*='/sales/receipts']:visible").first.click()
    page.wait_for_url("**/sales/receipts?*")
    opened.settle().check()
    expect(page.get_by_text("BREAD-0042")).to_be_visible()
    opened.go(f"/members/{trade.lili}/").check()
    assert "李丽丽" not in page.content()
    opened.go("/reports/figures").check()
    expect(page.get_by_text("Identification rate").first).to_be_visible()
    paths = [f"/members/{trade.lili}/edit", "/staff/", "/imports/new"]
    assert statuses(opened, paths) == dict.fromkeys(paths, 403)


def test_finance_disputes_a_day_and_confirms_another(trade: Town, hire: Any, sign_in: Any) -> None:
    day = trade.receipt("BREAD-0042").business_day
    stores = [(trade.bakery, 70_200), (trade.pharmacy, 1_000)]
    outcomes = declare_sales(
        [DeclarationInput(store.code, day, net, store.mall.currency, 1) for store, net in stores],
        actor=SYSTEM,
        source=Source.API,
    )
    assert not [one.error for one in outcomes if one.error]
    hire("finance", "fang@lake.example")
    opened = sign_in("fang@lake.example")
    page = opened.page
    opened.go("/sales/declarations/list/").check()
    short = SalesDeclaration.objects.get(store=trade.pharmacy)
    page.locator(f"a[href$='{short.pk}/']").first.click()
    page.wait_for_url(f"**/{short.pk}/")
    opened.settle().check()
    page.fill("[name=reason]", "The tills sent three times as much.")
    page.get_by_role("button", name="Dispute").click()
    expect(page.get_by_text("The tills sent three times as much.").first).to_be_visible()
    opened.settle().check()
    whole = SalesDeclaration.objects.get(store=trade.bakery)
    opened.go(f"/sales/declarations/{whole.pk}/")
    page.get_by_role("button", name="Confirm").click()
    opened.settle()
    states = dict(SalesDeclaration.objects.values_list("store_id", "status"))
    assert states == {
        trade.pharmacy.id: DeclarationStatus.DISPUTED,
        trade.bakery.id: DeclarationStatus.CONFIRMED,
    }
    paths = [f"/members/{trade.lili}/edit", "/loyalty/rules/new", "/staff/"]
    assert statuses(opened, paths) == dict.fromkeys(paths, 403)


def test_leasing_lets_a_unit_and_reads_the_plan(trade: Town, hire: Any, sign_in: Any) -> None:
    place = trade.trade.place
    hire("leasing", "lei@lake.example")
    opened = sign_in("lei@lake.example")
    page = opened.page
    expect(page.locator("[data-part=plan] svg.plan")).to_be_visible()
    opened.go(f"/malls/tenants/{place.bakery.id}/").check()
    page.get_by_role("link", name="New lease").first.click()
    opened.settle().check()
    today = now().date()
    page.select_option("[name=tenant]", str(place.bakery.id))
    page.locator("[name=unit]").select_option(index=1)
    page.fill("[name=starts_on]", (today - dt.timedelta(days=30)).isoformat())
    page.fill("[name=ends_on]", (today + dt.timedelta(days=30)).isoformat())
    page.select_option("[name=kind]", "fixed")
    page.fill("[name=area_dm2]", "85.5")
    page.fill("[name=base_rent_minor]", "42000")
    page.locator("main button.btn-primary").click()
    opened.settle().check()
    lease = Lease.objects.get(tenant=place.bakery)
    assert (lease.area_dm2, lease.base_rent_minor) == (8_550, 4_200_000)
    opened.go("/malls/leases/").check()
    expect(page.locator("tbody tr").filter(has_text="L1-01")).to_contain_text("Ends in")
    paths = ["/members/", "/sales/receipts", "/loyalty/rules/new", "/staff/"]
    assert statuses(opened, paths) == dict.fromkeys(paths, 403)


def test_an_auditor_finds_who_did_what_and_verifies_the_seal(
    trade: Town, hire: Any, sign_in: Any
) -> None:
    save_tag("rye", name_en="Rye lovers", name_zh="黑麦爱好者", actor=SYSTEM)
    hire("auditor", "ouyang@lake.example")
    opened = sign_in("ouyang@lake.example", width=360)
    page = opened.page
    opened.go("/staff/audit/?q=tag").check()
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile(r"/staff/audit/[0-9a-f-]+/"))
    opened.settle().check()
    expect(page.get_by_text("Rye lovers").first).to_be_visible()
    opened.go("/staff/audit/")
    page.get_by_role("button", name="Verify the seal").click()
    expect(page.get_by_text("The seal is being verified").first).to_be_visible()
    seal_audit_log()
    verify_log(str(Verification.objects.get().pk))  # what the worker does meanwhile
    expect(page.get_by_text("Intact at")).to_be_visible()
    opened.check()
    paths = [f"/members/{trade.lili}/edit", "/staff/invite", "/settings/staff.step_up_minutes"]
    assert statuses(opened, paths) == dict.fromkeys(paths, 403)
