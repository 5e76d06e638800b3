"""Replaying a period: the product's own rules, person by person, and what they add up to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from mallard.kernel import clock
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.processes import work_beside_each_other
from mallard.value.loyalty.queries import ProgrammeFacts
from mallard.value.loyalty.settings import EXPIRY_MODE, EXPIRY_MONTH
from mallard.value.loyalty.whatif.expiring import Lives
from mallard.value.loyalty.whatif.shares import Person, Share, replay_share
from mallard.value.loyalty.whatif.sums import Sums
from mallard.world.malls.models import Store
from mallard.world.malls.queries import store_facts_by_id
from mallard.world.members.queries import records_of

Progress = Callable[[int, int], None]

RECEIPTS_A_STEP = 25_000
"""Read at once: few enough for the memory, so many that what a step costs by itself is little."""
RECEIPTS_A_PROCESS = 50_000
"""A process takes two or three seconds to begin with: fewer receipts are done sooner here."""


def replay(
    first: dt.date,
    last: dt.date,
    facts: ProgrammeFacts,
    draft: ProgrammeFacts,
    progress: Progress = lambda _done, _total: None,
    *,
    most_processes: int = 1,
) -> dict[str, Any]:
    """Assess every member's receipts of a period again under ``draft``; reads only.

    ``facts`` is the programme as it is: for the tiers that members have. Budgets do not stop a
    rule here: what rules would give without end is added up, to be held against the budget.
    ``progress`` is told how many persons are done, of how many. Where there is enough to do, up
    to ``most_processes`` do it beside each other, and see what is committed; with one it is all
    done here. The result is the same.

    Raises:
        ProcessDiedError: a process ended before its share was done.
    """
    members = _members(first, last)
    records = records_of(members)
    receipts: dict[Person, int] = {}
    for member, count in members.items():
        person = records[member]
        receipts[person] = receipts.get(person, 0) + count
    mode, month = EXPIRY_MODE.value, EXPIRY_MONTH.value
    lives = Lives(facts.expiry_months, mode, month), Lives(draft.expiry_months, mode, month)
    until = clock.now().date()
    processes = max(1, min(most_processes, sum(members.values()) // RECEIPTS_A_PROCESS))
    shares = [
        Share(_steps(persons, receipts), first, last, facts, draft, lives, until)
        for persons in _divided(sorted(receipts), processes)
    ]
    if processes == 1:
        found = replay_share(shares[0])
    else:
        found = work_beside_each_other(replay_share, shares, name="what-if")
    sums = Sums()
    done = 0
    progress(0, len(receipts))
    for one in found:
        if isinstance(one, Sums):
            sums.take(one)
        else:
            done += one
            progress(done, len(receipts))
    stores = store_facts_by_id(set(Store.objects.values_list("id", flat=True)))
    return sums.to_json({str(key): store for key, store in stores.items()})


def _divided(persons: Sequence[Person], shares: int) -> list[Sequence[Person]]:
    """Every so-manieth to the same share: those who joined together buy alike."""
    return [persons[number::shares] for number in range(shares)]


def _steps(persons: Sequence[Person], receipts: Mapping[Person, int]) -> list[list[Person]]:
    """Persons in turn, cut wherever enough receipts have come together."""
    steps: list[list[Person]] = []
    room = 0
    for person in persons:
        if room <= 0:
            steps.append([])
            room = RECEIPTS_A_STEP
        steps[-1].append(person)
        room -= receipts[person] + 1
    return steps


def _members(first: dt.date, last: dt.date) -> dict[UUID, int]:
    """Who bought in the period, and how many receipts they have of it."""
    rows = fetch_rows(
        "SELECT member_id, sum(receipts)::bigint FROM sales_memberday"
        " WHERE business_day BETWEEN %s AND %s GROUP BY member_id",
        [first, last],
    )
    return dict(rows)
