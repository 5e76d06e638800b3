"""Deadlines."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.world.privacy.rules import MOST_DAYS, days_left, deadline

FRIDAY = dt.datetime(2026, 11, 27, 15, tzinfo=dt.UTC)
MOMENTS = st.datetimes(
    min_value=dt.datetime(2020, 1, 1),  # noqa: DTZ001 made aware by the strategy
    max_value=dt.datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)


def test_weekends_do_not_count() -> None:
    assert deadline(FRIDAY, 1) == FRIDAY + dt.timedelta(days=3)
    assert deadline(FRIDAY, 15) == FRIDAY + dt.timedelta(days=21)


def test_thirty_days_are_the_most() -> None:
    assert deadline(FRIDAY, 22) == FRIDAY + dt.timedelta(days=MOST_DAYS)


@given(MOMENTS, st.integers(1, 22))
def test_a_deadline_is_a_working_day_or_the_thirtieth(at: dt.datetime, days: int) -> None:
    due_at = deadline(at, days)
    span = (due_at - at).days
    assert days <= span <= MOST_DAYS
    assert due_at.weekday() < 5 or span == MOST_DAYS


@pytest.mark.parametrize(
    ("hours", "left"), [(1, 1), (24, 1), (25, 2), (0, 0), (-1, -1), (-24, -1), (-49, -2)]
)
def test_days_left(hours: int, left: int) -> None:
    assert days_left(FRIDAY + dt.timedelta(hours=hours), FRIDAY) == left
