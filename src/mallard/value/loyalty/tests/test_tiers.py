"""Tiers: windows, thresholds by version, overrides, history, and what is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import (
    Cause,
    Days,
    Override,
    Scheme,
    Window,
    history,
    missing_to,
    next_level,
    period_start,
)

START = dt.date(2020, 1, 1)
MEMBER = TierLevel("member", 1, 0, 0, 0)
SILVER = TierLevel("silver", 2, 100_000, 2, 1_000)
GOLD = TierLevel("gold", 3, 300_000, 4, 2_500)
BLACK = TierLevel("black", 4, 0, 0, 5_000, by_invitation=True)
LEVELS = (MEMBER, SILVER, GOLD, BLACK)
PEARL = TierLevel("pearl", 5, 0, 0, 0, value=150)
ROLLING = (Scheme(START, LEVELS),)
CALENDAR = (Scheme(START, LEVELS, Window.CALENDAR, grace_days=30),)
D = dt.date


def days(*facts: tuple[dt.date, int], **more: object) -> Days:
    return Days.of({day: (spend, 1) for day, spend in facts}, **more)  # type: ignore[arg-type]


def code(found: TierLevel | None) -> str | None:
    return found.code if found else None


def test_a_tier_counts_from_the_next_business_day_and_goes_after_twelve_months() -> None:
    one = days((D(2026, 3, 1), 60_000), (D(2026, 3, 10), 50_000))
    tiers = [code(one.tier_on(day, ROLLING)) for day in
             (D(2026, 3, 10), D(2026, 3, 11), D(2027, 3, 1), D(2027, 3, 2))]  # fmt: skip
    assert tiers == ["member", "silver", "silver", "member"]


def test_in_a_calendar_year_a_tier_is_kept_until_the_end_of_the_next() -> None:
    one = days((D(2026, 3, 1), 60_000), (D(2026, 3, 10), 50_000))
    expected = {
        D(2026, 3, 10): "member",
        D(2026, 3, 11): "silver",
        D(2027, 12, 31): "silver",
        D(2028, 1, 30): "silver",  # the days of grace
        D(2028, 1, 31): "member",
    }
    assert {day: code(one.tier_on(day, CALENDAR)) for day in expected} == expected


def test_years_of_membership_begin_with_the_day_of_joining_leap_days_included() -> None:
    joined = D(2024, 2, 29)
    assert period_start(D(2025, 2, 27), Window.ANNIVERSARY, joined) == D(2024, 2, 29)
    assert period_start(D(2025, 2, 28), Window.ANNIVERSARY, joined) == D(2025, 2, 28)
    assert period_start(D(2028, 2, 28), Window.ANNIVERSARY, joined) == D(2027, 2, 28)
    assert period_start(D(2028, 2, 29), Window.ANNIVERSARY, joined) == D(2028, 2, 29)


def test_the_last_day_of_a_year_counts_in_that_year() -> None:
    one = days((D(2025, 12, 31), 60_000), (D(2026, 1, 1), 50_000))
    assert code(one.tier_on(D(2026, 1, 2), CALENDAR)) == "member"
    assert code(one.tier_on(D(2026, 1, 2), ROLLING)) == "silver"


def test_qualifying_value_counts_spend_and_visits_and_is_no_money() -> None:
    levels = (MEMBER, TierLevel("value", 2, 0, 0, 0, value=150))
    scheme = Scheme(START, levels, value_per_minor=1_000, value_per_visit=50)
    one = days((D(2026, 3, 1), 50_000), (D(2026, 3, 2), 1))
    assert scheme.value(50_001, 2) == 150
    assert code(one.tier_on(D(2026, 3, 3), (scheme,))) == "value"
    assert code(one.tier_on(D(2026, 3, 2), (scheme,))) == "member"


def test_an_invitation_tier_is_never_reached_only_given() -> None:
    rich = days((D(2026, 3, 1), 10**9))
    assert code(rich.tier_on(D(2026, 3, 2), ROLLING)) == "member"
    given_until = Override("black", D(2026, 3, 5), D(2026, 3, 9), "friend of the house")
    rich = days((D(2026, 3, 1), 10**9), overrides=[given_until])
    tiers = [code(rich.tier_on(D(2026, 3, day), ROLLING)) for day in (4, 5, 9, 10)]
    assert tiers == ["member", "black", "black", "member"]


def test_an_override_never_takes_a_tier_away() -> None:
    reached = ((D(2026, 3, 1), 400_000), *((D(2026, 3, day), 1) for day in (2, 3, 4)))
    low = Override("silver", D(2026, 3, 1), D(2026, 12, 31), "complaint")
    assert code(days(*reached, overrides=[low]).tier_on(D(2026, 3, 5), ROLLING)) == "gold"


def test_erpnext_wrong_tier_after_a_threshold_edit() -> None:
    """ERPNext read the thresholds of today for purchases of yesterday (and by the wrong row once
    they were edited). Here each business day has the thresholds in force on it."""
    dear = Scheme(D(2026, 6, 1), (MEMBER, TierLevel("silver", 2, 500_000, 2, 1_000), GOLD, BLACK))
    schemes = (*ROLLING, dear)
    one = days((D(2026, 3, 1), 60_000), (D(2026, 3, 10), 50_000))
    assert code(one.tier_on(D(2026, 5, 31), schemes)) == "silver"
    assert code(one.tier_on(D(2026, 6, 1), schemes)) == "member"
    told = [(c.day, c.was, c.now, c.cause) for c in history(one, schemes, D(2026, 12, 1))]
    assert told[1:] == [
        (D(2026, 3, 11), "member", "silver", Cause.REACHED),
        (D(2026, 6, 1), "silver", "member", Cause.THRESHOLDS),
    ]


def test_value_of_another_system_counts_like_value_earned_the_day_before() -> None:
    levels = (MEMBER, TierLevel("pearl", 2, 0, 0, 0, value=150))
    over = Override("member", D(2026, 3, 2), D(2026, 3, 9), "brought over", value=100)
    for window, last in ((Window.ROLLING, D(2027, 3, 1)), (Window.CALENDAR, D(2027, 12, 31))):
        schemes = (Scheme(START, levels, window, value_per_visit=50),)
        one = days((D(2026, 4, 1), 1), overrides=[over])
        asked = (D(2026, 4, 1), D(2026, 4, 2), last, last + dt.timedelta(days=1))
        assert [code(one.tier_on(day, schemes)) for day in asked] == [
            "member", "pearl", "pearl", "member",
        ]  # fmt: skip
        told = [(c.day, c.now) for c in history(one, schemes, D(2029, 1, 1))]
        assert (D(2026, 4, 2), "pearl") in told
        assert (last + dt.timedelta(days=1), "member") in told


def test_value_that_was_taken_back_counts_no_longer() -> None:
    levels = (MEMBER, TierLevel("pearl", 2, 0, 0, 0, value=100))
    schemes = (Scheme(START, levels, value_per_visit=1),)
    over = Override(
        "member", D(2026, 3, 2), D(2026, 3, 9), "brought over", 100, value_last_day=D(2026, 5, 1)
    )
    one = days(overrides=[over])
    asked = (D(2026, 3, 1), D(2026, 3, 2), D(2026, 5, 1), D(2026, 5, 2))
    assert [code(one.tier_on(day, schemes)) for day in asked] == [
        "member", "pearl", "pearl", "member",
    ]  # fmt: skip
    never = replace(over, value_last_day=D(2026, 3, 1))
    assert code(days(overrides=[never]).tier_on(D(2026, 3, 2), schemes)) == "member"


BOUGHT = st.dictionaries(
    st.dates(D(2023, 1, 1), D(2026, 12, 31)),
    st.tuples(st.integers(-50_000, 200_000), st.integers(0, 2)),
    max_size=12,
)
SCHEMES = st.builds(
    lambda window, grace, later: (
        Scheme(START, (*LEVELS, PEARL), window, grace, value_per_visit=50),
        Scheme(later, (MEMBER, TierLevel("silver", 2, 150_000, 1, 0), GOLD, BLACK), window, grace),
    ),
    st.sampled_from(list(Window)),
    st.sampled_from([0, 10, 60]),
    st.dates(D(2024, 1, 1), D(2026, 1, 1)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    bought=BOUGHT,
    schemes=SCHEMES,
    joined=st.dates(D(2022, 1, 1), D(2023, 1, 1)),
    value=st.integers(0, 200),
    taken_back=st.none() | st.dates(D(2025, 5, 4), D(2026, 6, 1)),
)
def test_the_history_tells_every_change_and_no_other(
    bought, schemes, joined, value, taken_back
) -> None:
    """Told by its changes, a member's tier is on every day what the rules say of that day."""
    given_until = Override("black", D(2025, 5, 5), D(2025, 5, 20), "friend", value, taken_back)
    one = Days.of(bought, joined, [given_until] if bought else [])
    until = D(2028, 6, 1)
    changes = {change.day: change for change in history(one, schemes, until)}
    if not bought:
        assert not changes
        return
    day, tier = min(min(bought) + dt.timedelta(days=1), given_until.first_day), None
    while day <= until:
        now = code(one.tier_on(day, schemes))
        if now != tier:
            assert changes.pop(day).now == now, (day, tier, now)
        tier = now
        day += dt.timedelta(days=1)
    assert not changes


