"""Decisions about rewards: pure."""

from __future__ import annotations

import datetime as dt
import secrets

MAX_QUANTITY = 100
MAX_STOCK = 1_000_000

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that nobody mistakes for one another: no 0 O 1 I L U."""

CODE_LENGTH = 11
_SIZE = len(_LETTERS)


def new_code() -> str:
    """What a member shows at the desk: 10 random characters (49 bits) and one that checks them."""
    body = "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The character that finds one wrong or two swapped neighbours (Luhn mod N, ISO/IEC 7812-1
    annex B read for other alphabets)."""
    total, factor = 0, 2
    for character in reversed(body):
        addend = factor * _LETTERS.index(character)
        total += addend // _SIZE + addend % _SIZE
        factor = 3 - factor
    return _LETTERS[-total % _SIZE]


def read_code(text: str) -> str | None:
    """A code as typed or scanned, without spaces and dashes; None when it cannot be one."""
    code = "".join(text.split()).replace("-", "").upper()
    if len(code) != CODE_LENGTH or any(character not in _LETTERS for character in code):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def shown_code(code: str) -> str:
    """The code in groups that people can read out."""
    return "-".join((code[:4], code[4:8], code[8:]))


def is_offered(
    at: dt.datetime,
    *,
    starts_at: dt.datetime | None,
    ends_at: dt.datetime | None,
    closed_at: dt.datetime | None,
) -> bool:
    """Whether a reward can be taken at ``at``: from its beginning, until just before its end."""
    return (
        closed_at is None
        and (starts_at is None or starts_at <= at)
        and (ends_at is None or at < ends_at)
    )


def counts_since(at: dt.datetime, limit_days: int | None) -> dt.datetime | None:
    """From when on what a member took counts towards the limit; None: all of it."""
    return None if limit_days is None else at - dt.timedelta(days=limit_days)
