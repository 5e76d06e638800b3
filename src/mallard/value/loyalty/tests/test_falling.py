"""What becomes of a tier if nothing more is bought, by the pure rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mallard.value.loyalty.rules.falling import Ahead, ahead
from mallard.value.loyalty.rules.schemes import Days, Missing, Override, Scheme, Window
from mallard.value.loyalty.rules.tiers import TierLevel
from mallard.value.loyalty.tests.test_tiers import (
    BLACK,
    CALENDAR,
    GOLD,
    MEMBER,
    ROLLING,
    SILVER,
    START,
    days,
)

D = dt.date
DAY = dt.timedelta(days=1)
BOUGHT = ((D(2026, 3, 1), 60_000), (D(2026, 3, 10), 50_000), (D(2026, 9, 1), 20_000))


def test_a_rolling_tier_falls_on_the_day_after_its_first_purchase_aged_out() -> None:
    found = ahead(days(*BOUGHT), ROLLING, D(2026, 10, 1))
    # Of 130,000 on three visits 70,000 on two are left when 1 March no longer counts.
    assert found == Ahead(D(2027, 3, 2), D(2027, 3, 2), "member", Missing("silver", 30_000, 0, 0))


def test_what_keeps_it_keeps_it_and_one_cent_less_does_not() -> None:
    for more, falls_on in ((30_000, D(2027, 3, 11)), (29_999, D(2027, 3, 2))):
        one = days(*BOUGHT, (D(2026, 12, 1), more))
        assert ahead(one, ROLLING, D(2026, 12, 2)).falls_on == falls_on


def test_grace_moves_the_fall() -> None:
    found = ahead(days(*BOUGHT), (replace(ROLLING[0], grace_days=30),), D(2026, 10, 1))
    assert found.falls_on == D(2027, 3, 2) + 30 * DAY


def test_a_given_tier_falls_when_it_ends_and_buying_keeps_no_invitation() -> None:
    given_until = Override("black", D(2026, 3, 5), D(2026, 12, 31), "friend")
    found = ahead(days(*BOUGHT, overrides=[given_until]), ROLLING, D(2026, 10, 1))
    assert found == Ahead(D(2027, 1, 1), D(2027, 1, 1), "silver", None)


def test_dearer_thresholds_that_are_set_already_are_a_fall_that_is_known() -> None:
    dear = Scheme(D(2026, 11, 1), (MEMBER, replace(SILVER, spend_minor=200_000), GOLD, BLACK))
    found = ahead(days(*BOUGHT), (*ROLLING, dear), D(2026, 10, 1))
    assert found == Ahead(D(2026, 11, 1), D(2026, 11, 1), "member", Missing("silver", 70_000, 0, 0))


def test_a_rise_tomorrow_is_a_change_and_no_fall() -> None:
    found = ahead(days(*BOUGHT), ROLLING, D(2026, 3, 10))
    assert (found.changes_on, found.falls_on) == (D(2026, 3, 11), None)
    assert ahead(Days(), ROLLING, D(2026, 3, 10)) == Ahead()


def test_in_a_calendar_year_it_falls_after_the_next_year_and_the_grace() -> None:
    assert ahead(days(*BOUGHT), CALENDAR, D(2026, 10, 1)).falls_on == D(2028, 1, 31)


BY_VALUE = (MEMBER, TierLevel("silver", 2, 0, 0, 0, value=90))


@settings(max_examples=150, deadline=None)
@given(
    bought=st.lists(st.tuples(st.integers(0, 500), st.sampled_from([300, 600, 1_200])), max_size=6),
    window=st.sampled_from(list(Window)),
    grace=st.sampled_from([0, 40]),
    asked=st.integers(0, 560),
)
def test_the_fall_is_the_first_day_in_a_lower_tier(bought, window, grace, asked) -> None:
    """Day by day without further purchases: the same tier or a better one until then."""
    schemes = (Scheme(START, BY_VALUE, window, grace, value_per_minor=10, value_per_visit=7),)
    one = Days.of(
        {D(2024, 2, 20) + after * DAY: (amount, 1) for after, amount in bought},
        joined_on=D(2024, 2, 20),
    )
    day = D(2024, 2, 20) + asked * DAY
    now = one.tier_on(day, schemes)
    found = ahead(one, schemes, day)
    tiers = {day + n * DAY: one.tier_on(day + n * DAY, schemes) for n in range(1, 1_100)}
    rank = now.rank if now else 0
    lower = [on for on, tier in tiers.items() if (tier.rank if tier else 0) < rank]
    other = [on for on, tier in tiers.items() if tier != now]
    assert found.falls_on == (lower[0] if lower else None)
    assert found.changes_on == (other[0] if other else None)
