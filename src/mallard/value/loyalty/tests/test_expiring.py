"""Which points of a period are gone unspent: by hand, and against day-by-day book-keeping."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from mallard.value.loyalty.expiry import ExpiryMode
from mallard.value.loyalty.whatif.expiring import Lives, gone_unspent

D = dt.date
DAY = dt.timedelta(days=1)
FIRST = D(2024, 1, 1)


def test_what_is_spent_in_time_is_not_gone() -> None:
    earned = [(D(2025, 1, 10), 100), (D(2025, 3, 10), 50)]
    spent = [(D(2025, 2, 1), 30)]
    six = Lives(6)
    assert gone_unspent(earned, spent, six, until=D(2025, 7, 9)) == 0
    assert gone_unspent(earned, spent, six, until=D(2025, 7, 10)) == 70
    assert gone_unspent(earned, spent, six, until=D(2025, 12, 31)) == 120
    assert gone_unspent(earned, spent, Lives(12), until=D(2025, 12, 31)) == 0


def test_what_would_be_gone_by_then_cannot_be_spent() -> None:
    """Spent in August; with six months the points of January were gone in July."""
    earned = [(D(2025, 1, 10), 100), (D(2025, 3, 10), 50)]
    spent = [(D(2025, 8, 1), 80)]
    assert gone_unspent(earned, spent, Lives(6), until=D(2025, 12, 31)) == 100
    assert gone_unspent(earned, spent, Lives(12), until=D(2026, 12, 31)) == 70


def test_nothing_is_spent_before_it_is_earned() -> None:
    assert (
        gone_unspent([(D(2025, 3, 1), 50)], [(D(2025, 2, 1), 50)], Lives(1), until=D(2026, 1, 1))
        == 50
    )


def test_a_fixed_day_and_inactivity_are_the_programmes_own() -> None:
    fixed = Lives(12, ExpiryMode.FIXED_DAY, 1)
    assert fixed.ends([D(2025, 5, 5)]) == [D(2027, 1, 1)]
    kept = Lives(6, ExpiryMode.INACTIVITY)
    # The second purchase renews the first; the third comes too late.
    days = [D(2025, 1, 1), D(2025, 6, 1), D(2026, 1, 1)]
    assert kept.ends(days) == [D(2025, 12, 1), D(2025, 12, 1), D(2026, 7, 1)]


def test_a_leap_day_lives_a_year_until_the_28th() -> None:
    assert gone_unspent([(D(2024, 2, 29), 10)], [], Lives(12), until=D(2025, 2, 27)) == 0
    assert gone_unspent([(D(2024, 2, 29), 10)], [], Lives(12), until=D(2025, 2, 28)) == 10


POINTS = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 50)), max_size=8)


@settings(max_examples=200, deadline=None)
@given(
    earned=POINTS,
    spent=POINTS,
    months=st.sampled_from([1, 3, 12]),
    mode=st.sampled_from([ExpiryMode.ROLLING, ExpiryMode.FIXED_DAY]),
    until=st.integers(0, 1_000),
)
def test_it_agrees_with_keeping_the_books_day_by_day(earned, spent, months, mode, until) -> None:
    lives = Lives(months, mode, 7)
    lots = [[FIRST + day * DAY, points] for day, points in sorted(earned)]
    ends = [lives.ends([day])[0] for day, _points in lots]
    gone = 0
    for n in range(until + 1):
        today = FIRST + n * DAY
        for i, lot in enumerate(lots):
            if ends[i] == today:
                gone, lot[1] = gone + lot[1], 0
        for day, points in sorted(spent):
            if day != n:
                continue
            left = points
            for i, lot in enumerate(lots):
                if lot[0] <= today < ends[i]:
                    taken = min(left, lot[1])
                    lot[1], left = lot[1] - taken, left - taken
    dated = [[(FIRST + day * DAY, points) for day, points in some] for some in (earned, spent)]
    dated[1] = [one for one in dated[1] if one[0] <= FIRST + until * DAY]
    assert gone_unspent(dated[0], dated[1], lives, until=FIRST + until * DAY) == gone
