"""Merged records are one person: for debts, and as things stand under the locks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from mallard.value.ledger import services
from mallard.value.ledger.errors import InsufficientPoints
from mallard.value.ledger.models import Wallet
from mallard.value.ledger.tests.factories import (
    ACTOR,
    accrual,
    counter,
    funder,
    members,
    redemption,
    reversal,
)
from mallard.value.ledger.verification import verify
from mallard.world.members.services import merge_members, unmerge_member

pytestmark = pytest.mark.django_db(transaction=True)


def is_waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_points_of_a_record_just_taken_apart_are_not_spent() -> None:
    [survivor, merged] = members(2)
    services.post_accruals([accrual(merged, funder(), 100)], actor=ACTOR)
    merge_members(survivor, merged_id=merged, actor=ACTOR)
    spend = redemption(survivor, counter(), 100)

    def redeem() -> Any:
        try:
            return services.redeem([spend], actor=ACTOR)
        except InsufficientPoints as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            unmerge_member(merged, actor=ACTOR)
            answer = pool.submit(redeem)
            for _try in range(200):
                if answer.done() or is_waiting_for_a_lock():
                    break
                Event().wait(0.02)
        assert isinstance(answer.result(timeout=30), InsufficientPoints)

    assert Wallet.objects.get(member_id=merged).balance == 100
    assert verify().is_sound


@pytest.mark.parametrize("earner", ["survivor", "merged", "other"])
@pytest.mark.parametrize("accruals", [1, 2])
def test_a_debt_is_settled_by_whichever_record_earns(earner: str, accruals: int) -> None:
    """Two records are merged into a survivor; one of the three owes, another one earns."""
    survivor, merged, other = members(3)
    debtor = survivor if earner == "merged" else merged
    bearer = funder()
    sale = accrual(debtor, bearer, 100)
    services.post_accruals([sale], actor=ACTOR)
    services.redeem([redemption(debtor, counter(), 100)], actor=ACTOR)
    services.reverse_accruals([reversal(sale)], actor=ACTOR)
    for record in (merged, other):
        merge_members(survivor, merged_id=record, actor=ACTOR)
    earning = {"survivor": survivor, "merged": merged, "other": other}[earner]

    posted = services.post_accruals(
        [accrual(earning, bearer, 30) for _ in range(accruals)], actor=ACTOR
    )

    assert sum(answer.settled_points for answer in posted) == 30 * accruals
    assert Wallet.objects.get(member_id=debtor).owed == 100 - 30 * accruals
    assert Wallet.objects.get(member_id=earning).balance == 0
    assert verify().is_sound
