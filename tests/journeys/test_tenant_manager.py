"""The bakery's manager: own stores, own sales, own customers, and nothing else by any address."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from mallard.kernel.access.actor import Scope
from mallard.value.ledger.models import Transfer
from mallard.world.members.models import Member
from tests.journeys.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_bakery_sees_its_own_receipts_and_the_members_who_agreed(
    town: Town, hire: Any, sign_in: Any
) -> None:
    place = town.trade.place
    scope = Scope(tenant_ids=frozenset({place.bakery.id}))
    hire("tenant_manager", "boss@bakery.example", scope=scope)
    opened = sign_in("boss@bakery.example")
    page = opened.page

    opened.go("/members/").check()
    numbers = dict(Member.objects.values_list("id", "number"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name=numbers[town.lili])).to_be_visible()
    opened.go("/sales/receipts").check()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_text("PILLS-0007")).to_have_count(0)

    opened.go(f"/members/{town.lili}/").check()
    expect(page.get_by_text("PILLS-0007")).to_have_count(0)
    expect(page.get_by_text(place.lakeside_pharmacy.name_en)).to_have_count(0)
    # Chen's sale is the bakery's; who Chen is, is not.
    opened.go(f"/sales/receipts/{town.receipt('BREAD-0043').pk}").check()
    expect(page.get_by_text(numbers[town.chen])).to_have_count(0)

    transfer = Transfer.objects.filter(member_id=town.lili).earliest("id")
    closed = {
        f"/sales/receipts/{town.receipt('PILLS-0007').pk}": 404,
        f"/sales/receipts/{town.receipt('BREAD-0042').pk}/return": 403,
        f"/members/{town.chen}/": 404,
        f"/members/{town.ann}/": 404,
        f"/members/{town.lili}/edit": 403,
        f"/members/{town.lili}/erase": 403,
        f"/ledger/members/{town.lili}/": 403,
        f"/ledger/transfers/{transfer.pk}/": 403,
        "/ledger/funders/": 403,
        "/loyalty/rules/base/change": 403,
        "/members/enrol": 403,
        "/staff/": 403,
        f"/malls/stores/{place.lakeside_pharmacy.id}/": 404,
        f"/malls/tenants/{place.pharmacy.id}/": 404,
        f"/malls/stores/{place.lakeside_bakery.id}/edit/": 403,
    }
    answers = {path: page.request.get(opened.origin + path).status for path in closed}
    assert answers == closed
    opened.go(f"/members/{town.chen}/").check()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
