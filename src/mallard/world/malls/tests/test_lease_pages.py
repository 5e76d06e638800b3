"""Leases, floors and units as leasing works with them, and what closing says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.world.malls import panels
from mallard.world.malls.models import Floor, Lease, Store, Tenant, Unit
from mallard.world.malls.tests.factories import (
    LeaseFactory,
    TenantFactory,
    UnitFactory,
    World,
    a_mall_group,
)
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(frozen_clock) -> World:
    return a_mall_group()


def signed_in(role: str = "leasing", scope: Scope = WHOLE_GROUP) -> Client:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=scope), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def entered(world: World, **more: object) -> dict[str, object]:
    return {
        "tenant": world.bakery.pk,
        "unit": world.unit.pk,
        "store": world.lakeside_bakery.pk,
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
        "kind": "greater_of",
        "area_dm2": "118.5",
        "base_rent_minor": "52000.50",
        "percentage_bp": "12.5",
        **more,
    }


def test_a_lease_is_written_in_square_metres_money_and_per_cent(world: World):
    client = signed_in()
    answer = client.post(reverse("malls:create_lease"), entered(world))
    lease = Lease.objects.get()
    assert answer["Location"] == reverse("malls:lease", args=[lease.pk])
    assert (lease.area_dm2, lease.base_rent_minor, lease.percentage_bp) == (
        11_850, 5_200_050, 1_250,
    )  # fmt: skip
    shown = client.get(reverse("malls:edit_lease", args=[lease.pk])).content.decode()
    assert 'value="52000.50"' in shown
    assert 'value="118.50"' in shown
    changed = entered(world, percentage_bp="15")
    assert client.post(reverse("malls:edit_lease", args=[lease.pk]), changed).status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "12.50% → 15.00%" in page
    assert "¥52,000.50" in page


def test_overlaps_and_missing_terms_are_refused_beside_their_field(world: World):
    LeaseFactory(tenant=world.bakery, unit=world.unit)
    client = signed_in()
    refusals = [
        ({}, "is let for some of these days already"),
        ({"starts_on": "2028-01-01", "ends_on": "2027-01-01"}, "ends before it starts"),
        ({"starts_on": "2027-01-01", "base_rent_minor": ""}, "needs a base rent"),
        ({"starts_on": "2027-01-01", "base_rent_minor": "1.234"}, "fewer decimals"),
        ({"starts_on": "2027-01-01", "tenant": world.pharmacy.pk}, "belongs to another tenant"),
    ]
    for change, sentence in refusals:
        answer = client.post(reverse("malls:create_lease"), entered(world, **change))
        assert answer.status_code == 422, change
        assert sentence in answer.content.decode()
    assert Lease.objects.count() == 1


def test_the_list_begins_with_what_ends_first(world: World):
    soon = LeaseFactory(tenant=world.pharmacy, unit=world.unit, ends_on="2026-04-01")
    LeaseFactory(
        tenant=world.bakery, unit=UnitFactory(floor=world.unit.floor), ends_on="2030-01-01"
    )
    client = signed_in()
    text = client.get(reverse("malls:leases")).content.decode()
    assert "Ends in 30 days" in text
    assert text.index(str(soon.pk)) < text.index("1 Jan 2030")
    assert "1 Jan 2030" not in client.get(reverse("malls:leases") + "?soon=1").content.decode()
    tenant = signed_in("tenant_manager", Scope(tenant_ids=frozenset({world.bakery.pk})))
    assert "Good Pharmacy" not in tenant.get(reverse("malls:leases")).content.decode()
    assert tenant.get(reverse("malls:lease", args=[soon.pk])).status_code == 404
    assert tenant.get(reverse("malls:edit_lease", args=[soon.pk])).status_code == 403


def test_a_lease_ends_early_within_its_days_only(world: World):
    lease = LeaseFactory(tenant=world.bakery, unit=world.unit)
    client = signed_in()
    address = reverse("malls:end_lease", args=[lease.pk])
    assert client.post(address, {"ends_on": "2027-06-30"}).status_code == 422
    assert client.post(address, {"ends_on": "2026-06-30"}).status_code == 302
    lease.refresh_from_db()
    assert lease.ends_on == dt.date(2026, 6, 30)
    assert address in client.get(reverse("malls:lease", args=[lease.pk])).content.decode()
    Lease.objects.filter(pk=lease.pk).update(
        starts_on=dt.date(2019, 7, 1), ends_on=dt.date(2020, 6, 30)
    )
    assert address not in client.get(reverse("malls:lease", args=[lease.pk])).content.decode()


def test_floors_and_units_are_written_by_form_and_keep_their_outline(world: World):
    client = signed_in()
    floor = {"code": "B1", "name_en": "Basement", "name_zh": "地下一层", "level": -1}
    address = reverse("malls:create_floor", args=[world.lakeside.pk])
    assert client.post(address, floor).status_code == 302
    row = Floor.objects.get(code="B1")
    address = reverse("malls:edit_floor", args=[row.pk])
    assert client.post(address, floor | {"level": 1}).status_code == 422
    assert client.post(address, floor | {"name_en": "Lower floor"}).status_code == 302
    unit = {"code": "B1-01", "area_dm2": "80.25"}
    assert client.post(reverse("malls:create_unit", args=[row.pk]), unit).status_code == 302
    assert Unit.objects.get(code="B1-01").area_dm2 == 8_025
    outline = world.unit.geometry
    address = reverse("malls:edit_unit", args=[world.unit.pk])
    assert client.post(address, {"code": "L1-01", "area_dm2": "0"}).status_code == 422
    assert client.post(address, {"code": "L1-01A", "area_dm2": "99"}).status_code == 302
    world.unit.refresh_from_db()
    assert (world.unit.code, world.unit.area_dm2, world.unit.geometry) == ("L1-01A", 9_900, outline)
    elsewhere = signed_in("leasing", Scope(mall_ids=frozenset({world.hillside.pk})))
    assert elsewhere.get(reverse("malls:edit_floor", args=[row.pk])).status_code == 404


def test_a_tenant_moves_out_after_its_stores_have_closed(world: World):
    client = signed_in()
    moved_out = reverse("malls:close_tenant", args=[world.bakery.pk])
    refused = client.post(moved_out, follow=True).content.decode()
    assert "Close this tenant" in refused
    for store in Store.objects.filter(tenant=world.bakery):
        answer = client.post(
            reverse("malls:close_store", args=[store.pk]), {"closed_on": "2026-03-31"}
        )
        assert answer.status_code == 302
    assert "moved out" in client.post(moved_out, follow=True).content.decode()
    assert Tenant.objects.get(pk=world.bakery.pk).status == "left"


def test_higher_apps_add_cards_to_a_tenants_page(world: World, monkeypatch):
    seen = []

    def load(view: panels.TenantInView) -> dict[str, object]:
        seen.append((view.tenant.code, len(view.stores), view.is_whole))
        return {"leases": []}

    card = panels.TenantPanel("test", "A card", "malls/lease_rows.html", "malls.view_tenant", load)
    monkeypatch.setattr(panels, "_panels", {"test": card})
    address = reverse("malls:tenant", args=[world.bakery.pk])
    assert "A card" in signed_in().get(address).content.decode()
    signed_in("leasing", Scope(mall_ids=frozenset({world.lakeside.pk}))).get(address)
    tenant = Scope(tenant_ids=frozenset({world.bakery.pk}))
    assert "A card" in signed_in("tenant_manager", tenant).get(address).content.decode()
    assert seen == [("BAKERY", 2, True), ("BAKERY", 1, False), ("BAKERY", 2, True)]
    # Without a store in sight there is nothing to tell.
    nobody = TenantFactory()
    address = reverse("malls:tenant", args=[nobody.pk])
    assert "A card" not in signed_in().get(address).content.decode()