@given(
    spend=st.integers(0, 400_000), visits=st.integers(0, 6),
    per=st.sampled_from([0, 1_000]), each=st.integers(0, 50),
)  # fmt: skip
def test_what_is_missing_is_exactly_enough(spend: int, visits: int, per: int, each: int) -> None:
    levels = (MEMBER, SILVER, TierLevel("gold", 3, 300_000, 4, 0, value=200 if per else 0), BLACK)
    scheme = Scheme(START, levels, value_per_minor=per, value_per_visit=each)
    tier = scheme.reached(spend, visits)
    following = next_level(scheme, tier)
    if following is None:
        assert code(tier) == "gold"
        return
    gap = missing_to(following, scheme, spend_minor=spend, visits=visits)
    assert gap.spend_minor or gap.visits or gap.value
    more = spend + gap.spend_minor + gap.value * per
    reached = scheme.reached(more, visits + gap.visits)
    assert reached is not None
    assert reached.rank >= following.rank


@pytest.mark.parametrize("window", list(Window))
@given(bought=BOUGHT, day=st.dates(D(2024, 1, 1), D(2027, 1, 1)))
def test_what_is_bought_on_a_day_never_counts_on_that_day(window, bought, day) -> None:
    schemes = (Scheme(START, LEVELS, window, 30),)
    earlier = {when: sums for when, sums in bought.items() if when < day}
    assert Days.of(bought).tier_on(day, schemes) == Days.of(earlier).tier_on(day, schemes)
