"""Rows of the place for tests. `a_mall_group` makes the smallest world with another mall and
another tenant in it, so that a test can show what a scope keeps apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import factory

from mallard.kernel.provenance import Origin
from mallard.world.malls.models import (
    Brand,
    Floor,
    Group,
    Lease,
    Mall,
    Store,
    Tenant,
    TradeCategory,
    Unit,
)


class GroupFactory(factory.django.DjangoModelFactory[Group]):
    class Meta:
        model = Group
        django_get_or_create = ("code",)

    code = "starlake"
    name_en = "Star Lake"
    name_zh = "星湖里"


class MallFactory(factory.django.DjangoModelFactory[Mall]):
    class Meta:
        model = Mall

    group = factory.SubFactory(GroupFactory)
    code = factory.Sequence(lambda n: f"MALL{n}")
    name_en = factory.Sequence(lambda n: f"Mall {n}")
    name_zh = factory.Sequence(lambda n: f"购物中心{n}")
    currency = "CNY"
    time_zone = "Asia/Shanghai"


class FloorFactory(factory.django.DjangoModelFactory[Floor]):
    class Meta:
        model = Floor

    mall = factory.SubFactory(MallFactory)
    code = factory.Sequence(lambda n: f"F{n}")
    name_en = factory.Sequence(lambda n: f"Floor {n}")
    level = factory.Sequence(lambda n: n)


class UnitFactory(factory.django.DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    floor = factory.SubFactory(FloorFactory)
    code = factory.Sequence(lambda n: f"U{n}")
    area_dm2 = 12_000
    geometry = factory.LazyFunction(lambda: [[0, 0], [120, 0], [120, 100], [0, 100]])


class TradeCategoryFactory(factory.django.DjangoModelFactory[TradeCategory]):
    class Meta:
        model = TradeCategory

    code = factory.Sequence(lambda n: f"trade-{n}")
    name_en = factory.Sequence(lambda n: f"Trade {n}")
    name_zh = factory.Sequence(lambda n: f"业态{n}")


class TenantFactory(factory.django.DjangoModelFactory[Tenant]):
    class Meta:
        model = Tenant

    code = factory.Sequence(lambda n: f"T{n}")
    name_en = factory.Sequence(lambda n: f"Tenant {n}")
    name_zh = factory.Sequence(lambda n: f"商户{n}")


class BrandFactory(factory.django.DjangoModelFactory[Brand]):
    class Meta:
        model = Brand

    tenant = factory.SubFactory(TenantFactory)
    code = factory.Sequence(lambda n: f"B{n}")
    name_en = factory.Sequence(lambda n: f"Brand {n}")


class StoreFactory(factory.django.DjangoModelFactory[Store]):
    class Meta:
        model = Store

    mall = factory.SubFactory(MallFactory)
    tenant = factory.SubFactory(TenantFactory)
    trade_category = factory.SubFactory(TradeCategoryFactory)
    code = factory.Sequence(lambda n: f"S{n}")
    name_en = factory.Sequence(lambda n: f"Store {n}")
    name_zh = factory.Sequence(lambda n: f"门店{n}")
    origin = Origin.SOURCE


class LeaseFactory(factory.django.DjangoModelFactory[Lease]):
    class Meta:
        model = Lease

    tenant = factory.SubFactory(TenantFactory)
    unit = factory.SubFactory(UnitFactory)
    starts_on = "2026-01-01"
    ends_on = "2026-12-31"
    kind = "fixed"
    area_dm2 = 12_000
    base_rent_minor = 5_000_000


@dataclass(frozen=True)
class World:
    """Two malls, two tenants, a store of each tenant in each mall, in one trade category."""

    lakeside: Mall
    hillside: Mall
    bakery: Tenant
    pharmacy: Tenant
    food: TradeCategory
    bread: TradeCategory
    unit: Unit
    lakeside_bakery: Store
    lakeside_pharmacy: Store
    hillside_bakery: Store
    hillside_pharmacy: Store


def a_mall_group() -> World:
    """The smallest world in which scopes differ."""
    lakeside = MallFactory(code="LAKE", name_en="Lakeside", name_zh="湖畔")
    hillside = MallFactory(code="HILL", name_en="Hillside", name_zh="山麓", currency="USD")
    bakery = TenantFactory(code="BAKERY", name_en="Sunny Bakery", name_zh="暖阳烘焙")
    pharmacy = TenantFactory(code="PHARM", name_en="Good Pharmacy", name_zh="安康药房")
    food = TradeCategoryFactory(code="food", name_en="Food", name_zh="餐饮")
    bread = TradeCategoryFactory(code="bread", name_en="Bakeries", name_zh="烘焙", parent=food)
    unit = UnitFactory(floor__mall=lakeside, floor__level=1, code="L1-01")

    def store(mall: Mall, tenant: Tenant, **more: Any) -> Store:
        name = f"{tenant.name_en} {mall.name_en}"
        names = {"name_en": name, "name_zh": f"{tenant.name_zh}{mall.name_zh}店"}
        code = f"{mall.code}-{tenant.code}"
        return StoreFactory(
            mall=mall, tenant=tenant, code=code, trade_category=bread, **names, **more
        )

    return World(
        lakeside=lakeside,
        hillside=hillside,
        bakery=bakery,
        pharmacy=pharmacy,
        food=food,
        bread=bread,
        unit=unit,
        lakeside_bakery=store(lakeside, bakery, unit=unit),
        lakeside_pharmacy=store(lakeside, pharmacy),
        hillside_bakery=store(hillside, bakery),
        hillside_pharmacy=store(hillside, pharmacy),
    )
