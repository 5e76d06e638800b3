"""Rules with limits, through the till: late and returned facts end where the right order ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from mallard.value.checkout.tests.test_order_of_facts import state_of, tell
from mallard.value.ledger.models import Receivable, Wallet
from mallard.value.ledger.services import redeem
from mallard.value.ledger.tests.factories import counter, redemption
from mallard.value.ledger.verification import verify
from mallard.value.loyalty import segments
from mallard.value.loyalty.errors import SegmentsNotAvailable
from mallard.value.loyalty.models import Assessment, EarningRule, PointsBudget
from mallard.value.loyalty.queries import latest_assessments, programme
from mallard.value.loyalty.rules import Birthday, Kind, Scope, Terms
from mallard.value.loyalty.services import (
    BudgetInput,
    EarningRuleInput,
    set_earning_rule,
    set_points_budget,
)
from mallard.value.sales.facts import ReceiptInput, ReturnInput
from mallard.value.sales.models import Receipt, Source
from mallard.world.members.models import MemberSearch

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
WEEK = 7 * DAY


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=400))
    return a_trading_world(tenant_share_bp=7_000)


def a_rule(code: str, points: int = 0, *, starts_at: dt.datetime = LONG_AGO, **terms: Any) -> None:
    given = EarningRuleInput(
        code, code.title(), code, points, 100, 0, starts_at, terms=Terms(**terms)
    )
    set_earning_rule(given, actor=TILL)


def all_kinds_of_limits() -> None:
    a_rule("daily", kind=Kind.MULTIPLIER, caps=((Scope.DAY, 300),))
    a_rule("visit", 10, kind=Kind.AWARD, caps=((Scope.VISIT, 10),))
    a_rule("first", 50, kind=Kind.AWARD, is_first_purchase=True)
    a_rule("yearly", 25, kind=Kind.AWARD, caps=((Scope.YEAR, 25),))


def earned() -> dict[str, int]:
    """What each receipt earns now, by its number."""
    numbers = dict(Receipt.objects.values_list("id", "number"))
    return {numbers[key]: one.points for key, one in latest_assessments(numbers).items()}


def by_rule(number: str) -> dict[str, int]:
    receipt_id = Receipt.objects.get(number=number).id
    steps = latest_assessments([receipt_id])[receipt_id].steps
    return {step.code: step.points for step in steps}


def test_a_daily_limit_is_shared_in_the_order_of_purchases(world: TradingWorld) -> None:
    a_rule("daily", kind=Kind.MULTIPLIER, caps=((Scope.DAY, 150),))
    a_member(PHONE, store=world.bakery)
    noon = a_receipt(world.bakery, "R2", 10_000, phone=PHONE, at=NOON)
    morning = a_receipt(world.bakery, "R1", 10_000, phone=PHONE, at=NOON - dt.timedelta(hours=3))
    tell(noon)
    assert earned() == {"R2": 200}
    tell(morning)  # late: now the first of the day
    assert earned() == {"R1": 200, "R2": 150}
    tell(a_return(world.bakery, "B1", "R1"))
    assert earned() == {"R1": 0, "R2": 200}
    assert Assessment.objects.filter(receipt__number="R2").count() == 3
    assert verify().is_sound, verify()


def test_only_the_first_purchase_is_rewarded_whenever_we_learn_of_it(world) -> None:
    a_rule("first", 50, kind=Kind.AWARD, is_first_purchase=True)
    member_id = a_member(PHONE, store=world.bakery)
    tell(a_receipt(world.bakery, "R2", phone=PHONE, at=NOON + WEEK))
    assert by_rule("R2") == {"base": 100, "first": 50}
    tell(a_receipt(world.bakery, "R1", phone=PHONE, at=NOON))
    assert (by_rule("R1"), by_rule("R2")) == ({"base": 100, "first": 50}, {"base": 100, "first": 0})
    assert Wallet.objects.get(member_id=member_id).balance == 250


def test_a_purchase_before_the_rule_takes_the_first_ones_reward_away(world) -> None:
    a_rule("first", 50, kind=Kind.AWARD, is_first_purchase=True, starts_at=NOON)
    a_member(PHONE, store=world.bakery)
    tell(a_receipt(world.bakery, "R2", phone=PHONE, at=NOON + WEEK))
    assert earned() == {"R2": 150}
    tell(a_receipt(world.bakery, "R1", phone=PHONE, at=NOON - WEEK))
    assert earned() == {"R1": 100, "R2": 100}


def test_a_visit_is_rewarded_once_a_day_and_mall(world: TradingWorld) -> None:
    a_rule("visit", 10, kind=Kind.AWARD, caps=((Scope.VISIT, 10),))
    a_member(PHONE, store=world.bakery)
    tell(
        a_receipt(world.bakery, "R1", phone=PHONE, at=NOON),
        a_receipt(world.pharmacy, "R2", phone=PHONE, at=NOON + dt.timedelta(hours=1)),
        a_receipt(world.bakery, "R3", phone=PHONE, at=NOON + dt.timedelta(days=1)),
    )
    assert earned() == {"R1": 110, "R2": 100, "R3": 110}


def test_a_returned_sale_takes_its_layers_back_and_leaves_a_debt(world, frozen_clock) -> None:
    """The thread: a rule changes, a receipt explains itself, comes back, and is owed."""
    a_rule("double", kind=Kind.MULTIPLIER)
    frozen_clock.set(NOON)
    member_id = a_member(PHONE, store=world.bakery)
    tell(a_receipt(world.bakery, "R1", 8_000, phone=PHONE, at=NOON))
    assert by_rule("R1") == {"base": 80, "double": 80}
    frozen_clock.set(NOON + dt.timedelta(hours=2))
    redeem([redemption(member_id, counter(), 160)], actor=TILL)
    tell(a_return(world.bakery, "B1", "R1"))
    assert sum(Receivable.objects.values_list("owed", flat=True)) == 160
    assert by_rule("R1") == {"base": 0, "double": 0}


def test_birthdays_are_read_from_the_row_that_erasing_deletes(world: TradingWorld) -> None:
    a_rule("birthday", kind=Kind.MULTIPLIER, birthday=Birthday.MONTH)
    member_id = a_member(PHONE, store=world.bakery)
    MemberSearch.objects.filter(member_id=member_id).update(birth_month=3, birth_day=30)
    tell(a_receipt(world.bakery, "R1", phone=PHONE, at=NOON))
    MemberSearch.objects.filter(member_id=member_id).delete()
    tell(a_receipt(world.bakery, "R2", phone=PHONE, at=NOON + dt.timedelta(hours=1)))
    assert earned() == {"R1": 200, "R2": 100}


class Families:
    """A higher app that knows one segment."""

    def __init__(self) -> None:
        self.members: set[UUID] = set()

    def offered(self) -> Mapping[str, str]:
        return self.segments()

    def segments(self) -> Mapping[str, str]:
        return {"families": "Families"}

    def members_among(self, segment: str, member_ids: Any) -> set[UUID]:
        return self.members & set(member_ids)


@pytest.fixture
def families() -> Iterator[Families]:
    source = Families()
    segments.register_segment_source(source)
    yield source
    segments._sources.remove(source)


def test_without_segments_no_rule_can_be_for_one(world: TradingWorld) -> None:
    with pytest.raises(SegmentsNotAvailable, match="No member segments are set up here"):
        a_rule("families", kind=Kind.MULTIPLIER, segment="families")
    assert EarningRule.objects.count() == 1


def test_a_segment_counts_as_it_was_at_the_purchase(world, families: Families) -> None:
    a_rule("families", kind=Kind.MULTIPLIER, segment="families")
    member_id = a_member(PHONE, store=world.bakery)
    families.members.add(member_id)
    tell(a_receipt(world.bakery, "R1", 20_000, phone=PHONE, at=NOON))
    families.members.clear()
    tell(a_receipt(world.bakery, "R2", phone=PHONE, at=NOON + dt.timedelta(hours=1)))
    assert earned() == {"R1": 400, "R2": 100}


def test_a_budget_gives_what_it_has_and_gets_back_what_returns(world: TradingWorld) -> None:
    set_points_budget(BudgetInput("spring", "Spring", "春季", 150), actor=TILL)
    a_rule("double", kind=Kind.MULTIPLIER, budget="spring")
    a_member(PHONE, store=world.bakery)
    tell(
        a_receipt(world.bakery, "R1", phone=PHONE, at=NOON),
        a_receipt(world.bakery, "R2", phone=PHONE, at=NOON + dt.timedelta(hours=1)),
    )
    assert earned() == {"R1": 200, "R2": 150}
    assert PointsBudget.objects.get().used_points == 150
    tell(a_return(world.bakery, "B1", "R1", at=NOON + dt.timedelta(hours=2)))
    assert PointsBudget.objects.get().used_points == 50
    tell(a_receipt(world.bakery, "R3", phone=PHONE, at=NOON + dt.timedelta(hours=3)))
    assert earned() == {"R1": 0, "R2": 150, "R3": 200}


def test_the_total_of_a_rule_is_a_budget_of_its_own(world: TradingWorld) -> None:
    a_rule("double", kind=Kind.MULTIPLIER, total_cap=70)
    a_member(PHONE, store=world.bakery)
    tell(a_receipt(world.bakery, "R1", phone=PHONE, at=NOON))
    assert by_rule("R1") == {"base": 100, "double": 70}
    assert PointsBudget.objects.get(code="rule:double").used_points == 70


def test_a_plain_programme_is_asked_nothing_more(world: TradingWorld) -> None:
    """No rule with a limit: the till's receipt costs not one statement more than it did."""
    a_member(PHONE, store=world.bakery)
    tell(a_receipt(world.bakery, "R0", phone=PHONE, at=NOON))
    with CaptureQueriesContext(connection) as plain:
        tell(a_receipt(world.bakery, "R1", phone=PHONE, at=NOON + WEEK))
    a_rule("tea", kind=Kind.MULTIPLIER, weekdays=(1,), starts_at=NOON + 10 * DAY)
    programme()
    with CaptureQueriesContext(connection) as layered:
        tell(a_receipt(world.bakery, "R2", phone=PHONE, at=NOON + 2 * WEEK))
    assert len(layered) == len(plain)
    assert by_rule("R2") == {"base": 100, "tea": 100}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[int, int, int]], list[int], list[int]]:
    sales = draw(
        st.lists(
            st.tuples(
                st.sampled_from([0, 0, 1, 200, 370]),
                st.integers(0, 23),
                st.sampled_from([99, 5_000, 60_000]),
            ),
            min_size=2,
            max_size=6,
        )
    )
    returned = draw(st.lists(st.integers(0, len(sales) - 1), unique=True, max_size=3))
    order = draw(st.permutations([*range(len(sales) + len(returned))]))
    return sales, returned, order


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(history=histories(), together=st.booleans())
def test_limits_end_in_the_same_state_in_any_order(world: TradingWorld, history, together) -> None:
    sales, returned, order = history
    facts: list[ReceiptInput | ReturnInput] = [
        a_receipt(
            world.bakery, f"R{i}", amount, phone=PHONE,
            at=NOON.replace(hour=0) + dt.timedelta(days=day, hours=hour),
        )
        for i, (day, hour, amount) in enumerate(sales)
    ]  # fmt: skip
    facts += [
        a_return(world.bakery, f"B{i}", f"R{i}", at=facts[i].occurred_at + dt.timedelta(days=3))
        for i in returned
    ]
    in_order = sorted(facts, key=lambda fact: fact.occurred_at)
    told = [facts[i] for i in order]
    assert _state(world, in_order, False) == _state(world, told, together)


def _state(world: TradingWorld, facts: list[ReceiptInput | ReturnInput], together: bool) -> Any:
    with transaction.atomic():
        all_kinds_of_limits()
        member_id = a_member(PHONE, store=world.bakery)
        if together:
            record_returns(
                [one for one in facts if isinstance(one, ReturnInput)],
                actor=TILL, source=Source.POS,
            )  # fmt: skip
            record_receipts(
                [one for one in facts if isinstance(one, ReceiptInput)],
                actor=TILL, source=Source.POS,
            )  # fmt: skip
        else:
            tell(*facts)
        given = {
            (number, code): points
            for number in earned()
            for code, points in by_rule(number).items()
            if points
        }
        state = (state_of(member_id), given)
        assert verify().is_sound, verify()
        transaction.set_rollback(True)
    return state
