"""Which points are spent first."""

from __future__ import annotations

import datetime as dt

from mallard.kernel.ids import uuid7
from mallard.value.ledger.rules import OpenLot, plan_spending
from mallard.value.ledger.types import LotState

NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def a_lot(expires_at: dt.datetime | None) -> OpenLot:
    return OpenLot.of(
        LotState(uuid7(), uuid7(), uuid7(), uuid7(), 100, 0, NOW - DAY, expires_at, uuid7())
    )


def test_the_soonest_to_expire_go_first_and_what_never_expires_last() -> None:
    never, late, soon = a_lot(None), a_lot(NOW + 9 * DAY), a_lot(NOW + DAY)

    takes, missing = plan_spending(250, [[never, late, soon]], at=NOW)

    assert [take.lot for take in takes] == [soon.state, late.state, never.state]
    assert [take.points for take in takes] == [100, 100, 50]
    assert missing == 0
