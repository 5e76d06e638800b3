"""Receipts that come at the same time, each in a request of its own: answered in one transaction,
and each as if it had come alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.http import gathering
from mallard.kernel.http.models import IdempotencyKey
from mallard.kernel.outbox.models import OutboxEvent
from mallard.value.checkout.api import record_receipt
from mallard.value.checkout.tests.factories import TradingWorld, a_member, a_trading_world
from mallard.value.checkout.tests.test_api import PHONE, ApiTill, a_sale
from mallard.value.ledger.models import Transfer
from mallard.value.ledger.verification import verify
from mallard.value.sales.models import Receipt

pytestmark = pytest.mark.django_db(transaction=True)

OTHER_PHONE = "13911112222"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PATIENCE_SECONDS", 30.0)


@pytest.fixture
def world() -> TradingWorld:
    return a_trading_world()


@pytest.fixture
def member(world: TradingWorld) -> UUID:
    return a_member(PHONE, store=world.bakery)


@contextmanager
def held_by_another_session(member_id: UUID) -> Iterator[psycopg.Connection[Any]]:
    """Another session holds the member, until the block ends."""
    parameters = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: parameters[name] for name in wanted}) as other:
        other.execute("SELECT 1 FROM members_member WHERE id = %s FOR UPDATE", [member_id])
        yield other
        other.rollback()


def wait_until_waiting(count: int) -> None:
    """Until one is at work and ``count`` others wait for it."""
    gathered = record_receipt.gathering  # type: ignore[attr-defined]
    step = Event()
    for _look in range(3_000):
        if gathered._queues and sum(map(len, list(gathered._queues.values()))) == count:
            return
        step.wait(0.01)
    raise AssertionError("they did not come to wait")


def wait_until_locked_out(other: psycopg.Connection[Any]) -> int:
    """Until somebody waits for ``other``'s lock; the number of their session."""
    step = Event()
    for _look in range(3_000):
        found = other.execute(
            "SELECT pid FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        ).fetchone()
        if found:
            return int(found[0])
        step.wait(0.01)
    raise AssertionError("nobody waits for the lock")


class Crowd:
    """Requests in threads of their own."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def post(self, till: ApiTill, sale: dict[str, Any], key: str) -> Future[Any]:
        def send() -> Any:
            try:
                return till.post("/receipts", sale, key=key)
            finally:
                connection.close()

        return self._pool.submit(send)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    with ThreadPoolExecutor(32) as pool:
        yield Crowd(pool)


def test_each_of_many_is_answered_as_if_it_had_come_alone(
    world: TradingWorld, member: UUID, crowd: Crowd
) -> None:
    till, elsewhere = ApiTill(WHOLE_GROUP), ApiTill(Scope(store_ids=frozenset({world.pharmacy.id})))
    stranger = {"kind": "phone", "value": "13900000000"}
    with held_by_another_session(member) as other:
        first = crowd.post(till, a_sale("R0"), "k0")
        wait_until_locked_out(other)
        good = [crowd.post(till, a_sale(f"R{n}"), f"k{n}") for n in range(1, 20)]
        twins = [crowd.post(till, a_sale("T1"), "twin") for _twice in range(2)]
        other_content = crowd.post(till, a_sale("R99"), "k0")
        unknown = [
            crowd.post(till, a_sale("B1", store="NOWHERE"), "b1"),
            crowd.post(till, a_sale("B2", member=stranger), "b2"),
        ]
        wait_until_waiting(24)  # but the first: all of them
        outside = crowd.post(elsewhere, a_sale("O1", member=None), "o1")
        # Another caller's requests do not wait for this one's.
        assert outside.result(60).json()["code"] == "sales.unknown_store"

    answers = [each.result(60) for each in (first, *good)]
    assert [answer.status_code for answer in answers] == [201] * 20
    assert [answer.json()["number"] for answer in answers] == [f"R{n}" for n in range(20)]
    both = [each.result(60) for each in twins]
    assert [answer.status_code for answer in both] == [201, 201]
    assert both[0].content == both[1].content
    assert other_content.result(60).json()["code"] == "http.idempotency_conflict"
    assert [each.result(60).json()["code"] for each in unknown] == [
        "sales.unknown_store",
        "sales.unknown_member",
    ]

    assert Receipt.objects.count() == 21
    assert Transfer.objects.count() == 21
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {
        *(f"k{n}" for n in range(20)),
        "twin",
    }
    events = OutboxEvent.objects.filter(name="sales.receipt_recorded")
    assert len(set(events.values_list("request_id", flat=True))) == 21
    together = Counter(events.values_list("transaction_id", flat=True))
    assert max(together.values()) >= 20
    assert verify().is_sound


def test_when_their_session_is_cut_each_is_still_done_once(
    world: TradingWorld, member: UUID, crowd: Crowd
) -> None:
    till = ApiTill(WHOLE_GROUP)
    second = a_member(OTHER_PHONE, store=world.bakery)
    theirs = {"kind": "phone", "value": OTHER_PHONE}
    with held_by_another_session(second) as other:
        with held_by_another_session(member) as at_first:
            first = crowd.post(till, a_sale("R0"), "k0")
            wait_until_locked_out(at_first)
            rest = [crowd.post(till, a_sale(f"R{n}", member=theirs), f"k{n}") for n in range(1, 6)]
            wait_until_waiting(5)
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [wait_until_locked_out(other)])

    assert [each.result(60).status_code for each in (first, *rest)] == [201] * 6
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [f"R{n}" for n in range(6)]
    assert Transfer.objects.count() == 6
