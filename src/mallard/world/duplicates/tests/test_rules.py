"""How likely two records are one person."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.world.duplicates.rules import Traits, evidence_of, permille

BORN = dt.date(1988, 3, 9)
FOUR, OTHER_FOUR = frozenset({b"1"}), frozenset({b"2"})


def likely(one: Traits, other: Traits) -> int:
    return permille(evidence_of(one, other))


@pytest.mark.parametrize(
    ("one", "other", "at_least", "below"),
    [
        (Traits("王小明", birth_date=BORN), Traits("王小明", birth_date=BORN), 990, 1000),
        (Traits("王小明", fours=FOUR), Traits("王小明", fours=FOUR), 950, 1000),
        (Traits("ann baker", birth_date=BORN), Traits("baker ann", birth_date=BORN), 990, 1000),
        (Traits("ann baker", birth_date=BORN), Traits("anm baker", birth_date=BORN), 900, 1000),
        (Traits("王小明"), Traits("王小明"), 0, 300),  # a name alone is no person
        (Traits("刘海燕", birth_date=BORN), Traits("王海燕", birth_date=BORN), 0, 100),
        (Traits("王海燕", birth_date=BORN), Traits("王海艳", birth_date=BORN), 900, 1000),
        (Traits("王明", birth_date=BORN), Traits("李明", birth_date=BORN), 0, 100),
        (
            Traits("王小明", "male", BORN, fours=FOUR),
            Traits("王小明", "female", BORN, fours=OTHER_FOUR),
            900, 1000,
        ),
        (
            Traits("王小明", birth_date=BORN, fours=FOUR),
            Traits("王小明", birth_date=dt.date(1999, 1, 1), fours=FOUR),
            0, 900,
        ),
    ],
)  # fmt: skip
def test_likelihoods(one: Traits, other: Traits, at_least: int, below: int) -> None:
    assert at_least <= likely(one, other) < below


NAMES = st.sampled_from(["", "王小明", "王小名", "ann baker", "baker ann", "李雷"])
TRAITS = st.builds(
    Traits,
    name=NAMES,
    gender=st.sampled_from(["", "male", "female"]),
    birth_date=st.none() | st.dates(dt.date(1960, 1, 1), dt.date(1961, 1, 1)),
    fours=st.frozensets(st.sampled_from([b"1", b"2"]), max_size=2),
    identities=st.frozensets(st.sampled_from([("phone", b"1"), ("card", b"2")]), max_size=2),
)


@given(TRAITS, TRAITS)
def test_it_does_not_matter_who_comes_first(one: Traits, other: Traits) -> None:
    assert evidence_of(one, other) == evidence_of(other, one)
    assert 1 <= likely(one, other) <= 999


@given(TRAITS)
def test_what_is_missing_says_nothing(one: Traits) -> None:
    assert evidence_of(one, Traits()) == []
