"""Order does not matter: late, repeated and out-of-order facts end in the in-order state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
)
from mallard.value.ledger.models import Wallet
from mallard.value.loyalty.models import Assessment
from mallard.value.loyalty.queries import latest_assessments
from mallard.value.loyalty.standing import standings
from mallard.value.sales.facts import ReceiptInput, ReturnInput
from mallard.value.sales.models import MemberDay, PendingReturn, Receipt, Source, StoreDay
from mallard.value.sales.queries import known_receipts

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
Fact = ReceiptInput | ReturnInput


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=400))
    return a_trading_world(tenant_share_bp=7_000)


def tell(*facts: Fact) -> None:
    """Send facts one after the other, as a till would."""
    for fact in facts:
        if isinstance(fact, ReceiptInput):
            [outcome] = record_receipts([fact], actor=TILL, source=Source.POS)
        else:
            [outcome] = record_returns([fact], actor=TILL, source=Source.POS)
        assert outcome.status is not Status.REFUSED, outcome.error


@dataclass(frozen=True)
class State:
    """What must not depend on the order: points, tier, rollups, and what each receipt earns."""

    worth: int
    standing: Any
    earned: dict[str, tuple[int, int, str]]
    member_days: list[tuple[Any, ...]]
    store_days: list[tuple[Any, ...]]
    pending: int


def state_of(member_id: UUID) -> State:
    wallet = Wallet.objects.filter(member_id=member_id).first()
    numbers = dict(Receipt.objects.values_list("id", "number"))
    earned = {
        numbers[a.receipt_id]: (a.tenant_points, a.mall_points, a.reason)
        for a in latest_assessments(numbers).values()
    }
    today = (NOON + dt.timedelta(days=400)).date()
    return State(
        wallet.balance - wallet.owed if wallet else 0,
        standings([member_id], day=today)[member_id],
        earned,
        sorted(
            MemberDay.objects.values_list(
                "business_day", "visits", "receipts", "net_minor", "refund_minor"
            )
        ),
        sorted(StoreDay.objects.values_list("business_day", "receipts", "net_minor", "returns")),
        PendingReturn.objects.count(),
    )


def test_a_late_sale_lifts_the_tier_of_what_came_after_it(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    first_day = a_receipt(world.bakery, "R1", 60_000, phone=PHONE, at=NOON)
    second_day = a_receipt(world.bakery, "R2", 50_000, phone=PHONE, at=NOON + dt.timedelta(days=1))
    third_day = a_receipt(world.bakery, "R3", 10_000, phone=PHONE, at=NOON + dt.timedelta(days=2))
    tell(first_day, third_day)
    receipt_id = known_receipts([(world.bakery.id, "R3")])[world.bakery.id, "R3"].id
    assert latest_assessments([receipt_id])[receipt_id].points == 100

    tell(second_day)

    third = latest_assessments([receipt_id])[receipt_id]
    assert (third.points, third.bonus_points, third.tier_code) == (150, 50, "silver")
    assert Wallet.objects.get(member_id=member_id).balance == 600 + 500 + 150


def test_days_of_one_batch_count_for_each_other_at_once(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    days = [
        a_receipt(world.bakery, f"R{n}", amount, phone=PHONE, at=NOON + dt.timedelta(days=n))
        for n, amount in enumerate((60_000, 50_000, 10_000))
    ]

    record_receipts([days[2], days[0], days[1]], actor=TILL, source=Source.POS)

    third = Receipt.objects.get(number="R2").id
    assert latest_assessments([third])[third].tier_code == "silver"
    assert set(Assessment.objects.values_list("revision", flat=True)) == {1}, "assessed once"
    assert Wallet.objects.get(member_id=member_id).balance == 600 + 500 + 150


def test_a_return_that_comes_first_waits_for_its_sale(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    sale = a_receipt(world.bakery, "R1", phone=PHONE)
    back = a_return(world.bakery, "B1", "R1")
    [waiting] = record_returns([back], actor=TILL, source=Source.POS)
    [again] = record_returns([back], actor=TILL, source=Source.POS)
    assert waiting.status is again.status is Status.PENDING

    [outcome] = record_receipts([sale], actor=TILL, source=Source.POS)

    assert outcome.points == 0
    assert outcome.reason == "returned"
    assert Wallet.objects.get(member_id=member_id).balance == 0
    [late] = record_returns([back], actor=TILL, source=Source.POS)
    assert late.status is Status.DUPLICATE
    assert PendingReturn.objects.count() == 0


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[int, int, int]], list[int], list[int]]:
    """Sales as (day, hour, amount), which of them come back, and an order with repeats."""
    sales = draw(
        st.lists(
            st.tuples(
                st.integers(0, 380), st.integers(0, 23), st.sampled_from([99, 5_000, 60_000])
            ),
            min_size=1,
            max_size=6,
        )
    )
    returned = draw(st.lists(st.integers(0, len(sales) - 1), unique=True, max_size=3))
    facts = len(sales) + len(returned)
    repeats = draw(st.lists(st.integers(0, facts - 1), max_size=4))
    order = draw(st.permutations([*range(facts), *repeats]))
    return sales, returned, order


def receipts_of(world: TradingWorld, sales: list[tuple[int, int, int]]) -> list[ReceiptInput]:
    return [
        a_receipt(
            world.bakery,
            f"R{i}",
            amount,
            phone=PHONE,
            at=NOON.replace(hour=0) + dt.timedelta(days=day, hours=hour),
        )
        for i, (day, hour, amount) in enumerate(sales)
    ]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(history=histories())
def test_any_order_with_repeats_ends_in_the_same_state(
    world: TradingWorld, history: tuple[list[tuple[int, int, int]], list[int], list[int]]
) -> None:
    sales, returned, order = history
    facts: list[Fact] = [*receipts_of(world, sales)]
    facts += [
        a_return(
            world.bakery, f"B{i}", f"R{i}", at=facts[i].occurred_at + dt.timedelta(days=3, hours=1)
        )
        for i in returned
    ]
    in_order = sorted(facts, key=lambda fact: fact.occurred_at)

    assert outcome_of(world, in_order) == outcome_of(world, [facts[i] for i in order])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(history=histories())
def test_batches_end_in_the_same_state_as_one_by_one(
    world: TradingWorld, history: tuple[list[tuple[int, int, int]], list[int], list[int]]
) -> None:
    sales, returned, order = history
    receipts = receipts_of(world, [(day % 40, hour, amount) for day, hour, amount in sales])
    backs = [
        a_return(world.bakery, f"B{i}", f"R{i}", at=receipts[i].occurred_at + dt.timedelta(days=3))
        for i in returned
    ]
    shuffled = [receipts[i] for i in order if i < len(receipts)]
    middle = len(shuffled) // 2

    def in_batches() -> None:
        # The returns wait for the sales of two batches, each of several days.
        record_returns(backs, actor=TILL, source=Source.POS)
        for batch in (shuffled[:middle], shuffled[middle:]):
            outcomes = record_receipts(batch, actor=TILL, source=Source.POS)
            assert not [one.error for one in outcomes if one.error]

    one_by_one = sorted([*receipts, *backs], key=lambda fact: fact.occurred_at)
    assert outcome_of(world, one_by_one) == outcome_of(world, in_batches)


def outcome_of(world: TradingWorld, facts: list[Fact] | Callable[[], None]) -> State:
    """Tell the facts in a world of their own, and undo it."""
    with transaction.atomic():
        member_id = a_member(PHONE, store=world.bakery)
        if callable(facts):
            facts()
        else:
            tell(*facts)
        state = state_of(member_id)
        transaction.set_rollback(True)
    return state
