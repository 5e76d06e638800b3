"""Rows as CSV or Excel, one at a time.

A text that begins like a formula stays a text: spreadsheets would run it, and a member's name is
typed by strangers. CSV gets an apostrophe in front; Excel files state the kind of each cell.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from babel.numbers import get_currency_precision
from django.utils.translation import gettext

from mallard.kernel.money import Money
from mallard.kernel.ui.lists import Column
from mallard.kernel.workspace.files.sealed import CHUNK_BYTES, SealedWriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it Excel reads Chinese in CSV as something else
MAX_CELL = 32_767


class Table(Protocol):
    """What rows are written to; ``finish`` hands the whole file to the sealed one."""

    def add(self, cells: Sequence[Any]) -> None: ...

    def finish(self) -> None: ...


def headings(columns: Sequence[Column]) -> list[str]:
    """The first line: an amount stands in two columns, the figure and its currency."""
    found = []
    for column in columns:
        found.append(str(column.label))
        if column.is_money:
            found.append(gettext("Currency"))
    return found


def cells_of(
    columns: Sequence[Column], row: Any, clear: Mapping[str, Mapping[Any, str]] | None = None
) -> list[Any]:
    """A row's values, amounts split into figure and currency. ``clear``: the whole values of some
    columns, by column and row."""
    found: list[Any] = []
    for column in columns:
        revealed = (clear or {}).get(column.key)
        value: Any = column.in_file(row) if revealed is None else revealed.get(row.pk, "")
        if column.is_money:
            found += _amount(value)
        else:
            found.append(value)
    return found


def _amount(value: Money | None) -> list[Any]:
    if value is None:
        return [None, None]
    digits = get_currency_precision(value.currency)
    return [Decimal(value.minor).scaleb(-digits), value.currency]


class CsvTable:
    """Comma-separated values in UTF-8 with a byte order mark."""

    def __init__(self, target: SealedWriter) -> None:
        self._target = target
        self._text = io.StringIO()
        self._writer = csv.writer(self._text)
        target.write(BYTE_ORDER_MARK)

    def add(self, cells: Sequence[Any]) -> None:
        self._writer.writerow([self._shown(value) for value in cells])
        self._target.write(self._text.getvalue().encode())
        self._text.seek(0)
        self._text.truncate()

    def finish(self) -> None:
        """Everything is written already."""

    @staticmethod
    def _shown(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, dt.datetime):
            return value.isoformat(sep=" ", timespec="seconds")
        if isinstance(value, bool | int | Decimal | dt.date):
            return str(value)
        text = str(value)
        return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class ExcelTable:
    """One sheet, written row by row; the unfinished file lies in the folder of exports."""

    def __init__(self, target: SealedWriter, workspace: Path) -> None:
        self._target = target
        self._path = workspace / "export.xlsx"
        self._book = xlsxwriter.Workbook(
            str(self._path),
            {
                "constant_memory": True,
                "tmpdir": str(workspace),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "remove_timezone": True,
            },
        )
        self._sheet = self._book.add_worksheet()
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._heading = self._book.add_format({"bold": True})
        self._row = 0

    def add(self, cells: Sequence[Any]) -> None:
        for index, value in enumerate(cells):
            self._put(index, value)
        self._row += 1

    def _put(self, column: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, dt.datetime):
            self._sheet.write_datetime(self._row, column, value, self._moment)
        elif isinstance(value, dt.date):
            self._sheet.write_datetime(self._row, column, value, self._day)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            self._sheet.write_number(self._row, column, value)
        else:
            style = self._heading if self._row == 0 else None
            self._sheet.write_string(self._row, column, str(value)[:MAX_CELL], style)

    def finish(self) -> None:
        self._book.close()
        with self._path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                self._target.write(piece)
