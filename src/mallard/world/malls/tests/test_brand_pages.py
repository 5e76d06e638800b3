"""Brands on screens: found, opened from their tenant and stores, and seen by whom they concern."""

from __future__ import annotations

import pytest
from django.test import Client

from mallard.kernel.access.actor import Scope
from mallard.world.malls.models import Brand
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def world() -> World:
    made = a_mall_group()
    crumb = Brand.objects.create(
        tenant=made.bakery, code="CRUMB", name_en="Golden Crumb", name_zh="金穗"
    )
    Brand.objects.create(tenant=made.pharmacy, code="PILL", name_en="Green Cross", name_zh="绿十字")
    made.lakeside_bakery.brand = crumb
    made.lakeside_bakery.save(update_fields=["brand"])
    return made


def test_a_brand_is_found_and_tells_its_tenant_and_stores(client: Client, world: World) -> None:
    client.force_login(a_staff_user("leasing"))
    listed = client.get("/malls/brands/?q=golden", headers=ENGLISH).content.decode()
    assert "Golden Crumb" in listed
    assert "Green Cross" not in listed
    brand = Brand.objects.get(code="CRUMB")
    page = client.get(f"/malls/brands/{brand.pk}/", headers=ENGLISH).content.decode()
    assert world.bakery.name_en in page
    assert f"/malls/stores/{world.lakeside_bakery.pk}/" in page
    assert f"/malls/stores/{world.hillside_bakery.pk}/" not in page
    assert f"/malls/brands/{brand.pk}/edit/" in page
    for owner in (f"tenants/{world.bakery.pk}", f"stores/{world.lakeside_bakery.pk}"):
        assert f"/malls/brands/{brand.pk}/" in client.get(f"/malls/{owner}/").content.decode()


def test_a_tenant_sees_their_own_brands_only(client: Client, world: World) -> None:
    theirs = Scope(tenant_ids=frozenset([world.pharmacy.pk]))
    client.force_login(a_staff_user("tenant_manager", scope=theirs))
    listed = client.get("/malls/brands/", headers=ENGLISH).content.decode()
    assert "Green Cross" in listed
    assert "Golden Crumb" not in listed
    assert client.get(f"/malls/brands/{Brand.objects.get(code='CRUMB').pk}/").status_code == 404
