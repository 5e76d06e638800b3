"""How likely two records are one person, and why. Pure.

After Fellegi and Sunter (A Theory for Record Linkage, 1969): every field that was compared adds the
binary logarithm of how much oftener it agrees (or disagrees) among records of one person than among
strangers. Weights are whole hundredths of a bit; their sum with the prior is the log-odds. A field
that is missing on either side says nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

PRIOR = -1330
"""Log-odds before anything is compared: one pair in ten thousand of those that share something."""

NAME_EQUAL = 1050
NAME_PARTS = 850  # the same words in another order, or one of the two with an addition
NAME_CLOSE = 500  # one character differs
NAME_DIFFERS = -800
BIRTHDAY_EQUAL = 1350
BIRTHDAY_OTHER_YEAR = 350
BIRTHDAY_DIFFERS = -650
GENDER_EQUAL = 80
GENDER_DIFFERS = -450
LAST_FOUR_EQUAL = 1100
LAST_FOUR_DIFFERS = -120
FORMER_IDENTITY = 1400
"""One of them was known by what the other is known by now."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a member; ``fours`` and ``identities`` are blind indexes."""

    name: str = ""
    gender: str = ""
    birth_date: dt.date | None = None
    fours: frozenset[bytes] = field(default_factory=frozenset)
    identities: frozenset[tuple[str, bytes]] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against; ``weight`` in hundredths of a bit."""

    code: str
    weight: int


def evidence_of(one: Traits, other: Traits) -> list[Evidence]:
    """Every reason, the strongest first."""
    found = [
        *_name(one.name, other.name),
        *_birthday(one.birth_date, other.birth_date),
        *_gender(one.gender, other.gender),
    ]
    if one.identities & other.identities:
        found.append(Evidence("former_identity", FORMER_IDENTITY))
    elif one.fours & other.fours:
        found.append(Evidence("last_four_equal", LAST_FOUR_EQUAL))
    elif one.fours and other.fours:
        found.append(Evidence("last_four_differs", LAST_FOUR_DIFFERS))
    return sorted(found, key=lambda each: -abs(each.weight))


def permille(evidence: Sequence[Evidence]) -> int:
    """The probability that it is one person, in thousandths; never quite 0 or 1000."""
    bits = (PRIOR + sum(each.weight for each in evidence)) / 100
    odds = 2.0**bits
    return max(1, min(999, round(1000 * odds / (1 + odds))))


def _name(one: str, other: str) -> list[Evidence]:
    if not one or not other:
        return []
    if one == other:
        return [Evidence("name_equal", NAME_EQUAL)]
    if _same_parts(one, other):
        return [Evidence("name_parts", NAME_PARTS)]
    if _one_apart(one, other):
        return [Evidence("name_close", NAME_CLOSE)]
    return [Evidence("name_differs", NAME_DIFFERS)]


def _same_parts(one: str, other: str) -> bool:
    """“Ann Baker” and “Baker, Ann”; “Ann Baker” and “Ann Mary Baker”."""
    parts, others = set(one.split()), set(other.split())
    return len(parts) > 1 and len(others) > 1 and (parts <= others or others <= parts)


def _one_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, change or swap of neighbours makes them equal, where they
    are long enough to say so: in a name of two characters, one is half of it."""
    if one.isascii() != other.isascii() or abs(len(one) - len(other)) > 1:
        return False
    if min(len(one), len(other)) < (5 if one.isascii() else 3):
        return False
    if not one.isascii() and one[0] != other[0]:
        return False  # the surname: 刘海燕 and 王海燕 are two people
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    return (
        rest[1:] == others[1:]
        or rest[1:] == others
        or rest == others[1:]
        or (rest[:2] == others[:2][::-1] and rest[2:] == others[2:])
    )


def _birthday(one: dt.date | None, other: dt.date | None) -> list[Evidence]:
    if one is None or other is None:
        return []
    if one == other:
        return [Evidence("birthday_equal", BIRTHDAY_EQUAL)]
    if (one.month, one.day) == (other.month, other.day):
        return [Evidence("birthday_other_year", BIRTHDAY_OTHER_YEAR)]
    return [Evidence("birthday_differs", BIRTHDAY_DIFFERS)]


def _gender(one: str, other: str) -> list[Evidence]:
    if not one or not other:
        return []
    if one == other:
        return [Evidence("gender_equal", GENDER_EQUAL)]
    return [Evidence("gender_differs", GENDER_DIFFERS)]
