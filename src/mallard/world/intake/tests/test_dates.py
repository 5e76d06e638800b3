"""Dates in the shapes that people and programs write."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.world.intake.dates import AmbiguousDate, read_date

MAY_21 = dt.date(1990, 5, 21)


@pytest.mark.parametrize(
    "text",
    [
        "1990-05-21", "1990-5-21", "1990/5/21", "1990.05.21", "19900521", "1990年5月21日",
        "1990 年 5 月 21 日", "21/05/1990", "05/21/1990", "21.5.1990", "21 May 1990",
        "May 21, 1990", "1990-05-21 00:00:00", "１９９０－０５－２１", "33014",
    ],
)  # fmt: skip
def test_one_day_in_many_shapes(text: str) -> None:
    assert read_date(text) == MAY_21


def test_a_day_that_may_be_two_is_not_guessed() -> None:
    with pytest.raises(AmbiguousDate):
        read_date("05/06/1990")
    assert read_date("05/05/1990") == dt.date(1990, 5, 5)


@pytest.mark.parametrize(
    "text", ["", "1990", "1990-13-01", "1990-02-30", "31/02/1990", "soon", "1990/05-21", "0", "99"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_date(text)


@given(st.dates(min_value=dt.date(1914, 1, 1), max_value=dt.date(2100, 1, 1)))
def test_every_shape_of_a_day_reads_back(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%d %B %Y}",
        str(serial),
    ):
        assert read_date(text) == day
