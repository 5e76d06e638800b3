"""A day's events of many tills, delivered by a network that repeats and reorders them."""

from __future__ import annotations

import random
from itertools import islice
from typing import Any

from django.db import connection
from pydantic import TypeAdapter

from mallard.kernel.access.actor import system
from mallard.value.checkout.outcomes import Status
from mallard.value.checkout.schemas import (
    ReceiptAnswer,
    ReceiptIn,
    ReturnAnswer,
    ReturnIn,
)
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.ledger.verification import verify
from mallard.value.sales.models import Source
from tests.drill.acknowledged import Acknowledged
from tests.drill.errands import Errands, Shares
from tests.drill.place import make_place
from tests.drill.verdict import Verdict, judge

ONLY_FACTS = Shares(batch=0, repeat=0, contradict=0, twice_at_once=0, return_first=80)
ACTOR = system("drill deliveries")
MOST_AT_ONCE = 40

Event = tuple[str, dict[str, Any]]
"""`receipt` or `return`, and what the till says."""


def events_of_a_day(place: dict[str, Any], *, count: int, seed: int) -> list[Event]:
    """Sales and returns in the order in which they happened, at most one return of a sale."""
    errands = Errands(place, till=0, seed=seed, shares=ONLY_FACTS)
    events: list[Event] = []
    brought_back: set[str] = set()
    for errand in islice(errands, count):
        if errand.route == "returns":
            if errand.body["receipt_number"] in brought_back:
                continue
            brought_back.add(errand.body["receipt_number"])
        events.append(("return" if errand.route == "returns" else "receipt", errand.body))
        errands.answered(errand, {})
    events += [("receipt", errand.body) for errand in errands.finish()]
    return sorted(events, key=lambda event: str(event[1]["occurred_at"]))


def repeated_and_shuffled(events: list[Event], *, seed: int) -> list[Event]:
    """Every event 1 to 5 times, in any order."""
    draw = random.Random(seed)
    delivered = [event for event in events for _time in range(draw.randint(1, 5))]
    draw.shuffle(delivered)
    return delivered


def deliver(events: list[Event], *, seed: int) -> Acknowledged:
    """Hand the events to the services, in batches of whatever size; returns what they said."""
    draw = random.Random(seed)
    said = Acknowledged()
    waiting = list(events)
    while waiting:
        size = draw.randint(1, MOST_AT_ONCE)
        part, waiting = waiting[:size], waiting[size:]
        _deliver_receipts([body for kind, body in part if kind == "receipt"], said)
        _deliver_returns([body for kind, body in part if kind == "return"], said)
    return said


def state_after(*, count: int, seed: int, is_shuffled: bool) -> tuple[Verdict, Acknowledged]:
    """Make a place, deliver a day, and compare the end with plain Python's."""
    place = make_place(stores=4, members=max(10, count // 20), seed=seed)
    events = events_of_a_day(place, count=count, seed=seed)
    said = deliver(repeated_and_shuffled(events, seed=seed) if is_shuffled else events, seed=seed)
    report = verify()
    assert report.is_sound, report
    return judge(place, said, _query), said


def _deliver_receipts(bodies: list[dict[str, Any]], said: Acknowledged) -> None:
    given = [receipt.to_input() for receipt in TypeAdapter(list[ReceiptIn]).validate_python(bodies)]
    outcomes = record_receipts(given, actor=ACTOR, source=Source.API)
    for body, outcome in zip(bodies, outcomes, strict=True):
        said.add_item("receipt", body, ReceiptAnswer.of(outcome).model_dump(mode="json"))


def _deliver_returns(bodies: list[dict[str, Any]], said: Acknowledged) -> None:
    given = [back.to_input() for back in TypeAdapter(list[ReturnIn]).validate_python(bodies)]
    outcomes = record_returns(given, actor=ACTOR, source=Source.API)
    for body, outcome in zip(bodies, outcomes, strict=True):
        assert outcome.status is not Status.REFUSED, (body, outcome.error)
        said.add_item("return", body, ReturnAnswer.of(outcome).model_dump(mode="json"))


def _query(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("%", "%%"), [])
        return list(cursor.fetchall())
