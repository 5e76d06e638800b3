from __future__ import annotations

import datetime as dt
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import connection, transaction

from mallard.kernel.access.actor import system
from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox import dispatcher, events, queries, services
from mallard.kernel.outbox.events import Envelope, Event, consumer
from mallard.kernel.outbox.models import ConsumerCursor, OutboxEvent

ACTOR = system("test")


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLit(Event):
    name: ClassVar[str] = "test.lamp_lit"
    store_id: UUID
    watts: int
    at: dt.datetime = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LampOut(Event):
    name: ClassVar[str] = "test.lamp_out"


class Listener:
    """Remembers what it was given; fails when told to."""

    def __init__(self) -> None:
        self.batches: list[list[Envelope]] = []
        self.refuses: Callable[[Envelope], bool] = lambda _envelope: False

    def __call__(self, envelopes: list[Envelope]) -> None:
        if any(self.refuses(each) for each in envelopes):
            raise LookupError("phone 13812345678")
        self.batches.append(envelopes)

    @property
    def watts(self) -> list[int]:
        return [each.payload["watts"] for batch in self.batches for each in batch]


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    consumer(name="test.listener", events=[LampLit], batch_size=8)(listening)
    yield listening
    events.forget("test.listener")


def announce(*watts: int) -> None:
    with transaction.atomic():
        services.announce(
            [LampLit(subject_id=uuid7(), store_id=uuid7(), watts=each) for each in watts],
            actor=ACTOR,
        )


def dispatch(expected: int) -> None:
    """Dispatch until so many were delivered; a killed worker's lock may outlive it a moment."""
    wait_for_older_transactions()
    deadline, delivered = time.monotonic() + 20, 0
    while delivered < expected and time.monotonic() < deadline:
        delivered += dispatcher.dispatch_once()
    assert delivered == expected


@pytest.mark.django_db(transaction=True)
def test_events_arrive_in_batches_and_once(listener):
    announce(*range(20))
    dispatch(20)
    assert listener.watts == list(range(20))
    assert [len(batch) for batch in listener.batches] == [8, 8, 4]
    assert dispatcher.dispatch_once() == 0
    first = listener.batches[0][0]
    assert isinstance(first.subject_id, UUID)
    assert first.payload["at"] == "2026-01-01T00:00:00+00:00"
    assert UUID(first.payload["store_id"])


@pytest.mark.django_db(transaction=True)
def test_announcing_needs_a_transaction_and_vanishes_with_it(listener):
    with pytest.raises(RuntimeError):
        services.announce([LampOut(subject_id=uuid7())], actor=ACTOR)
    with transaction.atomic():
        services.announce([LampOut(subject_id=uuid7())], actor=ACTOR)
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_event_that_commits_late_is_not_skipped(listener):
    started, release = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                services.announce(
                    [LampLit(subject_id=uuid7(), store_id=uuid7(), watts=1)], actor=ACTOR
                )
                started.set()
                release.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert started.wait(20)
    announce(2)
    assert dispatcher.dispatch_once() == 0
    release.set()
    thread.join()
    dispatch(2)
    assert sorted(listener.watts) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_failing_consumer_keeps_its_place_and_others_go_on(listener, frozen_clock):
    other = Listener()
    consumer(name="test.other", events=[LampLit])(other)
    try:
        listener.refuses = lambda envelope: envelope.payload["watts"] == 5
        announce(*range(8))
        dispatch(8)
        assert other.watts == list(range(8))
        assert listener.watts == []
        # Ever smaller batches let the good events before the bad one by.
        for _turn in range(12):
            frozen_clock.advance(hours=1)
            dispatcher.dispatch_once()
        assert listener.watts == [0, 1, 2, 3, 4]
        lag = {each.name: each for each in queries.consumer_lags()}["test.listener"]
        assert (lag.waiting, lag.last_error) == (3, "LookupError")
        assert lag.failures > 3
        assert lag.retry_at is not None
        assert lag.retry_at > frozen_clock.advance(seconds=0)
        assert dispatcher.dispatch_once() == 0  # not before its time
        listener.refuses = lambda _envelope: False
        frozen_clock.advance(hours=1)
        dispatcher.dispatch_once()
        assert listener.watts == list(range(8))
        assert queries.consumer_lags()[0].waiting == 0
    finally:
        events.forget("test.other")


