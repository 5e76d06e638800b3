"""Points end on the right day, in leap years and at the turn of the year."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.value.loyalty.expiry import ExpiryMode, expires_on
from mallard.value.loyalty.rules import add_months

D = dt.date


@pytest.mark.parametrize(
    ("day", "rolling", "fixed"),
    [
        (D(2024, 2, 29), D(2025, 2, 28), D(2026, 1, 1)),
        (D(2027, 2, 28), D(2028, 2, 28), D(2029, 1, 1)),
        (D(2026, 12, 31), D(2027, 12, 31), D(2028, 1, 1)),
        (D(2026, 1, 1), D(2027, 1, 1), D(2027, 1, 1)),
        (D(2026, 1, 2), D(2027, 1, 2), D(2028, 1, 1)),
    ],
)
def test_the_day_on_which_points_are_gone(day: D, rolling: D, fixed: D) -> None:
    assert expires_on(day, 12) == rolling
    assert expires_on(day, 12, mode=ExpiryMode.FIXED_DAY, fixed_month=1) == fixed


@given(
    day=st.dates(D(2020, 1, 1), D(2040, 1, 1)),
    months=st.integers(1, 60),
    month=st.integers(1, 12),
)
def test_a_fixed_day_gives_nobody_less_time_and_at_most_a_year_more(
    day: D, months: int, month: int
) -> None:
    fixed = expires_on(day, months, mode=ExpiryMode.FIXED_DAY, fixed_month=month)
    rolling = add_months(day, months)
    assert (fixed.day, fixed.month) == (1, month)
    assert rolling <= fixed < add_months(rolling, 12)
