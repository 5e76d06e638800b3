"""The world of trade that tests of reports read figures of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from mallard.review.reports.tests.factories import DAY, PHONE, WEEK, follow
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
)
from mallard.value.sales.models import Source


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in Chinese leaves its language behind in the thread."""
    with override("en"):
        yield


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    """¥300 on the day, ¥100 of it a member's, ¥200 refunded; ¥200 sold a week before."""
    frozen_clock.set(NOON + 3 * DAY)
    made = a_trading_world()
    a_member(PHONE, store=made.bakery)
    sales = [
        a_receipt(made.bakery, "R1", 10_000, phone=PHONE),
        a_receipt(made.bakery, "R2", 10_000),
        a_receipt(made.pharmacy, "R3", 10_000),
        a_receipt(made.bakery, "R4", 20_000, at=NOON - WEEK),
        a_receipt(made.place.hillside_bakery, "R5", 500),
    ]
    record_receipts(sales, actor=TILL, source=Source.POS)
    record_returns([a_return(made.bakery, "B1", "R4")], actor=TILL, source=Source.POS)
    follow()
    return made
