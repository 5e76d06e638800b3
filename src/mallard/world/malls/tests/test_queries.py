"""What each scope sees of the place, and what receipts ask of it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from mallard.kernel import clock
from mallard.kernel.access.actor import NOWHERE, WHOLE_GROUP, Scope
from mallard.world.malls import queries
from mallard.world.malls.models import Store
from mallard.world.malls.tests.factories import (
    LeaseFactory,
    MallFactory,
    TenantFactory,
    World,
    a_mall_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    queries.forget_store_facts()
    return a_mall_group()


def codes(rows) -> set[str]:
    return set(rows.values_list("code", flat=True))


def test_scope_of_the_group_sees_every_store(world: World):
    assert queries.stores_in(WHOLE_GROUP).count() == 4
    assert queries.store_ids_in(WHOLE_GROUP) is None


def test_scope_of_nothing_sees_nothing(world: World):
    assert queries.store_ids_in(NOWHERE) == frozenset()
    for rows in (queries.malls_in, queries.tenants_in, queries.brands_in, queries.units_in):
        assert not rows(NOWHERE).exists()


def test_scope_of_a_mall_sees_its_stores_only(world: World):
    scope = Scope(mall_ids=frozenset({world.lakeside.pk}))
    assert codes(queries.stores_in(scope)) == {"LAKE-BAKERY", "LAKE-PHARM"}
    assert codes(queries.malls_in(scope)) == {"LAKE"}
    assert queries.sees_store(scope, world.lakeside_bakery.pk)
    assert not queries.sees_store(scope, world.hillside_bakery.pk)


def test_scope_of_a_tenant_sees_its_stores_in_every_mall_and_no_other_tenant(world: World):
    scope = Scope(tenant_ids=frozenset({world.bakery.pk}))
    assert codes(queries.stores_in(scope)) == {"LAKE-BAKERY", "HILL-BAKERY"}
    assert codes(queries.malls_in(scope)) == {"LAKE", "HILL"}
    assert codes(queries.tenants_in(scope)) == {"BAKERY"}
    assert not queries.covers_mall(scope, world.lakeside.pk)


def test_scope_of_a_store_sees_that_store_its_mall_and_its_tenant(world: World):
    scope = Scope(store_ids=frozenset({world.lakeside_bakery.pk}))
    assert queries.store_ids_in(scope) == frozenset({world.lakeside_bakery.pk})
    assert codes(queries.malls_in(scope)) == {"LAKE"}
    assert codes(queries.tenants_in(scope)) == {"BAKERY"}


def test_scopes_add_up(world: World):
    scope = Scope(
        mall_ids=frozenset({world.lakeside.pk}),
        store_ids=frozenset({world.hillside_bakery.pk}),
    )
    assert codes(queries.stores_in(scope)) == {"LAKE-BAKERY", "LAKE-PHARM", "HILL-BAKERY"}


def test_tenant_without_a_store_is_seen_by_the_staff_of_every_mall_but_by_no_other_tenant(
    world: World,
):
    TenantFactory(code="NEW")
    assert "NEW" in codes(queries.tenants_in(Scope(mall_ids=frozenset({world.hillside.pk}))))
    assert "NEW" not in codes(queries.tenants_in(Scope(tenant_ids=frozenset({world.bakery.pk}))))


def test_lease_is_seen_by_its_mall_and_its_tenant_only(world: World):
    lease = LeaseFactory(tenant=world.bakery, unit=world.unit, store=world.lakeside_bakery)
    seeing = [
        Scope(mall_ids=frozenset({world.lakeside.pk})),
        Scope(tenant_ids=frozenset({world.bakery.pk})),
        Scope(store_ids=frozenset({world.lakeside_bakery.pk})),
        WHOLE_GROUP,
    ]
    blind = [
        Scope(mall_ids=frozenset({world.hillside.pk})),
        Scope(tenant_ids=frozenset({world.pharmacy.pk})),
        Scope(store_ids=frozenset({world.lakeside_pharmacy.pk})),
    ]
    assert all(queries.leases_in(scope).filter(pk=lease.pk).exists() for scope in seeing)
    assert not any(queries.leases_in(scope).exists() for scope in blind)


def test_store_facts_say_what_a_receipt_needs(world: World):
    facts = queries.store_facts(["HILL-BAKERY", "NOBODY"])
    assert set(facts) == {"HILL-BAKERY"}
    found = facts["HILL-BAKERY"]
    assert found.id == world.hillside_bakery.pk
    assert found.mall_id == world.hillside.pk
    assert found.tenant_id == world.bakery.pk
    assert found.trade_category_ids == (world.bread.pk, world.food.pk)
    assert (found.zone, found.cutoff_hour) == (ZoneInfo("Asia/Shanghai"), 5)
    assert found.currency == "USD"


def test_store_facts_of_one_batch_are_one_statement_and_then_none(
    world: World, django_assert_num_queries
):
    wanted = ["HILL-BAKERY", "LAKE-BAKERY", "LAKE-PHARM"]
    with django_assert_num_queries(1):
        assert len(queries.store_facts(wanted)) == 3
    with django_assert_num_queries(0):
        assert len(queries.store_facts(wanted)) == 3
    queries.forget_store_facts()
    with django_assert_num_queries(1):
        queries.store_facts(wanted)


def test_store_is_open_from_its_opening_business_day_until_the_day_before_it_closes(world: World):
    Store.objects.filter(code="LAKE-BAKERY").update(
        opened_on=dt.date(2026, 3, 1), closed_on=dt.date(2026, 3, 3)
    )
    facts = queries.store_facts(["LAKE-BAKERY"])["LAKE-BAKERY"]
    shanghai = ZoneInfo("Asia/Shanghai")
    expected = {
        dt.datetime(2026, 3, 1, 4, 59, tzinfo=shanghai): False,
        dt.datetime(2026, 3, 1, 5, 0, tzinfo=shanghai): True,
        dt.datetime(2026, 3, 3, 4, 59, tzinfo=shanghai): True,
        dt.datetime(2026, 3, 3, 5, 0, tzinfo=shanghai): False,
    }
    for at, is_open in expected.items():
        with clock.frozen(at):
            assert facts.is_open is is_open, at


def test_stores_are_found_by_part_of_a_name_in_either_language(world: World):
    assert codes(queries.find_stores(WHOLE_GROUP, text="烘焙 湖")) == {"LAKE-BAKERY"}
    assert codes(queries.find_stores(WHOLE_GROUP, text="bakery lake")) == {"LAKE-BAKERY"}
    assert codes(queries.find_stores(WHOLE_GROUP, text="lake-")) == {"LAKE-BAKERY", "LAKE-PHARM"}
    mine = Scope(tenant_ids=frozenset({world.pharmacy.pk}))
    assert not queries.find_stores(mine, text="bakery").exists()


def test_upper_trade_category_stands_for_those_below_it(world: World):
    assert queries.find_stores(WHOLE_GROUP, trade_category_id=world.food.pk).count() == 4
    assert queries.find_stores(WHOLE_GROUP, trade_category_id=world.bread.pk).count() == 4


def test_floor_plan_names_only_the_stores_of_the_scope(world: World):
    scope = Scope(tenant_ids=frozenset({world.pharmacy.pk}))
    (floor,) = queries.floors_of(world.lakeside, scope)
    (unit,) = floor.units.all()
    assert list(unit.stores.all()) == []
    (floor,) = queries.floors_of(world.lakeside, WHOLE_GROUP)
    assert [store.code for store in floor.units.all()[0].stores.all()] == ["LAKE-BAKERY"]


def test_the_main_zone_is_the_one_that_most_malls_keep(world: World):
    MallFactory.create(code="FAR-1", time_zone="America/Panama")
    MallFactory.create(code="FAR-2", time_zone="America/Panama")
    MallFactory.create(code="FAR-3", time_zone="America/Panama")
    assert queries.main_zone(WHOLE_GROUP) == ZoneInfo("America/Panama")
    lakeside = Scope(mall_ids=frozenset({world.lakeside.pk}))
    assert queries.main_zone(lakeside) == world.lakeside.zone
    assert queries.main_zone(NOWHERE) is None