@pytest.mark.django_db(transaction=True)
def test_new_consumer_may_begin_with_what_comes():
    announce(1)
    late = Listener()
    consumer(name="test.late", events=[LampLit], from_start=False)(late)
    try:
        wait_for_older_transactions()
        dispatcher.dispatch_once()
        announce(2)
        dispatch(1)
        assert late.watts == [2]
    finally:
        events.forget("test.late")


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_do_not_serve_one_consumer_at_once(listener):
    inside, release = threading.Event(), threading.Event()
    original = listener.__class__.__call__
    delivered: list[int] = []

    def slow(self: Listener, envelopes: list[Envelope]) -> None:
        inside.set()
        release.wait(20)
        original(self, envelopes)

    events.forget("test.listener")
    consumer(name="test.listener", events=[LampLit])(lambda batch: slow(listener, batch))

    def work() -> None:
        try:
            deadline = time.monotonic() + 20
            while not delivered and time.monotonic() < deadline:
                if count := dispatcher.dispatch_once():
                    delivered.append(count)
        finally:
            connection.close()

    announce(1, 2, 3)
    thread = threading.Thread(target=work)
    thread.start()
    assert inside.wait(20)
    assert dispatcher.dispatch_once() == 0
    release.set()
    thread.join()
    assert delivered == [3]
    assert listener.watts == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_repeatable_consumer_ends_alike_for_shuffled_repeats():
    """What consumers are asked to bear: each event 1 to 5 times, in any order."""
    announce(*range(50))
    seen: dict[UUID, int] = {}

    def total(batch: list[Envelope]) -> None:
        for envelope in batch:
            seen.setdefault(envelope.id, envelope.payload["watts"])

    consumer(name="test.total", events=[LampLit])(total)
    try:
        dispatch(50)
        in_order = sum(seen.values())
        kept = list(
            OutboxEvent.objects.values_list("id", "name", "subject_id", "payload", "recorded_at")
        )
        chaos = random.Random(7)
        deliveries = [row for row in kept for _n in range(chaos.randint(1, 5))]
        chaos.shuffle(deliveries)
        seen.clear()
        total([Envelope(*row, "system", None, "") for row in deliveries])
        assert sum(seen.values()) == in_order == sum(range(50))
    finally:
        events.forget("test.total")


CHILD = """
import sys, time
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connection
from mallard.kernel.outbox import dispatcher
from mallard.kernel.outbox.events import Event, consumer

class Lit(Event):
    name = "test.lamp_lit"

@consumer(name="test.listener", events=[Lit], batch_size=8)
def hang(batch):
    print(len(batch), flush=True)
    time.sleep(60)

while True:
    dispatcher.dispatch_once()
"""


@pytest.mark.django_db(transaction=True)
def test_listener_to_rare_events_passes_the_others_by_once(listener):
    with transaction.atomic():
        services.announce([LampOut(subject_id=uuid7()) for _n in range(30)], actor=ACTOR)
    deadline = time.monotonic() + 20
    last = OutboxEvent.objects.order_by("-id")[0]
    while time.monotonic() < deadline:
        assert dispatcher.consumers_behind() == []
        if ConsumerCursor.objects.get(name="test.listener").after_id == last.id:
            break
    assert ConsumerCursor.objects.get(name="test.listener").after_id == last.id
    announce(7)
    dispatch(1)
    assert listener.watts == [7]


@pytest.mark.django_db(transaction=True)
def test_passing_by_stops_at_the_last_transaction_also_where_its_number_grows_a_digit(listener):
    with transaction.atomic():
        services.announce([LampOut(subject_id=uuid7()) for _n in range(2)], actor=ACTOR)
    wait_for_older_transactions()
    for event, number in zip(OutboxEvent.objects.order_by("id"), ("99", "100"), strict=True):
        with connection.cursor() as sql:
            sql.execute(
                "UPDATE outbox_event SET transaction_id = %s::xid8 WHERE id = %s",
                [number, event.id],
            )
    assert dispatcher.consumers_behind() == []
    assert ConsumerCursor.objects.get(name="test.listener").after_transaction == 100


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_looked_up_only_for_the_events_that_are_wanted(listener):
    """However the planner joins, no row beyond the batch is compared with the span."""
    announce(*range(40))
    wait_for_older_transactions()
    values = {"transaction": "0", "id": UUID(int=0), "span": 40, "names": ["test.lamp_lit"]}
    with connection.cursor() as sql:
        sql.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {dispatcher._SPAN}", values | {"limit": 3})
        plan = sql.fetchone()[0][0]["Plan"]
    assert [part["Actual Rows"] for part in _parts(plan) if part.get("CTE Name") == "wanted"] == [3]


def _parts(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _parts(part)


@pytest.mark.django_db(transaction=True)
def test_killed_worker_loses_nothing(listener):
    announce(*range(8))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(connection.settings_dict["NAME"])],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "8"
        assert dispatcher.dispatch_once() == 0
        child.send_signal(signal.SIGKILL)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    dispatch(8)
    assert listener.watts == list(range(8))


@pytest.mark.django_db(transaction=True)
def test_pruning_spares_what_somebody_has_not_seen(listener, frozen_clock):
    announce(1)
    frozen_clock.advance(days=40)
    dispatcher.consumers_behind()
    assert services.prune() == 0
    dispatch(1)
    announce(2)
    assert services.prune() == 1
    assert OutboxEvent.objects.get().payload["watts"] == 2
    assert ConsumerCursor.objects.get(name="test.listener").failures == 0
