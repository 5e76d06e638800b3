"""What comes back: the same in every load, wherever it was killed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mallard.demo.feeds import still_to_come_back
from mallard.demo.receipts import Year
from mallard.demo.returns import LOOK_BACK_VISITS, MOST_DAYS, due_by, returns_of
from mallard.demo.source import open_source
from mallard.demo.workers import FeedPlan
from mallard.value.sales.facts import ReturnInput

VISITS, STEP = 16_000, 1_600
PLAN = FeedPlan(0, 2, 52, STEP // 2, VISITS)


@pytest.fixture(scope="module")
def year() -> Iterator[Year]:
    with open_source(is_checked=True) as source:
        yield Year(source, most_visits=VISITS)


def test_about_fifteen_of_a_thousand_receipts_come_back_within_two_weeks(year: Year) -> None:
    receipts = year.receipts(0, VISITS, weeks=52)
    by_number = {(receipt.store, receipt.number): receipt for receipt in receipts}
    returns = returns_of(receipts)

    assert 0.012 < len(returns) / len(receipts) < 0.018
    for back in returns:
        sold = by_number[back.store_code, back.receipt_number]
        assert timedelta(0) < back.occurred_at - sold.occurred_at < timedelta(days=MOST_DAYS + 1)
        assert all(
            0 < line.quantity_milli == sold.lines[line.line_no - 1].quantity_milli
            for line in back.lines or ()
        )
    assert returns == returns_of(receipts)


def test_a_load_that_goes_on_knows_what_is_still_to_come_back(year: Year) -> None:
    waiting: list[ReturnInput] = []
    came: list[ReturnInput] = []
    for done in range(0, VISITS, STEP):
        assert sorted(still_to_come_back(year, PLAN, done), key=str) == sorted(waiting, key=str)
        receipts = year.receipts(done, done + STEP, weeks=52, feed=0, feeds=2)
        waiting += returns_of(receipts)
        back = due_by(waiting, receipts[-1].occurred_at)
        waiting = [one for one in waiting if one not in back]
        came += back

    assert came == sorted(came, key=lambda back: (back.occurred_at, back.store_code, back.number))
    assert len(came) > 50


def test_no_two_weeks_hold_more_visits_than_a_load_looks_back_at(year: Year) -> None:
    receipts = year.receipts(0, VISITS, weeks=52)
    last = receipts[-1].occurred_at
    recent = {
        one.visit for one in receipts if last - one.occurred_at < timedelta(days=MOST_DAYS + 1)
    }
    assert len(recent) < LOOK_BACK_VISITS * 3 // 4
