"""The year ends just before the load and can be moved back exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mallard.demo.calendar import (
    LAST_FULL_DAY,
    business_day,
    shift_weeks,
    shifted,
    unshifted,
    wall_time,
)

START = datetime(2017, 1, 1, tzinfo=UTC)


@given(st.dates(min_value=date(2018, 1, 1), max_value=date(2100, 1, 1)))
def test_the_last_full_day_is_one_to_seven_days_before_the_load(today):
    last = LAST_FULL_DAY + timedelta(weeks=shift_weeks(today))
    assert timedelta(days=1) <= today - last <= timedelta(days=7)
    assert last.weekday() == LAST_FULL_DAY.weekday()


@given(
    st.integers(0, 366 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds)),
    st.integers(-100, 2_000),
)
def test_the_shift_is_undone_exactly_and_keeps_the_wall_time(at, weeks):
    assert unshifted(shifted(at, weeks=weeks), weeks=weeks) == at
    there = wall_time(shifted(at, weeks=weeks))
    assert (there.weekday(), there.time()) == (wall_time(at).weekday(), wall_time(at).time())


def test_the_night_belongs_to_the_business_day_before():
    assert business_day(datetime(2026, 3, 8, 9, 59, tzinfo=UTC)) == date(2026, 3, 7)
    assert business_day(datetime(2026, 3, 8, 10, 0, tzinfo=UTC)) == date(2026, 3, 8)


def test_christmas_is_the_day_without_trade(source):
    rows = source.execute(
        """
        select cast(transaction_timestamp - interval 5 hour as date) as day,
               count(distinct basket_id)
        from transactions group by day order by day
        """
    ).fetchall()
    days = dict(rows)
    missing = [
        day
        for offset in range(365)
        if (day := date(2017, 1, 1) + timedelta(days=offset)) not in days
    ]
    assert missing == [date(2017, 12, 25)]
    assert max(days) == LAST_FULL_DAY
    assert days[LAST_FULL_DAY] == 515
