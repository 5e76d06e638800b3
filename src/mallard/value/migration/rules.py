"""What the rows of a file say, and why one is refused. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mallard.kernel.spreadsheets import spoilt
from mallard.value.ledger.rules import MAX_AMOUNT
from mallard.value.migration.models import RowKind

HEADINGS = {
    "number": ("number", "member number", "member", "会员号", "会员编号"),
    "card": ("card", "card number", "old number", "卡号", "会员卡号", "原卡号"),
    "phone": ("phone", "mobile", "手机", "手机号", "手机号码"),
    "email": ("email", "e-mail", "邮箱"),
    "points": ("points", "积分", "积分数"),
    "earned": ("earned on", "earned", "获得日期", "发放日期"),
    "matures": ("matures on", "matures", "生效日期"),
    "expires": ("expires on", "expires", "valid until", "过期日期", "有效期至", "到期日期"),
    "funder": ("funder", "费用承担方", "承担方"),
    "reason": ("reason", "原因", "说明"),
    "reference": ("reference", "lot", "批次号", "流水号"),
    "tier": ("tier", "会员等级", "等级"),
    "since": ("since", "起始日期", "定级日期"),
    "until": ("until", "有效期至", "截止日期"),
    "value": ("qualifying value", "value", "成长值"),
}
PEOPLE = ("number", "card", "phone", "email")
NEEDED = {
    RowKind.LOT: ("points", "earned", "funder"),
    RowKind.TIER: ("tier", "until"),
}
_KNOWN = {
    RowKind.LOT: {"points", "earned", "matures", "expires", "funder", "reason", "reference"},
    RowKind.TIER: {"tier", "since", "until", "value", "reason"},
}
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_SOMEBODY = re.compile(r"@|\d[\d\s-]{5,}")
REASON_LENGTH = 60


def columns_of(header: Sequence[str], kind: RowKind) -> dict[str, int]:
    """Which column holds what, by its heading; headings that say nothing to us are left out."""
    wanted = _KNOWN[kind] | set(PEOPLE)
    found: dict[str, int] = {}
    for index, heading in enumerate(header):
        plain = heading.strip().casefold().replace("_", " ")
        for name, spellings in HEADINGS.items():
            if name in wanted and plain in spellings:
                found.setdefault(name, index)
    return found


def missing_columns(columns: Mapping[str, int], kind: RowKind) -> list[str]:
    """Headings that the file must have and has not."""
    missing = [HEADINGS[name][0] for name in NEEDED[kind] if name not in columns]
    if not set(PEOPLE) & set(columns):
        missing.insert(0, "member number")
    return missing


@dataclass(slots=True)
class Said:
    """A row as it was understood; the first thing wrong with it is its ``problem``."""

    number: int
    who: tuple[str, str] | None = None
    problem: str = ""
    points: int | None = None
    earned_on: dt.date | None = None
    matures_on: dt.date | None = None
    expires_on: dt.date | None = None
    funder: str = ""
    tier: str = ""
    value: int | None = None
    reason: str = ""
    reference: str = ""

    def refuse(self, problem: str) -> None:
        self.problem = self.problem or problem


def understand(
    number: int,
    cells: Sequence[str],
    columns: Mapping[str, int],
    kind: RowKind,
    *,
    today: dt.date,
    read_date: Callable[[str], dt.date],
) -> Said:
    """What a row says by itself; who its member and funder are is asked of the database later."""
    said = Said(number)
    if any(spoilt(cell) for cell in cells):
        said.refuse("spoilt")

    def cell(name: str) -> str:
        return cells[columns[name]].strip() if name in columns else ""

    def day(name: str) -> dt.date | None:
        text = cell(name)
        if not text:
            return None
        try:
            return read_date(text)
        except ValueError:
            said.refuse("date")
            return None

    said.who = next(((name, cell(name)) for name in PEOPLE if cell(name)), None)
    if said.who is None:
        said.refuse("nobody")
    said.reason = cell("reason")[:REASON_LENGTH]
    if _SOMEBODY.search(said.reason) or spoilt(said.reason):
        said.refuse("reason")
        said.reason = ""
    said.earned_on = day("earned" if kind is RowKind.LOT else "since")
    if kind is RowKind.LOT:
        said.reference = cell("reference")
        said.matures_on, said.expires_on = day("matures") or said.earned_on, day("expires")
        said.points, said.funder = _number(said, cell("points")), cell("funder")[:60]
        _judge_lot(said, today)
    else:
        said.tier, said.expires_on = cell("tier")[:60], day("until")
        text = cell("value")
        said.value = _number(said, text) if text else None
        _judge_tier(said, today)
    return said


def _number(said: Said, text: str) -> int | None:
    plain = text.replace(",", "").replace("，", "")
    if not _WHOLE.fullmatch(plain):
        said.refuse("whole_number")
        return None
    return int(plain)


def _judge_lot(said: Said, today: dt.date) -> None:
    if said.points is not None and said.points <= 0:
        said.refuse("negative")
    if said.points is not None and said.points > MAX_AMOUNT:
        said.refuse("too_many")
    if said.earned_on is None:
        said.refuse("earned")
    elif said.earned_on > today:
        said.refuse("future")
    if said.expires_on is not None:
        if said.expires_on < today:
            said.refuse("expired")
        if said.matures_on is not None and said.expires_on < said.matures_on:
            said.refuse("never_lives")


def _judge_tier(said: Said, today: dt.date) -> None:
    if said.value is not None and said.value < 0:
        said.refuse("negative")
    if said.expires_on is None:
        said.refuse("until")
    elif said.expires_on <= today:
        said.refuse("expired")
    if said.earned_on is not None and said.earned_on > today:
        said.refuse("future")


def refuse_twins(rows: Sequence[tuple[Said, object]], kind: RowKind) -> None:
    """The same lot, or a second tier of one person, is taken once: the first time it stands there.

    A lot is the same where its reference is, or, without one, where all that it says is.
    """
    seen: set[object] = set()
    for said, person in rows:
        if said.problem:
            continue
        key: object = person
        if kind is RowKind.LOT:
            key = (
                ("reference", said.reference)
                if said.reference
                else (
                    person, said.points, said.earned_on, said.matures_on, said.expires_on,
                    said.funder, said.reason,
                )
            )  # fmt: skip
        if key in seen:
            said.refuse("twice")
        seen.add(key)
