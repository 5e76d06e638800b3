"""Earning points."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.value.ledger import services
from mallard.value.ledger.errors import (
    AmountNotPositive,
    AmountTooLarge,
    BatchTooLarge,
    KeyReused,
    LotNeverLives,
    MemberUnknown,
)
from mallard.value.ledger.models import Lot, Transfer
from mallard.value.ledger.queries import posted_for_sources, wallet_of
from mallard.value.ledger.rules import MAX_AMOUNT, MAX_BATCH
from mallard.value.ledger.tests.factories import ACTOR, accrual, funder, members, reversal

pytestmark = pytest.mark.django_db


def test_each_accrual_opens_one_lot_of_its_funder() -> None:
    [member], one, other = members(1), funder(), funder()

    answers = services.post_accruals(
        [accrual(member, one, 70), accrual(member, other, 30)], actor=ACTOR
    )

    lots = {lot.transfer_id: lot for lot in Lot.objects.all()}
    assert [lots[a.transfer_id].funder_id for a in answers] == [one, other]
    assert [lots[a.transfer_id].remaining for a in answers] == [70, 30]
    assert wallet_of([member])[member].balance == 100


def test_points_can_be_spent_only_after_they_mature() -> None:
    [member] = members(1)
    later = now() + dt.timedelta(days=7)
    services.post_accruals([accrual(member, funder(), 80, matures_at=later)], actor=ACTOR)

    assert wallet_of([member])[member].maturing == 80
    assert wallet_of([member])[member].available == 0
    assert wallet_of([member], at=later)[member].available == 80


def test_a_repeated_key_gets_the_first_answer_and_moves_nothing() -> None:
    [member] = members(1)
    batch = [accrual(member, funder(), points) for points in (10, 20, 30)]
    first = services.post_accruals(batch, actor=ACTOR)

    again = services.post_accruals(batch, actor=ACTOR)

    assert [a.is_replay for a in again] == [True] * 3
    assert [replace(a, is_replay=False) for a in again] == first
    assert Transfer.objects.count() == 3
    assert wallet_of([member])[member].balance == 60


def test_a_key_twice_in_one_batch_posts_once() -> None:
    [member] = members(1)
    one = accrual(member, funder(), 10)

    answers = services.post_accruals([one, one], actor=ACTOR)

    assert answers[0].transfer_id == answers[1].transfer_id
    assert wallet_of([member])[member].balance == 10


@pytest.mark.parametrize("change", [{"points": 11}, {"source_id": uuid7()}])
def test_the_same_key_with_other_content_is_refused_whole(change: dict[str, object]) -> None:
    [member], mall = members(1), funder()
    first = accrual(member, mall, 10)
    services.post_accruals([first], actor=ACTOR)

    with pytest.raises(KeyReused):
        services.post_accruals([accrual(member, mall, 5), replace(first, **change)], actor=ACTOR)


@pytest.mark.django_db(transaction=True)
def test_a_refused_batch_leaves_nothing_behind() -> None:
    [member], mall = members(1), funder()
    first = accrual(member, mall, 10)
    services.post_accruals([first], actor=ACTOR)

    with pytest.raises(KeyReused):
        services.post_accruals([accrual(member, mall, 5), replace(first, points=11)], actor=ACTOR)

    assert wallet_of([member])[member].balance == 10
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("points", [0, -1, True, 1.0])
def test_only_whole_amounts_above_zero_move(points: int) -> None:
    [member] = members(1)
    with pytest.raises(AmountNotPositive):
        services.post_accruals([accrual(member, funder(), points)], actor=ACTOR)
    assert Transfer.objects.count() == 0


def test_amounts_batches_and_lives_have_bounds() -> None:
    [member], mall = members(1), funder()
    at = now()
    with pytest.raises(AmountTooLarge):
        services.post_accruals([accrual(member, mall, MAX_AMOUNT + 1)], actor=ACTOR)
    with pytest.raises(BatchTooLarge):
        services.post_accruals([accrual(member, mall)] * (MAX_BATCH + 1), actor=ACTOR)
    with pytest.raises(LotNeverLives):
        services.post_accruals([accrual(member, mall, matures_at=at, expires_at=at)], actor=ACTOR)
    assert Transfer.objects.count() == 0


def test_a_member_who_does_not_exist_earns_nothing() -> None:
    [member], mall = members(1), funder()
    with pytest.raises(MemberUnknown):
        services.post_accruals([accrual(member, mall), accrual(uuid7(), mall)], actor=ACTOR)


@pytest.mark.parametrize("text", ['quote " and \\ and 中文', "tab\tand\nline", "{NULL},'x'", ""])
def test_any_text_may_be_a_reason(text: str) -> None:
    [member] = members(1)
    [posted] = services.post_accruals([accrual(member, funder(), reason=text)], actor=ACTOR)
    assert Transfer.objects.get(id=posted.transfer_id).reason == text


def test_a_batch_takes_the_same_statements_whatever_its_size() -> None:
    mall, people = funder(), members(10)
    services.open_wallets(people, actor=ACTOR)
    counts = []
    for size in (10, 1_000):
        batch = [accrual(people[i % 10], mall) for i in range(size)]
        for _first_then_replay in range(2):
            with CaptureQueriesContext(connection) as captured:
                services.post_accruals(batch, actor=ACTOR)
            counts.append(sum("ledger_" in query["sql"] for query in captured))
    assert counts == [1, 2, 1, 2]


def test_a_debt_is_settled_first_and_by_funder() -> None:
    [member], one, other = members(1), funder(), funder()
    spent, later = accrual(member, one, 100), accrual(member, other, 130)
    services.post_accruals([spent], actor=ACTOR)
    services.reverse_accruals([reversal(spent), reversal(spent, 40)], actor=ACTOR)
    assert wallet_of([member])[member].owed == 40

    [answer] = services.post_accruals([later], actor=ACTOR)

    assert answer.settled_points == 40
    view = wallet_of([member])[member]
    assert (view.available, view.owed) == (90, 0)
    settle = Transfer.objects.get(kind="settle")
    assert settle.credit_account.receivable.funder_id == one
    assert settle.lot_uses.get().lot.funder_id == other
    [again] = services.post_accruals([later], actor=ACTOR)
    assert (again.settled_points, again.is_replay) == (40, True)


def test_posted_for_sources_is_what_was_earned_less_what_was_reversed() -> None:
    [member], mall = members(1), funder()
    sale = accrual(member, mall, 100)
    services.post_accruals([sale], actor=ACTOR)
    services.reverse_accruals([reversal(sale, 30)], actor=ACTOR)
    assert posted_for_sources([sale.source_id, uuid7()]) == {(sale.source_id, mall): 70}
