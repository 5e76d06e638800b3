"""A row of cells becomes what it says of a member, or what is wrong with it. No database."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mallard.kernel.errors import DomainError
from mallard.kernel.search_text import simplified
from mallard.kernel.spreadsheets import spoilt
from mallard.world.intake.dates import AmbiguousDate, read_date
from mallard.world.members.errors import PaymentCardRefused
from mallard.world.members.inputs import IdentityInput, MemberRef
from mallard.world.members.profile import clean_value
from mallard.world.members.rules import (
    NUMBER_KIND,
    is_refused_identity,
    normalise_identity,
)

CARD_REMOVED = "\x1a"
"""Stands in the kept file where a bank card number stood."""

_TAG_SEPARATORS = re.compile(r"[,，;；、|/]+")
_GENDERS = {
    "female": "female", "f": "female", "woman": "female", "ms": "female", "mrs": "female",
    "女": "female", "女性": "female", "女士": "female", "小姐": "female",
    "male": "male", "m": "male", "man": "male", "mr": "male",
    "男": "male", "男性": "male", "先生": "male",
    "other": "other", "其他": "other", "其它": "other",
    "unknown": "", "未知": "", "保密": "", "不详": "",
}  # fmt: skip
_YES = {
    "yes",
    "y",
    "true",
    "t",
    "1",
    "on",
    "granted",
    "allowed",
    "是",
    "同意",
    "允许",
    "有",
    "√",
    "✓",
}
_NO = {"no", "n", "false", "f", "0", "off", "refused", "否", "不", "不同意", "拒绝", "无", "×", "✗"}
_LANGUAGES = {
    "en": "en", "english": "en", "英文": "en", "英语": "en",
    "zh": "zh-hans", "zh-hans": "zh-hans", "zh-cn": "zh-hans", "chinese": "zh-hans",
    "中文": "zh-hans", "简体中文": "zh-hans", "汉语": "zh-hans",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: a code (see `wording`), the target at fault, figures for the sentence.
    Never a value of the row."""

    code: str
    target: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "target": self.target, "params": dict(self.params)}


@dataclass(slots=True)
class Said:
    """What a row says of a member, normalised."""

    number: int
    refs: list[MemberRef] = field(default_factory=list)
    identities: list[IdentityInput] = field(default_factory=list)
    profile: dict[str, str] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    referrer: str = ""
    joined_on: dt.date | None = None
    store_code: str = ""
    mall_code: str = ""
    language: str = ""
    custom: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def interpret(number: int, cells: Sequence[str], mapping: Sequence[str], *, today: dt.date) -> Said:
    """What row ``number`` says; empty cells say nothing. ``mapping`` names each column's target."""
    said = Said(number)
    for cell, target in zip(cells, mapping, strict=False):
        if not target or not cell:
            continue
        try:
            if CARD_REMOVED in cell:
                raise _Wrong("payment_card")
            if spoilt(cell):
                raise _Wrong("spoilt")
            family, _dot, code = target.partition(".")
            _TAKERS[family](said, code, cell, today)
        except _Wrong as wrong:
            said.problems.append(Problem(wrong.code, target, wrong.params))
    if not said.refs and not said.problems:
        said.problems.append(Problem("nobody"))
    return said


def _number(said: Said, _code: str, cell: str, _today: dt.date) -> None:
    value = normalise_identity(NUMBER_KIND, cell)
    if value is None:
        raise _Wrong("bad_number")
    said.refs.append(MemberRef(NUMBER_KIND, value))


def _identity(said: Said, kind: str, cell: str, _today: dt.date) -> None:
    value = normalise_identity(kind, cell)
    if value is None:
        raise _Wrong("bad_identity")
    if is_refused_identity(kind, value):
        raise _Wrong("payment_card")
    said.refs.append(MemberRef(kind, value))
    said.identities.append(IdentityInput(kind, value))


def _profile(said: Said, code: str, cell: str, today: dt.date) -> None:
    value = " ".join(unicodedata.normalize("NFKC", cell).split())
    if code == "gender":
        found = _GENDERS.get(simplified(value).casefold().rstrip("."))
        if found is None:
            raise _Wrong("bad_gender")
        value = found
    elif code == "birth_date":
        value = _date(value).isoformat()
    try:
        clean = clean_value(code, value, today=today)
    except PaymentCardRefused:
        raise _Wrong("payment_card") from None
    except DomainError:
        raise _Wrong("bad_date" if code == "birth_date" else "too_long") from None
    if clean:
        said.profile[code] = clean


def _date(text: str) -> dt.date:
    try:
        return read_date(text)
    except AmbiguousDate:
        raise _Wrong("ambiguous_date") from None
    except (ValueError, OverflowError):
        raise _Wrong("bad_date") from None


def _joined(said: Said, _code: str, cell: str, today: dt.date) -> None:
    day = _date(cell)
    if day > today:
        raise _Wrong("future_date")
    if day.year < 1980:
        raise _Wrong("bad_date")
    said.joined_on = day


def _consent(said: Said, purpose: str, cell: str, _today: dt.date) -> None:
    word = simplified(unicodedata.normalize("NFKC", cell)).strip().casefold()
    if word not in _YES and word not in _NO:
        raise _Wrong("neither_yes_nor_no")
    said.consents[purpose] = word in _YES


def _language(said: Said, _code: str, cell: str, _today: dt.date) -> None:
    found = _LANGUAGES.get(simplified(unicodedata.normalize("NFKC", cell)).strip().casefold())
    if found is None:
        raise _Wrong("bad_language")
    said.language = found


def _store(said: Said, _code: str, cell: str, _today: dt.date) -> None:
    said.store_code = cell.strip()


def _mall(said: Said, _code: str, cell: str, _today: dt.date) -> None:
    said.mall_code = cell.strip()


def _tags(said: Said, _code: str, cell: str, _today: dt.date) -> None:
    words = (word.strip() for word in _TAG_SEPARATORS.split(cell))
    said.tags = tuple(dict.fromkeys(word for word in words if word))


def _custom(said: Said, code: str, cell: str, _today: dt.date) -> None:
    said.custom[code] = cell


def _referrer(said: Said, _code: str, cell: str, _today: dt.date) -> None:
    said.referrer = cell.strip()[:16]


_TAKERS: dict[str, Callable[[Said, str, str, dt.date], None]] = {
    "number": _number,
    "identity": _identity,
    "profile": _profile,
    "joined": _joined,
    "consent": _consent,
    "language": _language,
    "store": _store,
    "mall": _mall,
    "tags": _tags,
    "referrer": _referrer,
    "custom": _custom,
}
