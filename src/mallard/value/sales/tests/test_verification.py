"""`mallard ledger verify` answers for the rollups of sales: sound after use, red on every fault."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from mallard.kernel.ids import uuid7
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
from mallard.value.ledger.verification import VerifyReport, verify
from mallard.value.loyalty.models import Assessment
from mallard.value.sales.facts import ReturnLineInput
from mallard.value.sales.models import MemberDay, Receipt, Source, StoreDay
from mallard.world.members.models import MemberPresence

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
OURS = ("store days", "member days", "presences", "earnings")


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    """A week of trade: named and anonymous sales over two days, a return on a third."""
    frozen_clock.set(NOON + dt.timedelta(days=7))
    made = a_trading_world(tenant_share_bp=7_000)
    a_member(PHONE, store=made.bakery)
    sales = [
        a_receipt(made.bakery, "R1", 60_000, phone=PHONE),
        a_receipt(made.bakery, "R2", 5_000),
        a_receipt(made.pharmacy, "R3", 50_000, phone=PHONE, at=NOON + dt.timedelta(days=1)),
        a_receipt(made.bakery, "R4", 9_900, phone=PHONE, at=NOON + dt.timedelta(days=2)),
    ]
    record_receipts(sales, actor=TILL, source=Source.POS)
    back = a_return(
        made.bakery,
        "B1",
        "R1",
        at=NOON + dt.timedelta(days=3),
        lines=(ReturnLineInput(1, 500),),
    )
    anonymous = a_return(made.bakery, "B2", "R2", at=NOON + dt.timedelta(days=3))
    record_returns([back, anonymous], actor=TILL, source=Source.POS)
    return made


def wrong(report: VerifyReport) -> dict[str, int]:
    return {check.name: check.wrong for check in report.checks if check.name in OURS}


def test_after_sales_and_returns_everything_agrees(world: TradingWorld) -> None:
    report = verify()
    assert wrong(report) == dict.fromkeys(OURS, 0), report
    assert all(check.checked for check in report.checks if check.name in OURS)


@pytest.mark.parametrize(
    "figure",
    [
        "receipts", "member_receipts", "net_minor", "member_net_minor", "discount_minor",
        "returns", "refund_minor", "member_refund_minor",
    ],
)  # fmt: skip
def test_a_wrong_figure_of_a_store_is_found(world: TradingWorld, figure: str) -> None:
    StoreDay.objects.filter(store=world.pharmacy).update(**{figure: F(figure) + 1})
    report = verify()
    assert wrong(report) == {**dict.fromkeys(OURS, 0), "store days": 1}
    [sample] = next(check for check in report.checks if check.name == "store days").samples
    assert str(world.pharmacy.id) in sample


@pytest.mark.parametrize("figure", ["visits", "receipts", "net_minor", "refund_minor"])
def test_a_wrong_figure_of_a_member_is_found(world: TradingWorld, figure: str) -> None:
    day = NOON.date()
    MemberDay.objects.filter(business_day=day).update(**{figure: F(figure) + 1})
    assert wrong(verify()) == {**dict.fromkeys(OURS, 0), "member days": 1}


def test_days_that_are_missing_or_invented_are_found(world: TradingWorld) -> None:
    StoreDay.objects.filter(store=world.pharmacy).delete()
    StoreDay.objects.create(store=world.bakery, business_day=dt.date(2020, 1, 1), receipts=1)
    assert wrong(verify())["store days"] == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"receipts": F("receipts") + 1},
        {"first_at": NOON + dt.timedelta(days=1, hours=1), "last_at": NOON + dt.timedelta(days=9)},
    ],
)
def test_a_wrong_presence_is_found(world: TradingWorld, fault: dict[str, object]) -> None:
    MemberPresence.objects.filter(store=world.pharmacy).update(**fault)
    assert wrong(verify()) == {**dict.fromkeys(OURS, 0), "presences": 1}


def test_a_missing_presence_is_found(world: TradingWorld) -> None:
    MemberPresence.objects.filter(store=world.pharmacy).delete()
    assert wrong(verify())["presences"] == 1


def test_an_assessment_that_was_never_posted_is_found(world: TradingWorld) -> None:
    """A revision that says one point more for each funder, without a transfer."""
    receipt = Receipt.objects.get(number="R4")
    latest = Assessment.objects.get(receipt=receipt)
    Assessment.objects.create(
        receipt=receipt,
        revision=2,
        member=latest.member,
        business_day=latest.business_day,
        reason=latest.reason,
        tenant_points=latest.tenant_points + 1,
        mall_points=latest.mall_points + 1,
        bonus_points=0,
        explanation=latest.explanation,
        assessed_at=NOON,
    )
    assert wrong(verify()) == {**dict.fromkeys(OURS, 0), "earnings": 2}


def test_a_receipt_that_nobody_assessed_is_found(world: TradingWorld) -> None:
    Receipt.objects.create(
        id=uuid7(),
        store=world.bakery,
        number="LOST",
        occurred_at=NOON,
        recorded_at=NOON,
        business_day=dt.date(2026, 3, 2),
        currency="CNY",
        net_minor=0,
        discount_minor=0,
        eligible_minor=0,
        fingerprint=b"0" * 16,
        source=Source.POS,
        actor_kind="system",
    )
    assert wrong(verify())["earnings"] == 2  # from its tenant and from its mall
