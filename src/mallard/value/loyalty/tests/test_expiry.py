"""Points end on the right day, in leap years and at the turn of the year."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.value.loyalty.expiry import (
    Activity,
    ExpiryMode,
    expires_on,
    lived_until,
    shortened_until,
)
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


def at(day: D, hour: int = 12) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC)


def bought(day: D, months: int = 12) -> Activity:
    return Activity(at(day), at(add_months(day, months), 0))


def test_each_purchase_while_points_live_renews_them() -> None:
    first, second = bought(D(2024, 2, 29)), bought(D(2025, 2, 27))
    assert lived_until(first.ends_at, [second, first]) == at(D(2026, 2, 27), 0)
    assert lived_until(first.ends_at, [bought(D(2025, 3, 1))]) == at(D(2025, 2, 28), 0)
    assert lived_until(at(D(2030, 1, 1)), [first, second]) == at(D(2030, 1, 1)), "never shorter"


@given(days=st.lists(st.dates(D(2024, 1, 1), D(2028, 1, 1)), max_size=8), months=st.integers(1, 24))
def test_the_order_of_facts_does_not_matter(days: list[D], months: int) -> None:
    end = at(D(2024, 6, 1))
    activities = [bought(day, months) for day in days]
    expected = lived_until(end, activities)
    assert lived_until(end, reversed(activities)) == expected
    assert expected >= end
    if activities:
        gone, rest = activities[0], activities[1:]
        now = max(one.at for one in activities)
        shortened = shortened_until(end, expected, rest, [gone], at=now)
        assert shortened <= expected
        assert shortened >= min(lived_until(end, rest), expected)


def test_a_return_takes_back_what_it_had_renewed_but_for_thirty_days() -> None:
    kept, gone = bought(D(2026, 1, 10)), bought(D(2026, 11, 1))
    end = lived_until(kept.ends_at, [kept, gone])
    assert end == at(D(2027, 11, 1), 0)
    soon = shortened_until(kept.ends_at, end, [kept], [gone], at=at(D(2026, 11, 3)))
    assert soon == at(D(2027, 1, 10), 0)
    late = shortened_until(kept.ends_at, end, [kept], [gone], at=at(D(2027, 3, 1)))
    assert late == at(D(2027, 3, 31))
    by_hand = at(D(2028, 1, 1))
    assert shortened_until(kept.ends_at, by_hand, [kept], [gone], at=at(D(2026, 11, 3))) == by_hand
