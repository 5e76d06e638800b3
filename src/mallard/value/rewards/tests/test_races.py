"""Several connections at once: the last reward goes to exactly one."""

from __future__ import annotations

from functools import partial

import pytest

from mallard.kernel.errors import DomainError
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.tests.factories import roll_up_all
from mallard.value.ledger.tests.test_races import at_once
from mallard.value.ledger.verification import verify
from mallard.value.rewards import services
from mallard.value.rewards.errors import AlreadyEnded, LimitReached, NotWaiting, OutOfStock
from mallard.value.rewards.models import Redemption, Status
from mallard.value.rewards.tests.factories import (
    ACTOR,
    a_counter,
    a_reward,
    place,
    rich_members,
    stock_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def assert_sound() -> None:
    roll_up_all()
    report = verify()
    assert report.is_sound, report


def test_the_last_reward_goes_to_exactly_one_of_sixty_four() -> None:
    counter = a_counter()
    reward = a_reward(counter, stock=1)
    found = rich_members(counter, 64)
    answers = at_once(
        [partial(place, member, reward, counter.desk, is_confirmed=True) for member in found]
    )
    won = [one for one in answers if isinstance(one, Redemption)]
    lost = [one for one in answers if isinstance(one, DomainError)]
    assert (len(won), {type(one) for one in lost}, len(lost)) == (1, {OutOfStock}, 63)
    balances = sorted(view.balance for view in wallet_of(found).values())
    assert balances == [900, *[1_000] * 63]
    assert all(view.held == 0 for view in wallet_of(found).values())
    assert stock_of(reward, counter.desk) == (1, 1)
    assert_sound()


def test_one_member_at_sixteen_desks_stays_within_the_limit() -> None:
    counter = a_counter()
    reward = a_reward(counter, stock=50, member_limit=1)
    [member] = rich_members(counter, 1, points=10_000)
    answers = at_once([partial(place, member, reward, counter.desk) for _n in range(16)])
    assert sum(isinstance(one, Redemption) for one in answers) == 1
    assert sum(isinstance(one, LimitReached) for one in answers) == 15
    assert stock_of(reward, counter.desk) == (50, 1)
    assert_sound()


def test_the_same_key_at_once_is_one_redemption() -> None:
    counter = a_counter()
    reward = a_reward(counter, stock=50)
    [member] = rich_members(counter, 1)
    answers = at_once(
        [partial(place, member, reward, counter.desk, key="same") for _n in range(12)]
    )
    assert len({one.pk for one in answers}) == 1
    assert stock_of(reward, counter.desk) == (50, 1)
    assert_sound()


def test_collected_or_cancelled_but_never_both() -> None:
    counter = a_counter()
    reward = a_reward(counter, stock=1)
    [member] = rich_members(counter, 1)
    row = place(member, reward, counter.desk, is_confirmed=True)
    cancel = partial(services.cancel_redemption, row.pk, reason="no", actor=ACTOR)
    collect = partial(services.collect_redemption, row.pk, actor=ACTOR)
    answers = at_once([collect, cancel] * 8)
    refusals = {type(one) for one in answers if isinstance(one, DomainError)}
    assert refusals <= {NotWaiting, AlreadyEnded}
    row.refresh_from_db()
    assert row.status == Status.CANCELLED
    assert (wallet_of([member])[member].balance, stock_of(reward, counter.desk)) == (1_000, (1, 0))
    assert_sound()
