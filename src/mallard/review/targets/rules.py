"""Attainment (目标达成率): how a month's target spreads over its days, and how far it is met. Pure.

A month has strong and weak weekdays, so a target to date in proportion to the calendar would call a
store late every Thursday. The weight of a weekday is what the store sold on that weekday in the
eight weeks before the month: fixed for the month, so that the target to date does not move.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mallard.kernel.money import split_by_largest_remainder

HISTORY = dt.timedelta(weeks=8)
DAY = dt.timedelta(days=1)
MAX_AMOUNT = 10**15
EVEN = (1, 1, 1, 1, 1, 1, 1)

Weights = tuple[int, ...]
Daily = Mapping[dt.date, int]


def first_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def days_of(month: dt.date) -> list[dt.date]:
    """The days of the month that begins on ``month``."""
    count = calendar.monthrange(month.year, month.month)[1]
    return [month + DAY * number for number in range(count)]


def next_month(month: dt.date) -> dt.date:
    return first_of(month + dt.timedelta(days=32))


def weekday_weights(history: Daily, month: dt.date) -> Weights:
    """Monday to Sunday: the values of the eight weeks before ``month``, summed by weekday.

    A weekday that lost more than it took weighs nothing. Without any history every day is alike.
    """
    sums = [0] * 7
    for day, value in history.items():
        if month - HISTORY <= day < month:
            sums[day.weekday()] += value
    weights = tuple(max(0, total) for total in sums)
    return weights if any(weights) else EVEN


def spread(amount: int, month: dt.date, weights: Weights) -> dict[dt.date, int]:
    """The target of each day; together exactly ``amount`` (largest remainder)."""
    days = days_of(month)
    parts = split_by_largest_remainder(amount, [weights[day.weekday()] for day in days])
    return dict(zip(days, parts, strict=True))


@dataclass(frozen=True, slots=True)
class DayOfTarget:
    """A day of the month: its own figures and those from the first of the month."""

    day: dt.date
    target: int
    actual: int
    target_to_date: int
    actual_to_date: int

    @property
    def attainment_bp(self) -> int | None:
        return attainment_bp(self.actual_to_date, self.target_to_date)


@dataclass(frozen=True, slots=True)
class Attainment:
    """How far a target is met by the end of ``as_of`` (the last whole business day)."""

    amount: int
    days: tuple[DayOfTarget, ...]

    @property
    def target_to_date(self) -> int:
        return self.days[-1].target_to_date if self.days else 0

    @property
    def actual_to_date(self) -> int:
        return self.days[-1].actual_to_date if self.days else 0

    @property
    def bp(self) -> int | None:
        """Month-to-date ÷ target to date in basis points; None before there is a target to date."""
        return attainment_bp(self.actual_to_date, self.target_to_date)


def attainment_bp(actual: int, target: int) -> int | None:
    """``actual`` ÷ ``target`` in basis points, rounded down; None of nothing."""
    return actual * 10_000 // target if target > 0 else None


def attained(
    amount: int, month: dt.date, *, weights: Weights, actual: Daily, as_of: dt.date
) -> Attainment:
    """The days of ``month`` up to ``as_of``, each with what was aimed at and what came."""
    days = []
    target_sum = actual_sum = 0
    for day, target in spread(amount, month, weights).items():
        if day > as_of:
            break
        target_sum += target
        actual_sum += actual.get(day, 0)
        days.append(DayOfTarget(day, target, actual.get(day, 0), target_sum, actual_sum))
    return Attainment(amount, tuple(days))


def equal_share(daily: Daily, heads: int) -> dict[dt.date, int]:
    """A place's daily values for one of ``heads`` people. What does not divide is carried on to
    the days after: a member a day is a member every third day for each of three."""
    share = {}
    whole = given = 0
    for day in sorted(daily):
        whole += daily[day]
        share[day] = whole // heads - given
        given += share[day]
    return share


def is_below(days: Sequence[DayOfTarget], *, threshold_bp: int, for_days: int) -> bool:
    """Whether the attainment was below the threshold on each of the last ``for_days`` days."""
    last = days[-for_days:]
    return len(last) == for_days and all(
        day.attainment_bp is not None and day.attainment_bp < threshold_bp for day in last
    )


def is_regained(days: Sequence[DayOfTarget], *, threshold_bp: int) -> bool:
    """Whether the attainment is at the threshold again."""
    return bool(days) and (days[-1].attainment_bp or 0) >= threshold_bp
