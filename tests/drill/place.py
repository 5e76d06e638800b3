"""A small place for the drills, made through the services: `python -m tests.drill.place`.

Prints one JSON object that the clients and the recomputation work from: stores, goods, members'
phone numbers, tiers and earning rules as plain figures.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
from typing import Any

TIME_ZONE = "Asia/Shanghai"
CUTOFF_HOUR = 5
CURRENCY = "CNY"
TIERS = (
    {"code": "member", "spend_minor": 0, "visits": 0, "bonus_bp": 0},
    {"code": "silver", "spend_minor": 60_000, "visits": 3, "bonus_bp": 2_500},
    {"code": "gold", "spend_minor": 240_000, "visits": 8, "bonus_bp": 10_000},
)
RULES = (
    {"code": "base", "points": 1, "per_minor": 100, "tenant_share_bp": 7_000, "category": None},
    {"code": "tea", "points": 3, "per_minor": 200, "tenant_share_bp": 10_000, "category": "tea"},
)
CATEGORIES = (("bread", None), ("tea", None), ("tobacco", "tobacco"))


def make_place(*, stores: int, members: int, seed: int, prefix: str = "D") -> dict[str, Any]:
    """Make malls, stores, goods, the programme and its members; returns what clients need."""
    from mallard.kernel.access.actor import system

    actor = system("drill")
    goods = _make_goods(seed, prefix, actor)
    codes, malls = _make_stores(stores, prefix, actor)
    _make_programme(prefix, actor)
    phones = _make_members(members, seed, actor)
    return {
        "stores": [{"code": code, "mall": mall} for code, mall in zip(codes, malls, strict=True)],
        "goods": goods,
        "phones": phones,
        "tiers": TIERS,
        "rules": RULES,
        "time_zone": TIME_ZONE,
        "cutoff_hour": CUTOFF_HOUR,
        "currency": CURRENCY,
        "made_at": dt.datetime.now(dt.UTC).isoformat(),
    }


def _make_stores(count: int, prefix: str, actor: Any) -> tuple[list[str], list[str]]:
    from mallard.world.malls import services
    from mallard.world.malls.facts import (
        GroupInput,
        MallInput,
        StoreInput,
        TenantInput,
        TradeCategoryInput,
    )
    from mallard.world.malls.models import Group

    group = Group.objects.first() or services.save_group(
        GroupInput(code="DRILL", name_en="Drill"), actor=actor
    )
    malls = services.save_malls(
        [
            MallInput(
                group_id=group.id,
                code=f"{prefix}M{n}",
                currency=CURRENCY,
                time_zone=TIME_ZONE,
                name_en=f"Mall {n}",
                business_day_cutoff_hour=CUTOFF_HOUR,
            )
            for n in range(2)
        ],
        actor=actor,
    )
    [trade] = services.save_trade_categories(
        [TradeCategoryInput(code=f"{prefix}FOOD", name_en="Food")], actor=actor
    )
    tenants = services.save_tenants(
        [TenantInput(code=f"{prefix}T{n}", name_en=f"Tenant {n}") for n in range(2)], actor=actor
    )
    rows = services.save_stores(
        [
            StoreInput(
                code=f"{prefix}S{n}",
                mall_id=malls[n % 2].id,
                tenant_id=tenants[n // 2 % 2].id,
                trade_category_id=trade.id,
                name_en=f"Store {n}",
            )
            for n in range(count)
        ],
        actor=actor,
    )
    return [row.code for row in rows], [malls[n % 2].code for n in range(count)]


def _make_goods(seed: int, prefix: str, actor: Any) -> list[dict[str, Any]]:
    from mallard.world.catalog import services
    from mallard.world.catalog.facts import CategoryInput, ProductInput

    services.save_categories(
        [CategoryInput(code=code, name_en=code, restricted=kind) for code, kind in CATEGORIES],
        actor=actor,
    )
    draw = random.Random(seed)
    goods = [
        {
            "sku": f"{prefix}-{category}-{n}",
            "category": category,
            "earns": kind is None,
            "price_minor": draw.randint(150, 9_000),
        }
        for category, kind in CATEGORIES
        for n in range(2 if kind else 12)
    ]
    services.save_products(
        [
            ProductInput(
                code=str(item["sku"]),
                category_code=str(item["category"]),
                name_en=str(item["sku"]),
            )
            for item in goods
        ],
        actor=actor,
    )
    return goods


def _make_programme(prefix: str, actor: Any) -> None:
    from mallard.value.loyalty import services
    from mallard.value.loyalty.models import Programme
    from mallard.world.catalog.models import Category

    if Programme.objects.exists():
        return
    services.set_up_programme(
        code="drill",
        name_en="Drill",
        name_zh="演练",
        currency=CURRENCY,
        maturing_days=3,
        expiry_months=120,
        point_cost_micro=1_000_000,
        tiers=[
            services.TierInput(
                code=str(tier["code"]),
                name_en=str(tier["code"]),
                name_zh="",
                spend_minor=int(tier["spend_minor"]),
                visits=int(tier["visits"]),
                bonus_bp=int(tier["bonus_bp"]),
            )
            for tier in TIERS
        ],
        actor=actor,
    )
    for rule in RULES:
        category = rule["category"]
        services.set_earning_rule(
            services.EarningRuleInput(
                code=str(rule["code"]),
                name_en=str(rule["code"]),
                name_zh="",
                points=int(rule["points"] or 0),
                per_minor=int(rule["per_minor"] or 0),
                tenant_share_bp=int(rule["tenant_share_bp"] or 0),
                starts_at=dt.datetime(2015, 1, 1, tzinfo=dt.UTC),
                category_id=Category.objects.get(code=category).id if category else None,
            ),
            actor=actor,
        )


def _make_members(count: int, seed: int, actor: Any) -> list[str]:
    from mallard.world.members import services
    from mallard.world.members.inputs import Enrolment, IdentityInput

    phones = [f"+86139{seed % 1_000:03}{n:05}" for n in range(count)]
    joined_at = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
    services.enrol_members(
        [
            Enrolment(
                profile={"name": f"Member {n}"},
                identities=(IdentityInput("phone", phone),),
                joined_at=joined_at,
            )
            for n, phone in enumerate(phones)
        ],
        actor=actor,
    )
    return phones


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--stores", type=int, default=6)
    parser.add_argument("--members", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    from mallard.surfaces.cli.session import product

    with product():
        place = make_place(stores=arguments.stores, members=arguments.members, seed=arguments.seed)
        place["key"] = _make_key()
    json.dump(place, sys.stdout)


def _make_key() -> str:
    from mallard.kernel.access.actor import WHOLE_GROUP, system
    from mallard.world.staff.commands import POS_FEED
    from mallard.world.staff.services import create_api_key

    made = create_api_key(
        name="tills", scope=WHOLE_GROUP, permissions=POS_FEED, actor=system("drill")
    )
    return made.plain


if __name__ == "__main__":
    main()
