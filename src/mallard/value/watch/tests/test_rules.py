"""When each pattern is met, and how strongly."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.value.watch import patterns, rules
from mallard.value.watch.rules import ByHand, Given

STRANGERS = patterns.STRANGERS.defaults()


@pytest.mark.parametrize(("times", "score"), [(1, 50), (2, 75), (4, 88), (8, 94), (1_000, 99)])
def test_the_score_says_how_far_above_the_threshold(times: int, score: int) -> None:
    assert rules.score_of(Fraction(times)) == score


@given(st.fractions(min_value=1, max_value=10_000), st.fractions(min_value=1, max_value=10_000))
def test_more_is_never_a_lower_score_and_never_certain(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert 50 <= rules.score_of(low) <= rules.score_of(high) <= 99


@given(
    st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(1, of), st.just(of))),
    st.integers(1, 99),
)
def test_the_odds_are_those_of_the_binomial_distribution(pair: tuple[int, int], part: int) -> None:
    n, of = pair
    p = Fraction(part, 100)
    tail = sum(math.comb(of, k) * p**k * (1 - p) ** (of - k) for k in range(n, of + 1))
    noughts = rules.odds_against_chance(n, of, part, 100)
    assert Fraction(1, 10 ** (noughts + 1)) < tail * Fraction(1_000_001, 1_000_000)
    assert tail <= Fraction(1, 10**noughts) * Fraction(1_000_001, 1_000_000)


def test_who_records_everything_at_a_store_is_no_surprise() -> None:
    assert rules.odds_against_chance(40, 40, 500, 500) == 0
    with pytest.raises(ValueError, match="more receipts"):
        rules.odds_against_chance(3, 2, 1, 10)


def cashier(n: int, *, of_member: int = 0, of_recorder: int = 20, members: int = 200) -> Given:
    return Given(n, of_member or n, of_recorder, of_store=600, members=members)


def test_a_cashier_who_gives_one_card_everything_is_found() -> None:
    [verdict] = rules.strangers([cashier(20)], STRANGERS)
    assert verdict is not None
    assert verdict.score > 75
    assert verdict.why["n"] == 20
    assert verdict.why["ordinary"] == 3


def test_below_any_threshold_nothing_is_said() -> None:
    assert rules.strangers([cashier(7)], STRANGERS) == [None]  # too few
    regular = cashier(9, of_member=60, of_recorder=90)  # of a member who comes daily, to everybody
    assert rules.strangers([regular], STRANGERS) == [None]
    assert rules.strangers([], STRANGERS) == []


def test_three_cards_of_one_cashier_count_together() -> None:
    cards = [cashier(n, of_recorder=15, members=500) for n in (5, 4, 4)]
    assert all(rules.strangers(cards, STRANGERS))
    assert rules.strangers(cards[:1], STRANGERS) == [None]


def test_whoever_serves_many_regulars_is_no_fraud() -> None:
    many = [cashier(6, of_recorder=30, members=500) for _n in range(STRANGERS["few"] + 1)]
    assert all(rules.strangers(many[1:], STRANGERS))
    assert rules.strangers(many, STRANGERS) == [None] * len(many)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Leo Marsh", "leo  marsh", True),
        ("邱语禾 Qiu Yuhe", "邱语禾", True),
        ("陳麗華", "陈丽华", True),
        ("Marsh, Leo", "Leo Marsh", True),
        ("Leo Marsh", "Leo March", False),
        ("Leo Marsh", "", False),
        ("", "", False),
        ("王", "王 五", False),
    ],
)
def test_names_of_one_person(one: str, other: str, is_same: bool) -> None:
    assert rules.is_same_name(one, other) is is_same
    assert rules.is_same_name(other, one) is is_same


def test_the_same_email_says_more_than_the_same_name() -> None:
    terms = patterns.OWN_TILL.defaults()
    named, mailed = rules.own_till(3, "name", terms), rules.own_till(3, "email", terms)
    assert named is not None
    assert mailed is not None
    assert 50 == named.score < mailed.score
    assert rules.own_till(30, "", terms) is None
    assert rules.own_till(2, "email", terms) is None


def test_a_store_is_compared_with_all_others() -> None:
    terms = patterns.BY_HAND.defaults()
    assert rules.by_hand(ByHand(30, 60, 10, 1_000), terms) is not None
    assert rules.by_hand(ByHand(30, 60, 400, 1_000), terms) is None  # everywhere so
    assert rules.by_hand(ByHand(30, 1_000, 0, 0), terms) is None  # a small share
    assert rules.by_hand(ByHand(4, 5, 0, 100), terms) is None  # too few


def test_thresholds_that_no_longer_fit_give_way_to_the_defaults() -> None:
    complete = patterns.SPLIT.complete({"minutes": 30, "least": 10**9, "gone": 1})
    assert complete == {"minutes": 30, "least": patterns.SPLIT.defaults()["least"]}


def test_every_pattern_speaks_of_figures_that_it_has() -> None:
    known = {"n", "of_member", "share", "ordinary", "odds", "link", "points", "gap", "minutes"}
    known |= {"days", "shortest", "of_store", "elsewhere", "members", "brought", "quiet"}
    for pattern in patterns.PATTERNS.values():
        assert str(pattern.why) % dict.fromkeys(known, "1")
        assert str(pattern.task) % dict.fromkeys(known, "1")
        assert all(each.fits(each.default) for each in pattern.thresholds)
