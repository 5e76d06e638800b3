"""Two records are merged, live on, and are unmerged: nothing was moved, nothing is lost.

Whatever happened before, between and after, each receipt is still with the record whose identity
was shown, every total is the sum of the two records, and the books derive anew.
"""

from __future__ import annotations

import datetime as dt
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
from mallard.value.ledger.queries import wallet_of
from mallard.value.sales.models import MemberDay, Receipt, Source
from mallard.world.members.models import Identity, Member
from mallard.world.members.services import merge_members, unmerge_member

pytestmark = pytest.mark.django_db

PHONES = ("13812345678", "13812345679")
AMOUNTS = (9_900, 25_000, 60_000)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=60))
    return a_trading_world()


# A life: purchases as (whose phone, day, amount, whether it comes back), in three parts.
PURCHASE = st.tuples(st.integers(0, 1), st.integers(0, 40), st.sampled_from(AMOUNTS), st.booleans())
PART = st.lists(PURCHASE, max_size=4)


class Life:
    """Two records of one person and what they bought."""

    def __init__(self, world: TradingWorld) -> None:
        self.world = world
        self.members = tuple(a_member(phone, store=world.bakery) for phone in PHONES)
        self.bought: dict[str, tuple[UUID, int]] = {}

    def live(self, part: list[tuple[int, int, int, bool]]) -> None:
        for whose, day, amount, comes_back in part:
            number = f"R{len(self.bought)}"
            at = NOON + dt.timedelta(days=day)
            receipt = a_receipt(self.world.bakery, number, amount, phone=PHONES[whose], at=at)
            [outcome] = record_receipts([receipt], actor=TILL, source=Source.POS)
            assert outcome.status is not Status.REFUSED, outcome.error
            self.bought[number] = self.members[whose], 0 if comes_back else amount
            if comes_back:
                back = a_return(
                    self.world.bakery, f"B{number}", number, at=at + dt.timedelta(hours=1)
                )
                [outcome] = record_returns([back], actor=TILL, source=Source.POS)
                assert outcome.status is not Status.REFUSED, outcome.error

    def spent(self) -> dict[UUID, int]:
        """What each record bought and kept, by what the life says."""
        totals = dict.fromkeys(self.members, 0)
        for member_id, amount in self.bought.values():
            totals[member_id] += amount
        return totals

    def recorded(self) -> dict[UUID, int]:
        """The same by the rollups."""
        totals = dict.fromkeys(self.members, 0)
        for member_id, net, refund in MemberDay.objects.values_list(
            "member_id", "net_minor", "refund_minor"
        ):
            totals[member_id] += net - refund
        return totals


def worth(member_id: UUID) -> int:
    wallet = Wallet.objects.filter(member_id=member_id).first()
    return wallet.balance - wallet.owed if wallet else 0


def facts_of(life: Life) -> Any:
    """Everything that must stay where it is."""
    return (
        dict(Receipt.objects.values_list("number", "member_id")),
        sorted(Identity.objects.values_list("id", "member_id")),
        {member_id: worth(member_id) for member_id in life.members},
    )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(before=PART, between=PART, after=PART, survivor=st.integers(0, 1))
def test_merge_live_on_unmerge(
    world: TradingWorld,
    before: list[tuple[int, int, int, bool]],
    between: list[tuple[int, int, int, bool]],
    after: list[tuple[int, int, int, bool]],
    survivor: int,
) -> None:
    with transaction.atomic():
        life = Life(world)
        kept, merged = life.members[survivor], life.members[1 - survivor]
        life.live(before)
        facts = facts_of(life)

        merge_members(kept, merged_id=merged, actor=TILL)
        assert facts_of(life) == facts  # merging moves nothing
        apart = sum(worth(member_id) for member_id in life.members)
        together = wallet_of([kept])[kept]
        assert together.balance - together.owed == apart

        life.live(between)
        facts = facts_of(life)
        unmerge_member(merged, actor=TILL)
        assert Member.objects.get(pk=merged).merged_into_id is None
        identities = facts_of(life)
        assert identities[:2] == facts[:2]

        life.live(after)
        owners = {number: member_id for number, (member_id, _amount) in life.bought.items()}
        assert facts_of(life)[0] == owners  # each fact is with its identity
        assert life.recorded() == life.spent()  # every total is conserved
        for member_id in life.members:
            alone = wallet_of([member_id])[member_id]
            assert alone.balance - alone.owed == worth(member_id)
        transaction.set_rollback(True)
