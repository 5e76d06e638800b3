"""What the 360° page tells of a member's trade, and to whom."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, ActorKind, Scope
from mallard.kernel.ids import uuid7
from mallard.value.checkout.member_panels import _tier_panel
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.sales.models import Source
from mallard.world.members.models import Member
from mallard.world.members.panels import MemberInView

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=1))
    return a_trading_world()


@pytest.fixture
def member_id(world: TradingWorld) -> UUID:
    """Spent ¥777 at the pharmacy, nothing at the bakery."""
    member_id = a_member(PHONE, store=world.bakery)
    record_receipts(
        [a_receipt(world.pharmacy, "R1", 77_700, phone=PHONE)], actor=TILL, source=Source.POS
    )
    return member_id


def tier_panel(member_id: UUID, scope: Scope) -> Any:
    actor = Actor(ActorKind.STAFF, uuid7(), "somebody", frozenset(), scope)
    return _tier_panel(MemberInView(Member.objects.get(pk=member_id), (member_id,), actor))


def test_a_tenant_sees_the_tier_but_not_what_was_spent_elsewhere(
    world: TradingWorld, member_id: UUID
) -> None:
    tenant = Scope(tenant_ids=frozenset({world.bakery.tenant_id}))
    for scope in (tenant, Scope(store_ids=frozenset({world.bakery.id}))):
        shown = render_to_string("checkout/parts/member_tier.html", tier_panel(member_id, scope))
        assert "Member" in shown or "普通会员" in shown
        assert "777" not in shown


@pytest.mark.parametrize("is_group", [True, False])
def test_the_malls_see_how_far_the_next_tier_is(
    world: TradingWorld, member_id: UUID, is_group: bool
) -> None:
    scope = WHOLE_GROUP if is_group else Scope(mall_ids=frozenset({world.bakery.mall_id}))
    panel = tier_panel(member_id, scope)
    assert panel["spent"].minor == 77_700
    assert panel["following"].code == "silver"
