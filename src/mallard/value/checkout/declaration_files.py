"""Sales declarations from a file: one row a store and business day, with an answer per row."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO

from django.utils.translation import gettext as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.value.checkout.files import UnreadableFile, decode, delimiter_of
from mallard.value.checkout.loading import harmless
from mallard.value.sales.declarations.facts import DeclarationInput
from mallard.value.sales.declarations.months import BadCell, amount_of, count_of
from mallard.value.sales.declarations.services import declare_sales
from mallard.value.sales.models import Source
from mallard.world.malls.queries import store_facts

REQUIRED = ("store", "business_day", "amount")
OPTIONAL = ("currency", "receipts")


@dataclass(slots=True)
class DeclarationRow:
    """A row of the file, and what became of it."""

    row: int
    store: str
    day: str
    result: str = "refused"
    problem: str = ""
    declaration: DeclarationInput | None = None


@dataclass(slots=True)
class DeclarationReport:
    """What became of each row, in the file's order."""

    rows: list[DeclarationRow] = field(default_factory=list)

    def count(self, result: str) -> int:
        return sum(row.result == result for row in self.rows)


def load_declarations(content: bytes, *, actor: Actor) -> DeclarationReport:
    """Declare every good row of a CSV file and say of each bad one what is wrong. Safe to repeat.

    Raises `UnreadableFile` when the file as a whole makes no sense; nothing is declared then.
    """
    report = DeclarationReport(_read(content))
    good = [row for row in report.rows if row.declaration is not None]
    outcomes = declare_sales(
        [row.declaration for row in good if row.declaration],
        actor=actor,
        source=Source.FILE,
        origin=Origin.IMPORT,
    )
    for row, outcome in zip(good, outcomes, strict=True):
        row.result = outcome.result.value
        row.problem = str(outcome.error) if outcome.error else ""
    return report


def _read(content: bytes) -> list[DeclarationRow]:
    text = decode(content)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    header = [name.strip().lower() for name in reader.fieldnames or []]
    wrong = [name for name in REQUIRED if name not in header]
    wrong += [name for name in header if name not in (*REQUIRED, *OPTIONAL)]
    if wrong or len(set(header)) != len(header):
        raise UnreadableFile(
            detail=_("its columns are store, business_day, amount and, if wanted, %(optional)s.")
            % {"optional": ", ".join(OPTIONAL)}
        )
    reader.fieldnames = header
    try:
        cells = [
            (reader.line_num, {k: (v or "").strip() for k, v in row.items() if k}) for row in reader
        ]
    except csv.Error as error:
        raise UnreadableFile(
            detail=_("line %(line)s: %(error)s.") % {"line": reader.line_num, "error": error}
        ) from None
    currency_of = {
        code: facts.currency
        for code, facts in store_facts({row["store"] for _line, row in cells}).items()
    }
    return [_row(number, row, currency_of) for number, row in cells]


def _row(number: int, row: Mapping[str, str], currency_of: Mapping[str, str]) -> DeclarationRow:
    read = DeclarationRow(number, row["store"], row["business_day"])
    currency = row.get("currency") or currency_of.get(row["store"], "")
    try:
        if not currency:
            raise BadCell(_("there is no store with the code “%(store)s” here.") % row)
        amount = amount_of(row["amount"], currency)
        if amount is None:
            raise BadCell(_("its amount is empty."))
        day = _day(row["business_day"])
        receipts = count_of(row.get("receipts", ""))
    except BadCell as error:
        read.problem = str(error)
        return read
    read.declaration = DeclarationInput(row["store"], day, amount, currency, receipts)
    return read


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadCell(_("its business day is not a date such as 2026-03-02.")) from None


def write_declaration_report(report: DeclarationReport, file: TextIO) -> None:
    """The answers as CSV; a cell that a spreadsheet would run gets an apostrophe (CWE-1236)."""
    writer = csv.writer(file)
    writer.writerow(("row", "store", "business_day", "result", "problem"))
    for row in report.rows:
        cells = (row.row, row.store, row.day, row.result, row.problem)
        writer.writerow([harmless(cell) for cell in cells])
