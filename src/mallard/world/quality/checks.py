"""What is wrong with what is known of one member. Pure: no database, no clock, no keys.

A value is invalid when today's rules would not take it (they may have changed since it came in, and
files of long ago were less strict), or when it is a stand-in that people type to get past a form.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mallard.kernel.errors import Invalid
from mallard.world.members.profile import PROFILE_FIELDS, Fact, Profile, clean_value
from mallard.world.members.rules import normalise_identity

IDENTITIES = ("phone", "email", "wechat")
_LASTING = frozenset({"name", "gender", "birth_date"})
"""What does not change by itself is never stale."""

_STAND_INS = frozenset(
    {
        "test", "testing", "tester", "xxx", "xx", "aaa", "abc", "asdf", "n/a", "na", "none", "null",
        "unknown", "anonymous", "nobody", "customer", "member", "测试", "未知", "无", "匿名",
        "保密", "不详", "会员", "顾客", "客户", "先生", "女士",
    }
)  # fmt: skip
_STAND_IN_DAYS = frozenset({dt.date(1900, 1, 1), dt.date(1970, 1, 1)})
_OLDEST, _YOUNGEST = 110, 3
_LETTER = re.compile(r"[^\W\d_]")
_SAME_DIGITS = re.compile(r"(\d)\1{6,}$")
_SEQUENCE = re.compile(r"(12345678|87654321)$")


@dataclass(frozen=True, slots=True)
class Held:
    """A value that a member has, when it was said or confirmed, and whether its own rules take
    it. ``lasts``: it does not go stale."""

    at: dt.datetime
    is_valid: bool
    lasts: bool = False


@dataclass(slots=True)
class Checked:
    """The names of fields, by what is wrong with them."""

    missing: list[str] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)


def checked(
    profile: Profile,
    identities: Mapping[str, list[Held]],
    custom: Mapping[str, Held | None],
    *,
    today: dt.date,
    fresh_from: dt.datetime,
) -> Checked:
    """What is wrong of one member. ``custom`` names every custom field that is in use; of several
    identities of a kind one good one is enough."""
    found = Checked()
    for code in PROFILE_FIELDS:
        fact = profile.get(code)
        held = fact and Held(fact.at, is_good(code, fact, today), code in _LASTING)
        _judge(found, f"profile.{code}", [held] if held else [], fresh_from)
    for kind in IDENTITIES:
        _judge(found, f"identity.{kind}", identities.get(kind, []), fresh_from)
    for code, value in custom.items():
        _judge(found, f"custom.{code}", [value] if value else [], fresh_from)
    return found


def _judge(found: Checked, name: str, held: Iterable[Held], fresh_from: dt.datetime) -> None:
    values = list(held)
    good = [one for one in values if one.is_valid]
    if not values:
        found.missing.append(name)
        return
    if not good:
        found.invalid.append(name)
    if not any(one.lasts or one.at >= fresh_from for one in good or values):
        found.stale.append(name)


def is_good(code: str, fact: Fact, today: dt.date) -> bool:
    """Whether a profile fact holds what its field is for."""
    try:
        text = clean_value(code, fact.value, today=today)
    except Invalid:
        return False
    if not text or text.casefold() in _STAND_INS:
        return False
    plausible = _PLAUSIBLE.get(code)
    return plausible is None or plausible(text, today)


def _is_name(text: str, _today: dt.date) -> bool:
    letters = _LETTER.findall(text)
    return bool(letters) and len({letter.casefold() for letter in letters}) * 3 > len(letters)


def _is_birth_date(text: str, today: dt.date) -> bool:
    day = dt.date.fromisoformat(text)
    return day not in _STAND_IN_DAYS and _YOUNGEST <= today.year - day.year <= _OLDEST


_PLAUSIBLE: dict[str, Callable[[str, dt.date], bool]] = {
    "name": _is_name,
    "birth_date": _is_birth_date,
}


def is_good_identity(kind: str, value: str) -> bool:
    """Whether an identity is one of its kind, and no stand-in such as 138 8888 8888."""
    plain = normalise_identity(kind, value)
    if plain is None:
        return False
    if kind == "phone":
        return not (_SAME_DIGITS.search(plain) or _SEQUENCE.search(plain))
    if kind == "email":
        name, _at, domain = plain.partition("@")
        return name not in _STAND_INS and not domain.startswith(("example.", "test.", "xx."))
    return True
