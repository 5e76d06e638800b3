"""A table that somebody brings as a file: CSV in whichever encoding, or Excel. Read as texts.

Nothing is interpreted but what the file format itself says: a date cell becomes ``2026-03-02``, a
number ``12.5``, a formula what it came to. What a spreadsheet has spoilt stays recognisable
(`spoilt`), so that the row can be refused instead of half understood.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import CalamineError, CalamineWorkbook

from mallard.kernel.errors import Invalid

MAX_CELL = 2_000
MAX_COLUMNS = 100
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
DELIMITERS = ",;\t|"
EXACT_NUMBERS = 10**15
"""Excel keeps 15 digits of a number; the ones after them are lost."""

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{1,3}")
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
_FORMULAS = ("=", "@")
_ESCAPED = re.compile(r"'[=+\-@]")


class TableUnreadable(Invalid):
    code = "kernel.table_unreadable"
    message = gettext_lazy("This file cannot be read: %(detail)s")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as texts; ``number`` is the line that a spreadsheet program shows beside it."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The first row that is not empty names the columns; ``rows`` are the others, empty ones left
    out, each as wide as the header or wider."""

    header: list[str]
    rows: Iterator[Row]


def read_table(content: bytes) -> ReadTable:
    """The table in a file. Raises `TableUnreadable`, also while ``rows`` are read."""
    if content.startswith((_ZIP, _OLD_EXCEL)):
        found = _excel_rows(content)
    else:
        found = _csv_rows(decode(content))
    rows = (row for row in found if any(cell for cell in row.cells))
    first = next(rows, None)
    if first is None:
        raise TableUnreadable(detail=_("it is empty."))
    header = list(first.cells)
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise TableUnreadable(detail=_("it has more than %(limit)s columns.") % {"limit": 100})
    return ReadTable(header, (_as_wide(row, len(header)) for row in rows))


def _as_wide(row: Row, width: int) -> Row:
    missing = width - len(row.cells)
    return Row(row.number, row.cells + [""] * missing) if missing > 0 else row


def decode(content: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else GB18030 (which GBK is part of).

    Raises `TableUnreadable` when it is none of them.
    """
    marks = (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    )
    encodings = [name for mark, name in marks if content.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableUnreadable(detail=_("it is neither UTF-8 nor GBK text."))


def _csv_rows(text: str) -> Iterator[Row]:
    first_line = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise TableUnreadable(
                detail=_("in line %(line)s a quotation mark is not closed.") % {"line": line}
            ) from None
        if cells is None:
            return
        yield Row(line, [_plain(cell) for cell in cells])
        line = reader.line_num + 1


def _plain(cell: str) -> str:
    """A CSV cell without what exports put in front of texts that look like formulas."""
    text = cell.strip()
    return text[1:] if _ESCAPED.match(text) else text


def _excel_rows(content: bytes) -> Iterator[Row]:
    _refuse_bomb(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise TableUnreadable(detail=_("it is damaged, or no Excel file.")) from error
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield Row(number, [_text_of(cell) for cell in cells])


def _refuse_bomb(content: bytes) -> None:
    """A few kilobytes can unpack to gigabytes."""
    if not content.startswith(_ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise TableUnreadable(detail=_("it is damaged, or no Excel file.")) from None
    if size > MAX_UNPACKED_BYTES:
        raise TableUnreadable(detail=_("it unpacks to more than we can read. Split it."))


def _text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < EXACT_NUMBERS:
            return str(int(value))
        return f"{value:.6E}" if abs(value) >= EXACT_NUMBERS else repr(value)
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).strip()


def spoilt(cell: str) -> bool:
    """Whether a cell holds what no column wants: a formula, an error of the spreadsheet, a number
    that lost its digits, control characters, or far too much."""
    return bool(
        len(cell) > MAX_CELL
        or cell.startswith(_FORMULAS)
        or cell in _ERRORS
        or _SCIENTIFIC.fullmatch(cell)
        or any(ord(char) < 32 and char not in "\t\r\n" for char in cell)
    )
