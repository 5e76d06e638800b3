"""A small trading world for tests: a programme, goods, members, and what a till says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import Actor, system
from mallard.value.loyalty.services import (
    EarningRuleInput,
    TierInput,
    set_earning_rule,
    set_up_programme,
)
from mallard.value.sales.facts import LineInput, ReceiptInput, ReturnInput, ReturnLineInput
from mallard.world.catalog.models import Category, Product, Variant
from mallard.world.malls.models import Store
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.inputs import Enrolment, IdentityInput, MemberRef
from mallard.world.members.services import enrol_members

TILL = system("test till")
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
JOINED = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class TradingWorld:
    """Two malls, two tenants, three kinds of goods, one programme."""

    place: World
    bread: Variant
    cigarettes: Variant
    bread_category: Category

    @property
    def bakery(self) -> Store:
        return self.place.lakeside_bakery

    @property
    def pharmacy(self) -> Store:
        return self.place.lakeside_pharmacy


def a_trading_world(*, tenant_share_bp: int = 10_000) -> TradingWorld:
    """1 point for every ¥1 spent; silver from ¥1,000 and 2 visits gives half as much again."""
    place = a_mall_group()
    food = Category.objects.create(code="food", name_en="Food")
    bread_category = Category.objects.create(code="bread", name_en="Bread", parent=food)
    tobacco = Category.objects.create(code="tobacco", name_en="Tobacco")
    set_up_programme(
        code="club",
        name_en="Star Club",
        name_zh="星会员",
        currency="CNY",
        maturing_days=0,
        expiry_months=12,
        point_cost_micro=1_000_000,
        tiers=[
            TierInput("member", "Member", "普通会员", 0, 0, 0),
            TierInput("silver", "Silver", "银卡", 100_000, 2, 5_000),
        ],
        actor=TILL,
    )
    set_earning_rule(
        EarningRuleInput(
            "base", "Base points", "基础积分", 1, 100, tenant_share_bp,
            dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        ),
        actor=TILL,
    )  # fmt: skip
    return TradingWorld(
        place=place,
        bread=_variant("BREAD-1", "Rye bread", bread_category),
        cigarettes=_variant("CIG-1", "Cigarettes", tobacco, restricted="tobacco"),
        bread_category=bread_category,
    )


def _variant(sku: str, name: str, category: Category, restricted: str | None = None) -> Variant:
    product = Product.objects.create(
        code=sku, name_en=name, category=category, restricted=restricted
    )
    return Variant.objects.create(product=product, sku=sku, name_en=name)


def a_member(phone: str, *, store: Store, joined_at: dt.datetime = JOINED) -> UUID:
    """A member with a phone number who joined long ago."""
    enrolment = Enrolment(
        profile={"name": "王小明"},
        identities=(IdentityInput("phone", phone),),
        store_id=store.id,
        mall_id=store.mall_id,
        joined_at=joined_at,
    )
    return enrol_members([enrolment], actor=TILL)[0].id


def line(amount_minor: int, *, sku: str = "BREAD-1", quantity_milli: int = 1_000) -> LineInput:
    return LineInput(sku, "", quantity_milli, amount_minor)


def a_receipt(
    store: Store,
    number: str,
    amount_minor: int = 10_000,
    *,
    phone: str | None = None,
    at: dt.datetime = NOON,
    lines: tuple[LineInput, ...] | None = None,
) -> ReceiptInput:
    return ReceiptInput(
        store_code=store.code,
        number=number,
        occurred_at=at,
        currency=store.mall.currency,
        member=MemberRef("phone", phone) if phone else None,
        lines=lines or (line(amount_minor),),
    )


def a_return(
    store: Store,
    number: str,
    receipt_number: str,
    *,
    at: dt.datetime = NOON + dt.timedelta(hours=1),
    lines: tuple[ReturnLineInput, ...] | None = None,
) -> ReturnInput:
    return ReturnInput(store.code, number, receipt_number, at, lines)


def an_actor_without_rights() -> Actor:
    from mallard.kernel.access.actor import ActorKind

    return Actor(ActorKind.API, None, "nobody")
