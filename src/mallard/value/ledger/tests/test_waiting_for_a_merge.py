"""Who belongs to whom is decided under the locks, not before a posting waited for them."""

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
