"""Goods that come back: the source has no refunds, so these are generated.

About 1.5 % of the receipts come back within two weeks, two thirds of them one line only. Which
ones is a draw over the receipt's own number: the same in every load, whatever its feeds and
batches are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from mallard.demo.calendar import ZONE
from mallard.demo.draws import SEED, Draws
from mallard.demo.receipts import DemoReceipt
from mallard.demo.tenants import SUNDRIES
from mallard.value.sales.facts import ReturnInput, ReturnLineInput

PER_MILLE = 15
MOST_DAYS = 14
WHOLE_PERCENT = 35
# The busiest fifteen days of the year hold 6,869 visits: so far a load that goes on must look back
# at least, to know what is still to come back.
LOOK_BACK_VISITS = 10_000
# Nobody brings back petrol, and a counter for tickets and phone cards takes nothing back.
NEVER = ("-FUE", f"-{SUNDRIES}")
OPENING_MINUTE, CLOSING_MINUTE = 10 * 60, 21 * 60


def returns_of(receipts: Iterable[DemoReceipt]) -> list[ReturnInput]:
    """What comes back of these receipts, in the order of the receipts."""
    return [back for receipt in receipts for back in _return_of(receipt)]


def _return_of(receipt: DemoReceipt) -> list[ReturnInput]:
    draws = Draws(SEED, "return", receipt.store, receipt.number)
    sold = [
        n
        for n, line in enumerate(receipt.lines, 1)
        if line.amount_minor > 0 and line.quantity_milli > 0
    ]
    if draws.below(1_000) >= PER_MILLE or not sold or receipt.store.endswith(NEVER):
        return []
    number = draws.pick(sold)
    line = receipt.lines[number - 1]
    is_whole = draws.chance(WHOLE_PERCENT) or len(receipt.lines) == 1
    at = _brought_back_at(receipt.occurred_at, draws)
    return [
        ReturnInput(
            store_code=receipt.store,
            number=f"{receipt.number}-R",
            receipt_number=receipt.number,
            occurred_at=at,
            lines=None if is_whole else (ReturnLineInput(number, line.quantity_milli),),
            recorded_at=at,
        )
    ]


def _brought_back_at(sold_at: datetime, draws: Draws) -> datetime:
    """Some minute of opening time on one of the next days."""
    day = sold_at.astimezone(ZONE).date() + timedelta(days=draws.between(1, MOST_DAYS))
    minute = draws.between(OPENING_MINUTE, CLOSING_MINUTE - 1)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return midnight + timedelta(minutes=minute)


def due_by(waiting: Sequence[ReturnInput], until: datetime) -> list[ReturnInput]:
    """Those that have come back by then, in the order in which they came."""
    due = [back for back in waiting if back.occurred_at <= until]
    return sorted(due, key=lambda back: (back.occurred_at, back.store_code, back.number))
