"""Whose points one sees: a tenant and a mall learn nothing of what a member bought elsewhere."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, ActorKind, Scope
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.ledger.queries import (
    group_of,
    lots_of,
    transfer_with_links,
    transfers_of,
    visible_transfers,
)
from mallard.value.sales.models import Source

pytestmark = pytest.mark.django_db

PHONE = "13812345678"


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=1))
    return a_trading_world()


@pytest.fixture
def member_id(world: TradingWorld) -> UUID:
    """A member with 100 points from the bakery and 200 from the pharmacy."""
    member = a_member(PHONE, store=world.bakery)
    record_receipts(
        [
            a_receipt(world.bakery, "R1", 10_000, phone=PHONE),
            a_receipt(world.pharmacy, "R2", 20_000, phone=PHONE),
        ],
        actor=TILL,
        source=Source.POS,
    )
    return member


def reader(scope: Scope) -> Actor:
    return Actor(ActorKind.STAFF, None, "reader", scope=scope, everything=True)


def amounts(member_id: UUID, scope: Scope) -> tuple[list[int], list[int]]:
    actor = reader(scope)
    lots = [lot.amount for lot in lots_of(member_id, actor=actor)]
    return sorted(lots), sorted(t.amount for t in transfers_of(member_id, actor=actor))


def test_each_sees_the_points_of_its_own_stores(world: TradingWorld, member_id: UUID) -> None:
    bakery = Scope(tenant_ids=frozenset({world.place.bakery.pk}))
    pharmacy_store = Scope(store_ids=frozenset({world.pharmacy.pk}))
    other_mall = Scope(mall_ids=frozenset({world.place.hillside.pk}))
    assert amounts(member_id, WHOLE_GROUP) == ([100, 200], [100, 200])
    assert amounts(member_id, bakery) == ([100], [100])
    assert amounts(member_id, pharmacy_store) == ([200], [200])
    assert amounts(member_id, other_mall) == ([], [])


def test_a_transfer_from_elsewhere_cannot_be_opened_by_its_id(
    world: TradingWorld, member_id: UUID
) -> None:
    bakery = reader(Scope(tenant_ids=frozenset({world.place.bakery.pk})))
    own, foreign = visible_transfers(TILL).order_by("amount")
    assert transfer_with_links(own.pk, actor=bakery) is not None
    assert transfer_with_links(foreign.pk, actor=bakery) is None
    assert not group_of(foreign, actor=bakery).exists()
