"""Dates as people and programs write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_DAY_MONTH = re.compile(r"(\d{1,2}) ([a-z]+)\.?,? (\d{4})")
_MONTH_DAY = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})")
_SERIAL = re.compile(r"[1-9]\d{3,4}")
_EXCEL_EPOCH = dt.date(1899, 12, 30)  # Excel counts a 29 February 1900 that never was
_EARLIEST_SERIAL = 5_000  # 1913; smaller numbers are years or nothing


class AmbiguousDate(ValueError):
    """05/06/1990 is in May for some and in June for others."""


def read_date(text: str) -> dt.date:
    """The day that ``text`` names: 1990-05-21 (also with / or ., also with a time), 19900521,
    1990年5月21日, 21/05/1990 or 05/21/1990 where only one of them can be meant, 21 May 1990 and
    May 21, 1990, or Excel's count of days. Raises ValueError, `AmbiguousDate` included."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("年 ", "年").split())
    if match := _YEAR_FIRST.fullmatch(plain.replace("t", "T")):
        return dt.date(int(match[1]), int(match[3]), int(match[4]))
    if match := _CHINESE.fullmatch(plain.replace(" ", "")):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := _COMPACT.fullmatch(plain):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.fullmatch(plain.replace("t", "T")):
        return _year_last(int(match[1]), int(match[3]), int(match[4]))
    if (match := _DAY_MONTH.fullmatch(plain)) and match[2] in _MONTHS:
        return dt.date(int(match[3]), _MONTHS[match[2]], int(match[1]))
    if (match := _MONTH_DAY.fullmatch(plain)) and match[1] in _MONTHS:
        return dt.date(int(match[3]), _MONTHS[match[1]], int(match[2]))
    if _SERIAL.fullmatch(plain) and int(plain) >= _EARLIEST_SERIAL:
        return _EXCEL_EPOCH + dt.timedelta(days=int(plain))
    raise ValueError("not a date")


def _year_last(first: int, second: int, year: int) -> dt.date:
    if first == second or second > 12:
        return dt.date(year, first, second)
    if first > 12:
        return dt.date(year, second, first)
    dt.date(year, second, first)  # a day that does not exist is no date at all
    raise AmbiguousDate("day and month cannot be told apart")
