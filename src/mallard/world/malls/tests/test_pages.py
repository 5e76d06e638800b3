"""The pages of the place, as staff of a mall, a tenant and the group see them."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.malls.models import Mall, Store, Tenant, TradeCategory
from mallard.world.malls.tests.factories import BrandFactory, LeaseFactory, World, a_mall_group
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_mall_group()


def signed_in(scope: Scope = WHOLE_GROUP, role: str = "administrator") -> Client:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=scope), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def page(client: Client, name: str, *args: UUID, query: str = "") -> str:
    answer = client.get(reverse(f"malls:{name}", args=args) + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_mall_shows_its_floor_plan_with_links_to_the_readers_stores(world: World):
    text = page(signed_in(), "mall", world.lakeside.pk)
    assert 'points="0,0 120,0 120,100 0,100"' in text
    assert reverse("malls:store", args=[world.lakeside_bakery.pk]) in text
    assert "Shanghai" in text
    other_tenant = signed_in(Scope(tenant_ids=frozenset({world.pharmacy.pk})))
    text = page(other_tenant, "mall", world.lakeside.pk)
    assert "Bakery" not in text
    assert "L1-01" in text


def test_rows_outside_the_scope_are_not_found(world: World):
    client = signed_in(Scope(mall_ids=frozenset({world.lakeside.pk})))
    hidden = [
        ("mall", world.hillside.pk),
        ("edit_mall", world.hillside.pk),
        ("store", world.hillside_bakery.pk),
        ("edit_store", world.hillside_bakery.pk),
        ("mall", uuid7()),
        ("edit_trade_category", uuid7()),
    ]
    for name, pk in hidden:
        assert client.get(reverse(f"malls:{name}", args=[pk])).status_code == 404, name
    tenant = signed_in(Scope(tenant_ids=frozenset({world.bakery.pk})))
    brand = BrandFactory(tenant=world.pharmacy)
    for name, pk in [
        ("tenant", world.pharmacy.pk),
        ("edit_tenant", world.pharmacy.pk),
        ("create_brand", world.pharmacy.pk),
        ("edit_brand", brand.pk),
        ("edit_mall", world.lakeside.pk),
    ]:
        assert tenant.get(reverse(f"malls:{name}", args=[pk])).status_code == 404, name
    assert tenant.get(reverse("malls:create_store")).status_code == 404


def test_lists_hold_only_the_scopes_rows(world: World):
    client = signed_in(Scope(tenant_ids=frozenset({world.bakery.pk})))
    assert "Pharmacy" not in page(client, "stores")
    assert "Bakery Lakeside" in page(client, "stores")
    assert "Pharmacy" not in page(client, "tenants")
    malls = page(signed_in(Scope(store_ids=frozenset({world.lakeside_bakery.pk}))), "malls")
    assert "Lakeside" in malls
    assert "Hillside" not in malls


def test_stores_are_narrowed_by_every_filter(world: World):
    client = signed_in()
    Store.objects.filter(code="LAKE-PHARM").update(closed_on="2020-01-01")
    assert "LAKE-BAKERY" in page(client, "stores", query="?status=open")
    assert "LAKE-PHARM" not in page(client, "stores", query="?status=open")
    assert "LAKE-PHARM" in page(client, "stores", query="?status=closed")
    assert "HILL-" not in page(client, "stores", query=f"?mall={world.lakeside.pk}")
    assert "BAKERY" not in page(client, "stores", query=f"?tenant={world.pharmacy.pk}")
    assert "LAKE-BAKERY" in page(client, "stores", query=f"?trade={world.food.pk}")
    found = page(client, "stores", query="?q=烘焙 山")
    assert "HILL-BAKERY" in found
    assert "LAKE-BAKERY" not in found


def test_generated_rows_say_so(world: World):
    assert "Generated" not in page(signed_in(), "store", world.lakeside_pharmacy.pk)
    Store.objects.filter(code="LAKE-PHARM").update(origin=Origin.GENERATED)
    assert "Generated" in page(signed_in(), "store", world.lakeside_pharmacy.pk)
    assert page(signed_in(), "stores").count('data-tone="generated"') == 1


def test_lease_terms_are_for_those_who_may_see_them(world: World):
    LeaseFactory(tenant=world.bakery, unit=world.unit, store=world.lakeside_bakery)
    assert "¥50,000.00" in page(signed_in(), "store", world.lakeside_bakery.pk)
    cashier = signed_in(Scope(store_ids=frozenset({world.lakeside_bakery.pk})), "cashier")
    text = page(cashier, "store", world.lakeside_bakery.pk)
    assert "50,000" not in text


def test_store_is_created_and_changed_by_form(world: World):
    client = signed_in(Scope(mall_ids=frozenset({world.lakeside.pk})))
    entered = {
        "code": "LAKE-NEW",
        "name_en": "New",
        "name_zh": "新店",
        "mall": world.lakeside.pk,
        "tenant": world.bakery.pk,
        "unit": world.unit.pk,
        "trade_category": world.bread.pk,
    }
    answer = client.post(reverse("malls:create_store"), entered)
    store = Store.objects.get(code="LAKE-NEW")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("malls:store", args=[store.pk])
    changed = entered | {"name_en": "Newer", "mall": world.hillside.pk}
    assert client.post(reverse("malls:edit_store", args=[store.pk]), changed).status_code == 302
    store.refresh_from_db()
    assert (store.name_en, store.mall_id, store.origin) == ("Newer", world.lakeside.pk, "staff")


def test_refusal_stands_beside_its_field_and_nothing_typed_is_lost(world: World):
    entered = {
        "code": "LAKE-BAKERY",
        "name_en": "Typed once",
        "mall": world.lakeside.pk,
        "tenant": world.bakery.pk,
        "trade_category": world.bread.pk,
    }
    answer = signed_in().post(reverse("malls:create_store"), entered)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "LAKE-BAKERY” is taken already" in text
    assert "Typed once" in text
    assert Store.objects.count() == 4


def test_mall_tenant_brand_and_trade_category_are_written_by_forms(world: World):
    client = signed_in()
    names = {"name_en": "New", "name_zh": "新"}
    mall = {"currency": "CNY", "time_zone": "Asia/Shanghai", "business_day_cutoff_hour": "4"}
    posts = [
        ("create_mall", [], {"code": "NEW", **names, **mall}),
        ("edit_mall", [world.lakeside.pk], {"code": "LAKE", **names, **mall}),
        ("create_tenant", [], {"code": "NEW", **names, "status": "active"}),
        ("edit_tenant", [world.bakery.pk], {"code": "BAKERY", **names, "status": "suspended"}),
        ("create_brand", [world.bakery.pk], {"code": "NEW", **names}),
        ("create_trade_category", [], {"code": "NEW", **names, "parent": world.food.pk}),
        ("edit_trade_category", [world.bread.pk], {"code": "bread", **names, "parent": ""}),
    ]
    for name, args, data in posts:
        answer = client.post(reverse(f"malls:{name}", args=args), data)
        assert answer.status_code == 302, (name, answer.content.decode()[-3000:])
    brand = world.bakery.brands.get()
    answer = client.post(
        reverse("malls:edit_brand", args=[brand.pk]), {"code": "B", "name_en": "B"}
    )
    assert answer.status_code == 302
    assert Mall.objects.get(code="LAKE").business_day_cutoff_hour == 4
    assert Tenant.objects.get(code="BAKERY").status == "suspended"
    assert TradeCategory.objects.get(code="bread").parent is None
    assert world.bakery.brands.get().code == "B"


def test_pages_open_in_both_languages(world: World):
    client = signed_in()
    BrandFactory(tenant=world.bakery)
    pages = [
        ("malls", []),
        ("mall", [world.lakeside.pk]),
        ("edit_mall", [world.lakeside.pk]),
        ("stores", []),
        ("store", [world.lakeside_bakery.pk]),
        ("tenants", []),
        ("tenant", [world.bakery.pk]),
        ("trade_categories", []),
        ("create_tenant", []),
    ]
    for name, args in pages:
        english = page(client, name, *args)
        client.cookies["django_language"] = "zh-hans"
        answer = client.get(
            reverse(f"malls:{name}", args=args), headers={"Accept-Language": "zh-hans"}
        )
        assert answer.status_code == 200
        assert answer.content.decode() != english
        del client.cookies["django_language"]


def test_role_without_the_permission_is_refused(world: World):
    client = signed_in(role="director")
    assert client.get(reverse("malls:stores")).status_code == 200
    before = Tenant.objects.count()
    for name in ("create_mall", "create_store", "create_tenant", "create_trade_category"):
        assert client.get(reverse(f"malls:{name}")).status_code == 403
        assert client.post(reverse(f"malls:{name}"), {"code": "X"}).status_code == 403
    assert Tenant.objects.count() == before


def test_lists_ask_a_constant_number_of_questions(world: World, django_assert_max_num_queries):
    client = signed_in()
    client.get(reverse("malls:stores"))
    for name in ("stores", "tenants", "malls", "trade_categories"):
        with django_assert_max_num_queries(14):
            client.get(reverse(f"malls:{name}"))
