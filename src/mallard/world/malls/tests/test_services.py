"""Writing the place: what is kept, what is refused, who may, and what audit remembers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mallard.kernel.access.actor import Actor, ActorKind, Scope, system
from mallard.kernel.audit.models import Entry
from mallard.kernel.audited_rows import CodeTaken, CodeTwice
from mallard.kernel.errors import Invalid, NotFound
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.malls import queries, services
from mallard.world.malls.errors import GroupExists, OutsideScope
from mallard.world.malls.facts import (
    BrandInput,
    FloorInput,
    GroupInput,
    LeaseInput,
    MallInput,
    StoreInput,
    TenantInput,
    TradeCategoryInput,
    UnitInput,
)
from mallard.world.malls.models import Lease, Mall, Store, Tenant, TradeCategory, Unit
from mallard.world.malls.tests.factories import (
    BrandFactory,
    LeaseFactory,
    TradeCategoryFactory,
    UnitFactory,
    World,
    a_mall_group,
)

pytestmark = pytest.mark.django_db
OPERATOR = system("test")


@pytest.fixture
def world() -> World:
    queries.forget_store_facts()
    return a_mall_group()


def staff(**scope: Any) -> Actor:
    ids = {name: frozenset(pks) for name, pks in scope.items()}
    return Actor(ActorKind.STAFF, uuid7(), "staff", scope=Scope(**ids))


def as_input(store: Store) -> StoreInput:
    names = StoreInput.__dataclass_fields__
    return StoreInput(**{name: getattr(store, name) for name in names if name != "id"})


@pytest.mark.parametrize("place", ["mall_id", "tenant_id"])
def test_a_batch_does_not_move_a_store(world: World, place: str) -> None:
    """Its receipts and who bore their points would go to somebody else."""
    store = world.lakeside_bakery
    elsewhere = {"mall_id": world.hillside.pk, "tenant_id": world.pharmacy.pk}[place]
    moved = replace(as_input(store), brand_id=None, unit_id=None, **{place: elsewhere})
    with pytest.raises(Invalid) as refused:
        services.save_stores([moved], actor=OPERATOR)
    assert list(refused.value.fields) == [place.removesuffix("_id")]
    store.refresh_from_db()
    assert getattr(store, place) != elsewhere


def test_year_of_stores_is_saved_in_a_handful_of_statements(
    world: World, django_assert_max_num_queries
):
    stores = [
        StoreInput(
            code=f"NEW-{n}",
            mall_id=world.lakeside.pk,
            tenant_id=world.bakery.pk,
            trade_category_id=world.bread.pk,
            name_zh=f"第{n}店",
            origin=Origin.GENERATED,
        )
        for n in range(140)
    ]
    with django_assert_max_num_queries(14):
        saved = services.save_stores(stores, actor=OPERATOR)
    assert [store.code for store in saved] == [store.code for store in stores]
    assert Store.objects.get(code="NEW-139").name == "第139店"
    assert Store.objects.get(code="NEW-139").is_generated


def test_batch_saved_again_changes_nothing_and_leaves_no_entry(world: World):
    item = as_input(world.lakeside_bakery)
    before = Entry.objects.count()
    saved = services.save_stores([item], actor=OPERATOR)
    assert saved[0].pk == world.lakeside_bakery.pk
    assert Entry.objects.count() == before


def test_batch_leaves_one_entry_that_names_its_rows(world: World):
    items = [TenantInput(code="A", name_en="A"), TenantInput(code="B", name_en="B")]
    saved = services.save_tenants(items, actor=OPERATOR)
    entry = Entry.objects.get(action="malls.tenant_batch_saved")
    assert set(entry.ids) == {row.pk for row in saved}
    assert entry.after == {"created": 2, "changed": 0}


def test_change_of_one_row_leaves_before_and_after(world: World):
    item = replace(as_input(world.lakeside_bakery), name_en="Moonlit Bakery")
    services.update_store(world.lakeside_bakery.pk, item, actor=OPERATOR)
    entry = Entry.objects.get(action="malls.store_changed")
    assert entry.subject_id == world.lakeside_bakery.pk
    assert entry.before == {"name_en": "Sunny Bakery Lakeside"}
    assert entry.after == {"name_en": "Moonlit Bakery"}


def test_code_that_is_taken_is_refused(world: World):
    with pytest.raises(CodeTaken) as refusal:
        services.create_tenant(TenantInput(code="BAKERY", name_en="Other"), actor=OPERATOR)
    assert set(refusal.value.fields) == {"code"}
    with pytest.raises(CodeTaken):
        services.update_tenant(
            world.pharmacy.pk, TenantInput(code="BAKERY", name_en="Other"), actor=OPERATOR
        )
    with pytest.raises(CodeTwice):
        services.save_tenants([TenantInput(code="X", name_en="X")] * 2, actor=OPERATOR)
    assert Tenant.objects.filter(name_en="Other").count() == 0
    assert not Tenant.objects.filter(code="X").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "has space"}, "code"),
        ({"code": ""}, "code"),
        ({"name_en": "", "name_zh": ""}, "name_en"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"currency": "YYY"}, "currency"),
        ({"business_day_cutoff_hour": 7}, "business_day_cutoff_hour"),
        ({"opened_on": dt.date(2026, 1, 2), "closed_on": dt.date(2026, 1, 1)}, "closed_on"),
    ],
)
def test_mall_that_cannot_be_is_refused_at_its_field(
    world: World, change: dict[str, Any], field: str
):
    good = {"code": "NEW", "name_en": "New", "currency": "CNY", "time_zone": "Asia/Shanghai"}
    item = MallInput(group_id=world.lakeside.group_id, **(good | change))
    with pytest.raises(Invalid) as refusal:
        services.create_mall(item, actor=OPERATOR)
    assert set(refusal.value.fields) == {field}
    assert Mall.objects.count() == 2


def test_database_itself_refuses_what_rules_refuse(world: World):
    mall = {"group_id": world.lakeside.group_id, "code": "X", "name_en": "X", "currency": "CNY"}
    lease = {"tenant": world.bakery, "unit": world.unit, "area_dm2": 1, "ends_on": "2026-02-01"}
    bad_rows = [
        Mall(**mall | {"business_day_cutoff_hour": 7}),
        Mall(**mall | {"name_en": ""}),
        Mall(**mall | {"currency": "yen"}),
        Mall(**mall | {"code": "LAKE"}),
        Unit(floor=world.unit.floor, code="U", area_dm2=0),
        Unit(floor=world.unit.floor, code=world.unit.code, area_dm2=1),
        TradeCategory(code="x", name_en="X", parent=world.bread),
        Lease(**lease, starts_on="2026-03-01", kind="fixed", base_rent_minor=1),
        Lease(**lease, starts_on="2026-01-01", kind="fixed"),
        Lease(**lease, starts_on="2026-01-01", kind="percentage", percentage_bp=10_001),
    ]
    for row in bad_rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_upper_trade_category_cannot_sink_below_another_even_in_sql(world: World):
    other = TradeCategoryFactory(code="other")
    world.food.parent = other
    with pytest.raises(IntegrityError), transaction.atomic():
        world.food.save()
    item = TradeCategoryInput(code="food", name_en="Food", parent_id=other.pk)
    with pytest.raises(Invalid):
        services.update_trade_category(world.food.pk, item, actor=OPERATOR)
    assert TradeCategory.objects.get(code="food").parent_id is None


def test_installation_serves_one_group(world: World):
    saved = services.save_group(GroupInput(code="starlake", name_en="Star"), actor=OPERATOR)
    assert saved.name_en == "Star"
    with pytest.raises(GroupExists):
        services.save_group(GroupInput(code="other", name_en="Other"), actor=OPERATOR)


def test_staff_of_a_mall_change_their_own_mall_and_no_other(world: World):
    keeper = staff(mall_ids=[world.lakeside.pk])
    floor = FloorInput(mall_id=world.lakeside.pk, code="B1", level=-1, name_en="Basement")
    assert services.create_floor(floor, actor=keeper).pk
    with pytest.raises(Invalid):
        services.create_floor(replace(floor, mall_id=world.hillside.pk), actor=keeper)
    with pytest.raises(NotFound):
        services.close_store(world.hillside_bakery.pk, closed_on=dt.date(2026, 5, 1), actor=keeper)
    assert world.hillside.floors.count() == 0
    assert Store.objects.filter(closed_on=None).count() == 4


def test_tenant_changes_own_store_but_opens_none(world: World):
    tenant = staff(tenant_ids=[world.bakery.pk])
    item = as_input(world.lakeside_bakery)
    renamed = services.update_store(
        world.lakeside_bakery.pk, replace(item, name_en="Ours"), actor=tenant
    )
    assert renamed.name_en == "Ours"
    with pytest.raises(OutsideScope):
        services.create_store(replace(item, code="MORE"), actor=tenant)
    with pytest.raises(NotFound):
        services.update_store(world.lakeside_pharmacy.pk, item, actor=tenant)
    with pytest.raises(OutsideScope):
        services.save_tenants([TenantInput(code="PHARM", name_en="Mine now")], actor=tenant)
    assert not Store.objects.filter(code="MORE").exists()
    assert Tenant.objects.get(code="PHARM").name_en == "Good Pharmacy"


def test_store_stays_in_its_mall(world: World):
    item = replace(as_input(world.lakeside_bakery), mall_id=world.hillside.pk)
    with pytest.raises(Invalid) as refusal:
        services.update_store(world.lakeside_bakery.pk, item, actor=OPERATOR)
    assert set(refusal.value.fields) == {"mall"}
    assert Store.objects.get(code="LAKE-BAKERY").mall_id == world.lakeside.pk


def test_store_is_refused_another_tenants_brand_and_another_malls_unit(world: World):
    brand = BrandFactory(tenant=world.pharmacy)
    unit = UnitFactory(floor__mall=world.hillside)
    item = replace(as_input(world.lakeside_bakery), brand_id=brand.pk, unit_id=unit.pk)
    with pytest.raises(Invalid) as refusal:
        services.update_store(world.lakeside_bakery.pk, item, actor=OPERATOR)
    assert set(refusal.value.fields) == {"brand", "unit"}


def test_brand_in_use_stays_with_its_tenant(world: World):
    brand = BrandFactory(tenant=world.bakery, code="SUNNY")
    Store.objects.filter(code="LAKE-BAKERY").update(brand=brand)
    moved = BrandInput(code="SUNNY", name_en="Sunny", tenant_id=world.pharmacy.pk)
    with pytest.raises(Invalid):
        services.update_brand(brand.pk, moved, actor=OPERATOR)
    brand.refresh_from_db()
    assert brand.tenant_id == world.bakery.pk


def test_tenant_leaves_after_its_stores_have_closed(world: World):
    with pytest.raises(Invalid):
        services.close_tenant(world.bakery.pk, actor=OPERATOR)
    for store in (world.lakeside_bakery, world.hillside_bakery):
        services.close_store(store.pk, closed_on=dt.date(2026, 5, 1), actor=OPERATOR)
    assert services.close_tenant(world.bakery.pk, actor=OPERATOR).status == "left"


def test_closed_store_shows_in_its_facts_at_once(world: World, django_capture_on_commit_callbacks):
    assert queries.store_facts(["LAKE-BAKERY"])["LAKE-BAKERY"].closed_on is None
    day = dt.date(2026, 5, 1)
    with django_capture_on_commit_callbacks(execute=True):
        services.close_store(world.lakeside_bakery.pk, closed_on=day, actor=OPERATOR)
    assert queries.store_facts(["LAKE-BAKERY"])["LAKE-BAKERY"].closed_on == day


def test_unit_keeps_its_outline_and_is_refused_a_crossed_one(world: World):
    floor_id = world.unit.floor_id
    outline = ((0, 0), (50, 0), (50, 50))
    unit = UnitInput(floor_id=floor_id, code="N1", area_dm2=1250, geometry=outline)
    assert services.create_unit(unit, actor=OPERATOR).geometry == [[0, 0], [50, 0], [50, 50]]
    entries = Entry.objects.count()
    services.save_units([unit], actor=OPERATOR)
    assert Entry.objects.count() == entries
    crossed = replace(unit, code="N2", geometry=((0, 0), (9, 9), (9, 0), (0, 9)))
    with pytest.raises(Invalid):
        services.create_unit(crossed, actor=OPERATOR)
    assert not Unit.objects.filter(code="N2").exists()


def test_unit_is_not_let_twice_for_the_same_days(world: World):
    lease = LeaseInput(
        tenant_id=world.bakery.pk,
        unit_id=world.unit.pk,
        store_id=world.lakeside_bakery.pk,
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 12, 31),
        area_dm2=12_000,
        base_rent_minor=5_000_000,
    )
    first = services.create_lease(lease, actor=OPERATOR)
    later = replace(lease, starts_on=dt.date(2026, 6, 1), ends_on=dt.date(2027, 5, 31))
    for refused in (later, lease):
        with pytest.raises(Invalid) as refusal:
            services.create_lease(refused, actor=OPERATOR)
        assert set(refusal.value.fields) == {"starts_on"}
    services.close_lease(first.pk, ends_on=dt.date(2026, 5, 31), actor=OPERATOR)
    services.create_lease(later, actor=OPERATOR)
    assert services.save_leases([later], actor=OPERATOR)[0].starts_on == later.starts_on
    assert Lease.objects.count() == 2


def test_lease_names_a_store_of_its_own_tenant_and_lies_in_scope(world: World):
    row = LeaseFactory(tenant=world.bakery, unit=world.unit)
    wrong = LeaseInput(
        tenant_id=world.bakery.pk,
        unit_id=world.unit.pk,
        store_id=world.lakeside_pharmacy.pk,
        starts_on=dt.date(2028, 1, 1),
        ends_on=dt.date(2028, 12, 31),
        area_dm2=1,
        base_rent_minor=1,
    )
    with pytest.raises(Invalid) as refusal:
        services.create_lease(wrong, actor=OPERATOR)
    assert set(refusal.value.fields) == {"store"}
    stranger = staff(mall_ids=[world.hillside.pk])
    with pytest.raises(NotFound):
        services.close_lease(row.pk, ends_on=dt.date(2026, 2, 1), actor=stranger)
    assert Lease.objects.count() == 1
