"""Codes that survive a hasty hand, windows and limits."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from mallard.value.rewards.rules import (
    _LETTERS,
    CODE_LENGTH,
    check_character,
    counts_since,
    is_offered,
    new_code,
    read_code,
    shown_code,
)

BODIES = st.text(alphabet=_LETTERS, min_size=CODE_LENGTH - 1, max_size=CODE_LENGTH - 1)
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def test_a_code_reads_as_it_is_shown() -> None:
    code = new_code()
    assert read_code(f" {shown_code(code).lower()} ") == code


@given(body=BODIES, place=st.integers(0, CODE_LENGTH - 1), other=st.sampled_from(_LETTERS))
def test_one_wrong_character_is_no_code(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    wrong = code[:place] + other + code[place + 1 :]
    assert read_code(wrong) == (code if wrong == code else None)


@given(text=st.text(max_size=20))
def test_whatever_is_typed_is_a_code_or_nothing(text: str) -> None:
    code = read_code(text)
    assert code is None or len(code) == CODE_LENGTH


def test_a_window_begins_at_its_start_and_ends_before_its_end() -> None:
    hour = dt.timedelta(hours=1)
    window = {"starts_at": NOON, "ends_at": NOON + hour, "closed_at": None}
    assert is_offered(NOON, **window)
    assert not is_offered(NOON - dt.timedelta(microseconds=1), **window)
    assert not is_offered(NOON + hour, **window)
    assert not is_offered(NOON, starts_at=None, ends_at=None, closed_at=NOON)


def test_a_limit_looks_back_so_many_days() -> None:
    assert counts_since(NOON, None) is None
    assert counts_since(NOON, 30) == NOON - dt.timedelta(days=30)
