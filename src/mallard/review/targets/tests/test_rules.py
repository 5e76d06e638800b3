"""Weights, spread and attainment, by property."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallard.review.targets.rules import (
    DAY,
    EVEN,
    HISTORY,
    attained,
    days_of,
    is_below,
    is_regained,
    next_month,
    spread,
    weekday_weights,
)

months = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 1)).map(lambda day: day.replace(day=1))
amounts = st.integers(1, 10**12)
weights = st.lists(st.integers(0, 10**9), min_size=7, max_size=7).map(
    lambda drawn: tuple(drawn) if any(drawn) else EVEN
)
# A busy machine draws slowly; that says nothing about the rules.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(amounts, months, weights)
def test_the_days_of_a_target_add_up_to_it(amount, month, weights) -> None:
    daily = spread(amount, month, weights)
    assert sum(daily.values()) == amount
    assert list(daily) == days_of(month)
    assert days_of(month)[-1] + DAY == next_month(month)


@patient
@given(amounts, months, weights)
def test_equal_weekdays_differ_by_a_unit_and_a_closed_one_has_none(amount, month, weights) -> None:
    by_weekday: dict[int, list[int]] = {}
    for day, part in spread(amount, month, weights).items():
        by_weekday.setdefault(day.weekday(), []).append(part)
    for weekday, parts in by_weekday.items():
        assert max(parts) - min(parts) <= 1
        if not weights[weekday]:
            assert max(parts) == 0


@patient
@given(months, st.lists(st.integers(-(10**6), 10**9), min_size=80, max_size=80))
def test_only_the_eight_weeks_before_the_month_weigh(month, values) -> None:
    history = {month - DAY * (number - 10): value for number, value in enumerate(values)}
    inside = {day: v for day, v in history.items() if month - HISTORY <= day < month}
    found = weekday_weights(history, month)
    assert found == weekday_weights(inside, month)
    assert min(found) >= 0
    assert any(found)


@patient
@given(amounts, months, weights, st.integers(0, 40), st.integers(-(10**9), 10**12))
def test_attainment_runs_to_the_last_whole_day(amount, month, weights, offset, each) -> None:
    as_of = month + DAY * (offset - 3)
    actual = dict.fromkeys(days_of(month), each)
    reached = attained(amount, month, weights=weights, actual=actual, as_of=as_of)
    shown = [day for day in days_of(month) if day <= as_of]
    assert [one.day for one in reached.days] == shown
    assert reached.actual_to_date == each * len(shown)
    assert 0 <= reached.target_to_date <= amount
    if as_of >= days_of(month)[-1]:
        assert reached.target_to_date == amount
        assert reached.bp == each * len(shown) * 10_000 // amount


def test_what_sells_at_the_weekend_is_expected_at_the_weekend() -> None:
    month = dt.date(2026, 11, 1)  # a Sunday
    history = {
        month - DAY * n: 300 if (month - DAY * n).weekday() >= 5 else 100 for n in range(1, 57)
    }
    by_weekday = weekday_weights(history, month)
    assert by_weekday == (800, 800, 800, 800, 800, 2400, 2400)
    daily = spread(48_000, month, by_weekday)
    saturday, monday = dt.date(2026, 11, 7), dt.date(2026, 11, 2)
    assert (daily[saturday], daily[monday]) == (3_000, 1_000)
    assert weekday_weights({}, month) == EVEN


def test_below_needs_every_one_of_the_days() -> None:
    month = dt.date(2026, 11, 1)
    actual = {month: 50, month + DAY: 50, month + 2 * DAY: 200}
    reached = attained(3_000, month, weights=EVEN, actual=actual, as_of=month + DAY)
    assert is_below(reached.days, threshold_bp=9_000, for_days=2)
    assert not is_below(reached.days, threshold_bp=9_000, for_days=3)
    assert not is_below(reached.days, threshold_bp=5_000, for_days=2)
    later = attained(3_000, month, weights=EVEN, actual=actual, as_of=month + 2 * DAY)
    assert not is_below(later.days, threshold_bp=9_000, for_days=2)
    assert is_regained(later.days, threshold_bp=9_000)
    assert not is_regained([], threshold_bp=9_000)
