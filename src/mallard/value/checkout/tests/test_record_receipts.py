"""Sales through the batch: what is recorded, what earns, what is refused."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from mallard.value.checkout.outcomes import Status
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
    line,
)
from mallard.value.ledger.models import Wallet
from mallard.value.sales.facts import ReturnLineInput
from mallard.value.sales.models import Source, StoreDay

pytestmark = pytest.mark.django_db

PHONE = "13812345678"


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=1))
    return a_trading_world()


def balance_of(member_id: UUID) -> int:
    return Wallet.objects.get(member_id=member_id).balance


def test_a_sale_earns_points_that_the_tenant_funds(world) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    [outcome] = record_receipts(
        [a_receipt(world.bakery, "R1", 12_345, phone=PHONE)], actor=TILL, source=Source.POS
    )
    assert outcome.status is Status.RECORDED
    assert outcome.points == 123
    assert balance_of(member_id) == 123


def test_a_repeated_sale_counts_once(world) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    receipt = a_receipt(world.bakery, "R1", phone=PHONE)
    [first] = record_receipts([receipt], actor=TILL, source=Source.POS)
    again, twin = record_receipts([receipt, receipt], actor=TILL, source=Source.POS)
    assert again.status is twin.status is Status.DUPLICATE
    assert (again.receipt_id, again.points) == (first.receipt_id, first.points)
    assert balance_of(member_id) == 100
    assert StoreDay.objects.get().receipts == 1


def test_a_return_takes_back_the_points(world) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    record_receipts(
        [a_receipt(world.bakery, "R1", phone=PHONE, lines=(line(6_000), line(4_000)))],
        actor=TILL,
        source=Source.POS,
    )
    [outcome] = record_returns(
        [a_return(world.bakery, "B1", "R1", lines=(ReturnLineInput(1, 1_000),))],
        actor=TILL,
        source=Source.POS,
    )
    assert outcome.status is Status.RECORDED
    assert (outcome.refund_minor, outcome.points_taken) == (6_000, 60)
    assert balance_of(member_id) == 40
