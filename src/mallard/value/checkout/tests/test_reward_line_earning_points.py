"""Regression "reward line earning points": what points bought or paid for earns no points again.

In other systems a reward that is a line of the receipt, or the part paid with points, was counted
as if it had been bought, so that points bred points.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from mallard.value.checkout.services import record_receipts
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
from mallard.value.checkout.tests.test_limits_and_order import a_rule, earned
from mallard.value.checkout.tests.test_order_of_facts import tell
from mallard.value.loyalty.queries import latest_assessments, programme
from mallard.value.loyalty.rules import Basis, Kind, Scope
from mallard.value.loyalty.whatif.draft import Draft
from mallard.value.loyalty.whatif.replay import replay
from mallard.value.sales.facts import LineInput, ReceiptInput, ReturnLineInput, TenderInput
from mallard.value.sales.models import Receipt, Source

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
REWARD = replace(line(0), discount_minor=5_000)
"""A loaf that points bought: on the receipt for nothing, its worth the discount."""


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(hours=9))
    found = a_trading_world()
    a_member(PHONE, store=found.bakery)
    return found


def bought(
    world: TradingWorld, number: str, *lines: LineInput, points: int = 0, card: int = 0
) -> ReceiptInput:
    """A receipt of these lines, paid by card and with points."""
    receipt = a_receipt(world.bakery, number, phone=PHONE, at=NOON, lines=lines)
    paid = [TenderInput("card", card)] if card else []
    paid += [TenderInput("points", points)] if points else []
    return replace(receipt, tenders=tuple(paid))


def reason(number: str) -> str:
    receipt_id = Receipt.objects.get(number=number).id
    return latest_assessments([receipt_id])[receipt_id].reason


def test_reward_line_earning_points(world: TradingWorld) -> None:
    """Beside bought bread the reward adds nothing; alone it earns nothing and says why."""
    tell(bought(world, "R1", line(10_000), REWARD), bought(world, "R2", REWARD))
    assert earned() == {"R1": 100, "R2": 0}
    assert reason("R2") == "nothing_paid"


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": Kind.AMOUNT, "basis": Basis.BEFORE_DISCOUNTS},
        {"kind": Kind.UNIT},
    ],
)
def test_reward_line_earning_points_by_worth_or_by_piece(world: TradingWorld, terms) -> None:
    """Neither where the amount before discounts counts, nor where every piece does."""
    a_rule("more", 7, malls=(world.bakery.mall_id,), **terms)
    tell(bought(world, "R1", line(10_000)), bought(world, "R2", line(10_000), REWARD))
    assert earned()["R1"] == earned()["R2"] > 0
    tell(bought(world, "R3", REWARD))
    assert earned()["R3"] == 0


def test_reward_line_earning_points_by_awards_and_multipliers(world: TradingWorld) -> None:
    a_rule("visit", 10, kind=Kind.AWARD, caps=((Scope.RECEIPT, 10),))
    a_rule("double", kind=Kind.MULTIPLIER)
    tell(bought(world, "R1", REWARD), bought(world, "R2", line(6_000), points=6_000))
    assert earned() == {"R1": 0, "R2": 0}


def test_a_discount_below_zero_is_no_line(world: TradingWorld) -> None:
    """The reward as a line of its own below zero, as some tills write it, is refused in words."""
    [outcome] = record_receipts(
        [bought(world, "R1", line(10_000), line(-5_000))], actor=TILL, source=Source.POS
    )
    assert "below zero" in str(outcome.error)
    assert not Receipt.objects.exists()


def test_what_is_paid_with_points_earns_nothing(world: TradingWorld) -> None:
    tell(
        bought(world, "R1", line(10_000), points=10_000),
        bought(world, "R2", line(10_000), points=2_500, card=7_500),
        bought(world, "R3", line(10_000), card=10_000),
    )
    assert earned() == {"R1": 0, "R2": 75, "R3": 100}
    assert reason("R1") == "paid_in_points"


def test_pieces_paid_with_points_earn_nothing(world: TradingWorld) -> None:
    a_rule("pieces", 5, kind=Kind.UNIT, malls=(world.bakery.mall_id,))
    loaves = line(10_000, quantity_milli=4_000)
    tell(
        bought(world, "R1", loaves, points=5_000, card=5_000),
        bought(world, "R2", loaves, card=10_000),
    )
    assert earned() == {"R1": 10, "R2": 20}


def test_after_a_return_the_part_paid_with_points_earns_nothing_still(world) -> None:
    """A reassessment reads from the database how it was paid."""
    tell(bought(world, "R1", line(10_000), line(10_000), points=10_000, card=10_000))
    assert earned() == {"R1": 100}
    one_back = (ReturnLineInput(2, 1_000),)
    tell(a_return(world.bakery, "B1", "R1", at=NOON + dt.timedelta(hours=1), lines=one_back))
    assert earned() == {"R1": 50}


def test_a_what_if_knows_it_too(world: TradingWorld) -> None:
    tell(bought(world, "R1", line(10_000), points=2_500, card=7_500))
    facts = programme()
    found = replay(NOON.date(), NOON.date(), facts, Draft().programme(facts))
    assert (found["same"], found["by_rule"]["base"]) == (1, [75, 75])
