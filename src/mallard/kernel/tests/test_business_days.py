"""Business days where clocks change: one after the other, none lost and none twice."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.kernel.clock import business_day, business_day_start

BERLIN, SANTIAGO, HAVANA = (
    ZoneInfo(name) for name in ("Europe/Berlin", "America/Santiago", "America/Havana")
)
ZONES = [
    *(BERLIN, SANTIAGO, HAVANA),
    *(ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe")),
]
D = dt.date
SECOND = dt.timedelta(seconds=1)
START = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "day", "cutoff", "hours"),
    [
        (BERLIN, D(2026, 3, 28), 4, 23),  # the night of the 29th has no two o'clock
        (BERLIN, D(2026, 10, 24), 4, 25),  # and that of 25 October has it twice
        (BERLIN, D(2026, 3, 29), 2, 23),  # begins at the two o'clock that is not there: at three
        (BERLIN, D(2026, 3, 28), 2, 24),
        (BERLIN, D(2026, 10, 25), 2, 25),  # begins at the first two o'clock
        (SANTIAGO, D(2026, 9, 6), 0, 23),  # midnight itself is left out
        (HAVANA, D(2026, 11, 1), 0, 25),  # midnight comes twice
        (BERLIN, D(2028, 2, 29), 4, 24),
        (BERLIN, D(2026, 12, 31), 4, 24),
    ],
)
def test_how_long_a_business_day_is(zone: ZoneInfo, day: D, cutoff: int, hours: int) -> None:
    begin = business_day_start(day, zone, cutoff)
    end = business_day_start(day + dt.timedelta(days=1), zone, cutoff)
    assert end - begin == dt.timedelta(hours=hours)
    assert business_day(begin, zone, cutoff) == day
    assert business_day(begin - SECOND, zone, cutoff) == day - dt.timedelta(days=1)
    assert business_day(end - SECOND, zone, cutoff) == day


@given(
    at=st.integers(0, 8 * 366 * 86_400).map(lambda n: START + n * SECOND),
    zone=st.sampled_from(ZONES),
    cutoff=st.integers(0, 6),
)
def test_every_moment_belongs_to_the_day_that_has_begun(
    at: dt.datetime, zone: ZoneInfo, cutoff: int
) -> None:
    day = business_day(at, zone, cutoff)
    assert business_day_start(day, zone, cutoff) <= at
    assert at < business_day_start(day + dt.timedelta(days=1), zone, cutoff)
