"""A member with a year behind them: bought, returned, spent, owing; and somebody else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_receipt,
    a_return,
    a_trading_world,
    line,
)
from mallard.value.ledger.services import open_redemption, redeem
from mallard.value.ledger.types import Redemption
from mallard.value.sales.models import Receipt, Source
from mallard.world.members.inputs import ConsentInput, Enrolment, IdentityInput
from mallard.world.members.models import Member
from mallard.world.members.services import enrol_member

PHONE, OTHER_PHONE = "13812345678", "13987654321"


@dataclass(frozen=True)
class Shopper:
    """Who shops, where, and what for."""

    world: TradingWorld
    member: Member
    other: Member
    receipts: dict[str, UUID]


def enrolled(world: TradingWorld, phone: str, name: str, **more: object) -> Member:
    enrolment = Enrolment(
        profile={"name": name, "birth_date": "1990-05-21", "occupation": "Teacher"},
        origins={"occupation": Origin.GENERATED},
        identities=(
            IdentityInput("phone", phone),
            IdentityInput("email", f"{phone}@example.com"),
            IdentityInput("card", f"6{phone}"),
        ),
        consents=(ConsentInput("marketing"), ConsentInput("programme")),
        store_id=world.bakery.id,
        mall_id=world.bakery.mall_id,
        joined_at=now() - dt.timedelta(days=400),
        **more,  # type: ignore[arg-type]
    )
    return Member.objects.get(pk=enrol_member(enrolment, actor=TILL).id)


def a_shopper() -> Shopper:
    """¥400 of bread 360 days ago (it expires soon), ¥900 and cigarettes since, ¥90 came back."""
    world = a_trading_world()
    member, other = enrolled(world, PHONE, "王小明"), enrolled(world, OTHER_PHONE, "李四")
    today = now()
    bought = [
        a_receipt(world.bakery, "R-1", 40_000, phone=PHONE, at=today - dt.timedelta(days=350)),
        a_receipt(
            world.bakery,
            "R-2",
            phone=PHONE,
            at=today - dt.timedelta(days=20),
            lines=(line(90_000), line(9_000), line(3_000, sku="CIG-1")),
        ),
        a_receipt(
            world.pharmacy, "R-9", 70_000, phone=OTHER_PHONE, at=today - dt.timedelta(days=3)
        ),
    ]
    outcomes = record_receipts(bought, actor=TILL, source=Source.API)
    assert all(outcome.receipt_id for outcome in outcomes), outcomes
    return Shopper(world, member, other, dict(Receipt.objects.values_list("number", "id")))


def spent(shopper: Shopper, points: int) -> None:
    """The member spends points at a counter of the mall."""
    counter = open_redemption("mall", shopper.world.bakery.mall_id)
    spend = Redemption(
        key=f"test:{points}",
        member_id=shopper.member.id,
        points=points,
        redemption_account_id=counter,
        reason="reward",
        source_kind="test",
        source_id=shopper.member.id,
        occurred_at=now(),
        recorded_at=now(),
        group_id=uuid7(),
    )
    redeem([spend], actor=TILL)


def returned(shopper: Shopper) -> None:
    """All of the second receipt comes back."""
    back = a_return(shopper.world.bakery, "B-1", "R-2", at=now() - dt.timedelta(days=1))
    [outcome] = record_returns([back], actor=TILL, source=Source.API)
    assert outcome.status == "recorded", outcome
