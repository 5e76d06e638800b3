"""Receipts from a file: CSV as a till or an accountant writes it, read row by row.

One row is one line of a receipt; rows of one receipt stand together and repeat its store and
number. Reading never stops at a bad row: it is reported and its receipt left out, whole, so that
no receipt is recorded with a line missing.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mallard.kernel.errors import Invalid
from mallard.value.sales.facts import LineInput, ReceiptInput, TenderInput
from mallard.world.malls.facts import StoreFacts
from mallard.world.members.inputs import MemberRef

REQUIRED = ("store", "number", "occurred_at", "amount")
OPTIONAL = (
    "currency", "member_kind", "member", "sku", "barcode", "name", "quantity", "discount",
    "tender", "visit",
)  # fmt: skip
MAX_FIELD = 10_000
MILLI = 1_000
DELIMITERS = ",;\t|"


class UnreadableFile(Invalid):
    code = "checkout.unreadable_file"
    message = gettext_lazy("This file cannot be read: %(detail)s")


@dataclass(slots=True)
class ReadReceipt:
    """A receipt as it was read: its rows in the file, and either the receipt or what is wrong."""

    rows: list[int]
    store: str
    number: str
    receipt: ReceiptInput | None = None
    problems: list[tuple[int, str]] = field(default_factory=list)


def decode(content: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else GB18030 (which GBK is part of).

    Raises :class:`UnreadableFile` when it is none of them.
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
    raise UnreadableFile(detail=_("it is neither UTF-8 nor GBK text."))


def read_receipts(
    content: bytes, *, stores: Callable[[str], StoreFacts | None]
) -> Iterator[ReadReceipt]:
    """The receipts of a file, in its order. ``stores`` knows a store by its code.

    Raises :class:`UnreadableFile` when the file as a whole makes no sense.
    """
    text = decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header)
        yield from _receipts(reader, header, stores)
    except csv.Error as error:
        raise UnreadableFile(
            detail=_("line %(line)s: %(error)s.") % {"line": reader.line_num, "error": error}
        ) from None


def delimiter_of(text: str) -> str:
    """What stands between the cells: whatever the first line has most of."""
    first_line = text.partition("\n")[0]
    return max(DELIMITERS, key=first_line.count)


def _check_header(header: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise UnreadableFile(
            detail=_("its first row must name the columns; %(missing)s is missing.")
            % {"missing": ", ".join(missing)}
        )
    unknown = [name for name in header if name not in (*REQUIRED, *OPTIONAL)]
    if unknown:
        raise UnreadableFile(
            detail=_("it has columns that are not known: %(unknown)s.")
            % {"unknown": ", ".join(unknown)}
        )
    if len(set(header)) != len(header):
        raise UnreadableFile(detail=_("a column is named twice."))


def _receipts(
    reader: Iterator[list[str]],
    header: list[str],
    stores: Callable[[str], StoreFacts | None],
) -> Iterator[ReadReceipt]:
    gathered: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if len(cells) != len(header):
            row["_problem"] = _("it has %(found)s cells; the header has %(wanted)s.") % {
                "found": len(cells),
                "wanted": len(header),
            }
        if gathered and _key(gathered[-1][1]) != _key(row):
            yield _gather(gathered, stores)
            gathered = []
        gathered.append((number, row))
    if gathered:
        yield _gather(gathered, stores)


def _key(row: Mapping[str, str]) -> tuple[str, str]:
    return row.get("store", ""), row.get("number", "")


class _BadCell(ValueError):
    """A cell that does not hold what its column needs; the text says so."""


def _gather(
    rows: list[tuple[int, Mapping[str, str]]], stores: Callable[[str], StoreFacts | None]
) -> ReadReceipt:
    first = rows[0][1]
    read = ReadReceipt([number for number, _row in rows], *_key(first))
    store = stores(read.store)
    if store is None:
        problem = _("there is no store with the code “%(store)s” here.") % {"store": read.store}
        read.problems.append((rows[0][0], problem))
        return read
    lines = []
    tenders: dict[str, int] = {}
    for number, row in rows:
        try:
            line = _line(row, store.currency)
            lines.append(line)
            _same_receipt(first, row)
            if row.get("tender"):
                tenders[row["tender"]] = tenders.get(row["tender"], 0) + line.amount_minor
        except _BadCell as error:
            read.problems.append((number, str(error)))
    if not read.problems:
        try:
            read.receipt = _receipt(first, store, tuple(lines), tenders)
        except _BadCell as error:
            read.problems.append((rows[0][0], str(error)))
    return read


def _same_receipt(first: Mapping[str, str], row: Mapping[str, str]) -> None:
    for name in ("occurred_at", "currency", "member_kind", "member", "visit"):
        if row.get(name, "") != first.get(name, ""):
            raise _BadCell(
                _("its “%(column)s” differs from the receipt's first row.") % {"column": name}
            )


def _receipt(
    row: Mapping[str, str],
    store: StoreFacts,
    lines: tuple[LineInput, ...],
    tenders: Mapping[str, int],
) -> ReceiptInput:
    return ReceiptInput(
        store_code=store.code,
        number=row["number"],
        occurred_at=_moment(row["occurred_at"], store.zone),
        currency=row.get("currency") or store.currency,
        member=_member(row),
        lines=lines,
        tenders=tuple(TenderInput(kind, amount) for kind, amount in tenders.items()),
        visit_reference=row.get("visit") or None,
    )


def _line(row: Mapping[str, str], currency: str) -> LineInput:
    if "_problem" in row:
        raise _BadCell(row["_problem"])
    for name, cell in row.items():
        if len(cell) > MAX_FIELD or "\x00" in cell:
            raise _BadCell(_("“%(column)s” is not text.") % {"column": name})
    return LineInput(
        sku=row.get("sku") or None,
        name=row.get("name", ""),
        quantity_milli=_quantity(row.get("quantity") or "1"),
        amount_minor=_amount("amount", row["amount"], currency),
        discount_minor=_amount("discount", row.get("discount") or "0", currency),
        barcode=row.get("barcode") or None,
    )


def _member(row: Mapping[str, str]) -> MemberRef | None:
    value = row.get("member", "")
    if not value:
        return None
    return MemberRef(row.get("member_kind") or "phone", value)


def _decimal(column: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(text) > 30:
        raise _BadCell(
            _("“%(column)s” is not a number: %(text)s") % {"column": column, "text": text[:40]}
        )
    return value


def _amount(column: str, text: str, currency: str) -> int:
    """An amount in major units (12.50) as minor units; more decimals than the currency has is a
    mistake, not something to round."""
    minor = _decimal(column, text).scaleb(get_currency_precision(currency))
    if minor != minor.to_integral_value():
        raise _BadCell(
            _("“%(column)s” has more decimals than %(currency)s has.")
            % {"column": column, "currency": currency}
        )
    return int(minor)


def _quantity(text: str) -> int:
    milli = _decimal("quantity", text) * MILLI
    if milli != milli.to_integral_value():
        raise _BadCell(_("“quantity” has more than three decimals."))
    return int(milli)


def _moment(text: str, zone: ZoneInfo) -> dt.datetime:
    """A time in ISO 8601; without an offset it is the store's local time."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise _BadCell(
            _("“occurred_at” is not a time such as 2026-03-02 18:05:00: %(text)s")
            % {"text": text[:40]}
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=zone)
