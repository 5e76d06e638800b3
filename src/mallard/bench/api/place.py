"""What the benchmark sells: a few stores and goods, some thousand members, and a till's key."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mallard.kernel.access.actor import WHOLE_GROUP, system

STORES, GOODS, MEMBERS = 40, 200, 5_000
CURRENCY = "CNY"
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
ACTOR = system("bench api")


@dataclass(frozen=True, slots=True)
class BenchPlace:
    """Codes that receipts name, and the plain API key that sends them."""

    stores: list[str]
    skus: list[str]
    phones: list[str]
    key: str


def make_place() -> BenchPlace:
    """Make it in Django's present database, through the services."""
    from mallard.world.staff.commands import POS_FEED
    from mallard.world.staff.services import create_api_key

    stores, skus = _make_stores(), _make_goods()
    _make_programme()
    phones = _make_members()
    made = create_api_key(name="bench till", scope=WHOLE_GROUP, permissions=POS_FEED, actor=ACTOR)
    return BenchPlace(stores, skus, phones, made.plain)


def _make_stores() -> list[str]:
    from mallard.world.malls import services
    from mallard.world.malls.facts import (
        GroupInput,
        MallInput,
        StoreInput,
        TenantInput,
        TradeCategoryInput,
    )

    group = services.save_group(GroupInput(code="BENCH", name_en="Bench"), actor=ACTOR)
    mall = services.create_mall(
        MallInput(
            group_id=group.id,
            code="BENCH",
            currency=CURRENCY,
            time_zone="Asia/Shanghai",
            name_en="Bench",
        ),
        actor=ACTOR,
    )
    [trade] = services.save_trade_categories(
        [TradeCategoryInput(code="FOOD", name_en="Food")], actor=ACTOR
    )
    tenants = services.save_tenants(
        [TenantInput(code=f"T{n}", name_en=f"Tenant {n}") for n in range(10)], actor=ACTOR
    )
    stores = [
        StoreInput(
            code=f"B{n}",
            mall_id=mall.id,
            tenant_id=tenants[n % 10].id,
            trade_category_id=trade.id,
            name_en=f"Store {n}",
        )
        for n in range(STORES)
    ]
    return [row.code for row in services.save_stores(stores, actor=ACTOR)]


def _make_goods() -> list[str]:
    from mallard.world.catalog import services
    from mallard.world.catalog.facts import CategoryInput, ProductInput

    services.save_categories([CategoryInput(code="goods", name_en="Goods")], actor=ACTOR)
    skus = [f"SKU-{n}" for n in range(GOODS)]
    services.save_products(
        [ProductInput(code=sku, category_code="goods", name_en=sku) for sku in skus], actor=ACTOR
    )
    return skus


def _make_programme() -> None:
    from mallard.value.loyalty import services

    services.set_up_programme(
        code="bench",
        name_en="Bench",
        name_zh="",
        currency=CURRENCY,
        maturing_days=7,
        expiry_months=12,
        point_cost_micro=1_000_000,
        tiers=[
            services.TierInput("member", "Member", "", 0, 0, 0),
            services.TierInput("silver", "Silver", "", 100_000, 12, 1_000),
        ],
        actor=ACTOR,
    )
    services.set_earning_rule(
        services.EarningRuleInput("base", "Base", "", 1, 100, 10_000, LONG_AGO), actor=ACTOR
    )


def _make_members() -> list[str]:
    from mallard.world.members import services
    from mallard.world.members.inputs import Enrolment, IdentityInput

    phones = [f"+861380{n:07}" for n in range(MEMBERS)]
    services.enrol_members(
        [
            Enrolment(
                profile={"name": f"Member {n}"},
                identities=(IdentityInput("phone", phone),),
                joined_at=LONG_AGO,
            )
            for n, phone in enumerate(phones)
        ],
        actor=ACTOR,
    )
    return phones
