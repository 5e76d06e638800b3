"""Points that come back late: a grace counted from the lot's own end, once, however often."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.value.ledger import services
from mallard.value.ledger.models import Lot, Transfer
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.services.lives import Gift, extend_lot, give_points
from mallard.value.ledger.services.restoring import GRACE_DAYS
from mallard.value.ledger.tests.factories import (
    ACTOR,
    accrual,
    counter,
    funder,
    members,
    redemption,
    restoration,
)
from mallard.value.ledger.verification import verify

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
BEGIN = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
END = BEGIN + 10 * DAY
GRACE_END = END + GRACE_DAYS * DAY


@pytest.fixture
def member(frozen_clock) -> UUID:
    """With 100 points that end on the tenth day."""
    frozen_clock.set(BEGIN)
    [found] = members(1)
    services.post_accruals([accrual(found, funder(), 100, expires_at=END)], actor=ACTOR)
    return found


def available(member_id: UUID) -> int:
    return wallet_of([member_id])[member_id].available


def spend(member_id: UUID, till: UUID, points: int) -> str:
    row = redemption(member_id, till, points)
    services.redeem([row], actor=ACTOR)
    return row.key


def give_back(key: str) -> None:
    services.reverse_redemption(restoration(key), actor=ACTOR)


def lot() -> Lot:
    return Lot.objects.get()


def test_what_comes_back_after_the_end_lives_so_long_after_the_end(member, frozen_clock) -> None:
    key = spend(member, counter(), 100)
    frozen_clock.set(END + 12 * DAY)
    give_back(key)
    assert (lot().expires_at, lot().grace_ends_at) == (GRACE_END, GRACE_END)
    assert available(member) == 100


def test_what_comes_back_before_the_end_lives_as_long_as_before(member, frozen_clock) -> None:
    key = spend(member, counter(), 100)
    frozen_clock.set(END - DAY)
    give_back(key)
    assert (lot().expires_at, lot().grace_ends_at) == (END, None)


def test_letting_go_again_and_again_gains_nothing(member, frozen_clock) -> None:
    """The case that was found: confirmed and never collected, every fortnight, for ever."""
    till = counter()
    for days in (9, 23, 37):
        frozen_clock.set(BEGIN + days * DAY)
        key = spend(member, till, 100)
        frozen_clock.set(BEGIN + (days + 14) * DAY)
        give_back(key)
        services.expire_due(actor=ACTOR)
    assert available(member) == 0
    assert wallet_of([member])[member].balance == 0
    assert lot().expires_at == GRACE_END
    assert verify().is_sound


def test_what_comes_back_after_the_grace_expires_at_once_and_is_told(member, frozen_clock) -> None:
    key = spend(member, counter(), 60)
    frozen_clock.set(GRACE_END)
    give_back(key)
    kinds = list(Transfer.objects.order_by("id").values_list("kind", "amount"))
    assert kinds[-2:] == [("restore", 60), ("expire", 60)]
    assert available(member) == 0
    services.expire_due(actor=ACTOR)
    assert wallet_of([member])[member].balance == 0
    assert verify().is_sound


def test_a_gift_begins_no_new_grace(member, frozen_clock) -> None:
    [friend] = members(1)
    key = spend(member, counter(), 100)
    frozen_clock.set(END + 20 * DAY)
    give_back(key)
    give_points(_gift(member, friend, 100), actor=ACTOR)
    key = spend(friend, counter(), 100)
    frozen_clock.set(GRACE_END + DAY)
    give_back(key)
    services.expire_due(actor=ACTOR)
    assert (available(member), available(friend)) == (0, 0)
    assert wallet_of([friend])[friend].balance == 0


def test_a_new_life_that_staff_gave_has_its_own_grace(member, frozen_clock) -> None:
    longer = END + 100 * DAY
    key = spend(member, counter(), 50)
    frozen_clock.set(END + 5 * DAY)
    give_back(key)
    extend_lot(lot().pk, expires_at=longer, at=now())
    key = spend(member, counter(), 50)
    frozen_clock.set(longer + DAY)
    give_back(key)
    assert lot().expires_at == longer + GRACE_DAYS * DAY


def _gift(giver: UUID, receiver: UUID, points: int) -> Gift:
    id_ = uuid7()
    return Gift(f"gift:{id_}", giver, receiver, points, "gift", id_, "gift", now(), id_)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["spend", "back", "gift", "expire", "wait"]),
        st.integers(1, 100),
        st.integers(0, 14),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
@given(steps=STEPS)
def test_nothing_a_member_can_do_makes_points_outlive_the_grace(frozen_clock, steps) -> None:
    with transaction.atomic():
        frozen_clock.set(BEGIN)
        pair = members(2)
        services.post_accruals([accrual(pair[0], funder(), 100, expires_at=END)], actor=ACTOR)
        till, open_keys = counter(), []
        for act, points, days in steps:
            frozen_clock.advance(days=days, seconds=1)
            have = [available(one) for one in pair]
            who = 0 if have[0] >= have[1] else 1
            if act == "spend" and have[who]:
                open_keys.append(spend(pair[who], till, min(points, have[who])))
            elif act == "back" and open_keys:
                give_back(open_keys.pop(points % len(open_keys)))
            elif act == "gift" and have[who]:
                give_points(_gift(pair[who], pair[1 - who], min(points, have[who])), actor=ACTOR)
            elif act == "expire":
                services.expire_due(actor=ACTOR)
            latest = max(Lot.objects.values_list("expires_at", flat=True))
            assert latest is not None
            assert latest <= GRACE_END
        frozen_clock.set(max(now(), GRACE_END))
        for key in open_keys:
            give_back(key)
        while services.expire_due(actor=ACTOR).has_more:
            pass
        assert [available(one) for one in pair] == [0, 0]
        assert sum(wallet_of(pair)[one].balance for one in pair) == 0
        transaction.set_rollback(True)
