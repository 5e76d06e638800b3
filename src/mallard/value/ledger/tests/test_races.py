"""Several connections at once: each promise holds for exactly one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from mallard.kernel.clock import frozen, now
from mallard.kernel.errors import DomainError
from mallard.kernel.ids import uuid7
from mallard.value.ledger import services
from mallard.value.ledger.errors import HoldClosed, HoldOverdue, InsufficientPoints
from mallard.value.ledger.models import Transfer
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.tests.factories import (
    ACTOR,
    accrual,
    counter,
    funder,
    members,
    redemption,
    reversal,
    roll_up_all,
)
from mallard.value.ledger.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every call in a thread and connection of its own, started together; answers or
    refusals, in order."""
    barrier = Barrier(len(calls))

    def attempt(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return call()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(attempt, calls))


def assert_books_agree() -> None:
    roll_up_all()
    report = verify()
    assert report.is_sound, report


def test_the_last_points_go_to_exactly_one_of_sixteen() -> None:
    [member], till = members(1), counter()
    services.post_accruals([accrual(member, funder(), 100)], actor=ACTOR)
    spends = [redemption(member, till, 100) for _ in range(16)]

    answers = at_once([lambda s=s: services.redeem([s], actor=ACTOR) for s in spends])

    refused = [answer for answer in answers if isinstance(answer, InsufficientPoints)]
    assert len(refused) == 15
    assert wallet_of([member])[member].balance == 0
    assert_books_agree()


def test_one_key_from_thirty_two_threads_posts_once() -> None:
    [member] = members(1)
    same = accrual(member, funder(), 100)

    answers = at_once([lambda: services.post_accruals([same], actor=ACTOR)] * 32)

    assert sum(not answer[0].is_replay for answer in answers) == 1
    assert {replace(answer[0], is_replay=True) for answer in answers} == {
        replace(answers[0][0], is_replay=True)
    }
    assert wallet_of([member])[member].balance == 100
    assert_books_agree()


def test_batches_over_the_same_members_in_any_order_all_post() -> None:
    people, mall = members(8), funder()
    batches = [
        [accrual(member, mall, 1) for member in (people if turn % 2 else people[::-1])]
        for turn in range(12)
    ]

    at_once([lambda b=b: services.post_accruals(b, actor=ACTOR) for b in batches])

    assert {view.balance for view in wallet_of(people).values()} == {12}
    assert_books_agree()


@pytest.mark.parametrize("turn", range(4))
def test_a_return_against_a_redemption_loses_no_point(turn: int) -> None:
    [member], till = members(1), counter()
    sale = accrual(member, funder(), 100)
    services.post_accruals([sale], actor=ACTOR)
    undo, spend = reversal(sale), redemption(member, till, 100)

    reversed_, spent = at_once(
        [
            lambda: services.reverse_accruals([undo], actor=ACTOR)[0],
            lambda: services.redeem([spend], actor=ACTOR),
        ]
    )

    if isinstance(spent, InsufficientPoints):
        assert reversed_.taken_from_own_lots == 100
    else:
        assert reversed_.owed_points == 100
    view = wallet_of([member])[member]
    assert (view.balance, view.owed) == (0, reversed_.owed_points)
    assert_books_agree()


def test_a_hold_is_posted_or_voided_never_both() -> None:
    [member], till = members(1), counter()
    services.post_accruals([accrual(member, funder(), 100)], actor=ACTOR)
    placed = services.place_hold(
        redemption(member, till, 60), deadline_at=now() + dt.timedelta(minutes=5), actor=ACTOR
    )

    answers = at_once(
        [
            lambda: services.post_hold(placed.hold_id, group_id=uuid7(), actor=ACTOR),
            lambda: services.void_hold(placed.hold_id, actor=ACTOR),
        ]
        * 4
    )

    posted = any(isinstance(answer, services.Redeemed) for answer in answers)
    view = wallet_of([member])[member]
    assert (view.balance, view.held) == ((40, 0) if posted else (100, 0))
    refusals = {type(answer) for answer in answers if isinstance(answer, DomainError)}
    assert refusals == {HoldClosed}
    assert_books_agree()


def test_at_the_deadline_the_hold_is_over_for_whoever_asks() -> None:
    [member], till = members(1), counter()
    services.post_accruals([accrual(member, funder(), 100)], actor=ACTOR)
    deadline = now() + dt.timedelta(minutes=5)
    placed = services.place_hold(redemption(member, till, 60), deadline_at=deadline, actor=ACTOR)

    def post() -> Any:
        with frozen(deadline):
            return services.post_hold(placed.hold_id, group_id=uuid7(), actor=ACTOR)

    def void() -> Any:
        with frozen(deadline):
            return services.void_due_holds(actor=ACTOR)

    answers = at_once([post, void, post, void])

    assert {type(answers[0]), type(answers[2])} <= {HoldOverdue, HoldClosed}
    assert answers[1] + answers[3] == 1
    assert wallet_of([member])[member].available == 100
    assert_books_agree()


def test_points_expire_once_however_many_jobs_run() -> None:
    people, mall = members(20), funder()
    services.post_accruals([accrual(member, mall, 10) for member in people], actor=ACTOR)
    later = now() + dt.timedelta(days=366)

    answers = at_once([lambda: services.expire_due(actor=ACTOR, at=later)] * 6)

    assert sum(answer.points for answer in answers) == 200
    assert Transfer.objects.filter(kind="expire").count() == 20
    assert_books_agree()
