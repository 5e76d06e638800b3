"""Pure decisions about receipts and returns."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from hashlib import blake2b

from django.utils.translation import gettext as _

from mallard.kernel.ids import is_issued_card_number
from mallard.value.sales.errors import (
    InvalidReceipt,
    InvalidReturn,
    NothingLeftToReturn,
    ReturnBeforeSale,
    ReturnExceedsSale,
)
from mallard.value.sales.facts import (
    LineInput,
    ReceiptInput,
    ReturnInput,
    ReturnLineInput,
    StoredLine,
    StoredReceipt,
    TenderInput,
)
from mallard.world.members.rules import contains_payment_card

MAX_LINES = 1_000
MAX_NUMBER_LENGTH = 64
MAX_NAME_LENGTH = 200
# A till's clock may run ahead; more than this and the date is a mistake.
CLOCK_TOLERANCE = dt.timedelta(minutes=10)
# Larger than any sale, far below what a bigint sum of a year could overflow.
MAX_AMOUNT_MINOR = 10**12
# A word: no digits, so that nothing like a card number is kept in its place.
_TENDER_KIND = re.compile(r"[a-z_]{1,16}")


def check_receipt(receipt: ReceiptInput, *, currency: str, now: dt.datetime) -> None:
    """Raise :class:`InvalidReceipt` unless a store of ``currency`` could have made the receipt."""
    problem = (
        _number_problem(receipt.number)
        or (_number_problem(receipt.visit_reference) if receipt.visit_reference else None)
        or _time_problem(receipt.occurred_at, now)
        or _lines_problem(receipt.lines)
    )
    if not problem and receipt.currency != currency:
        problem = _("the store sells in %(store)s, not in %(given)s.") % {
            "store": currency,
            "given": receipt.currency,
        }
    if not problem and receipt.tenders:
        problem = _tenders_problem(receipt.tenders)
    if not problem and receipt.tenders:
        paid = sum(tender.amount_minor for tender in receipt.tenders)
        due = sum(line.amount_minor for line in receipt.lines)
        if paid != due:
            problem = _("the payments come to %(paid)s and the lines to %(due)s.") % {
                "paid": paid,
                "due": due,
            }
    if problem:
        raise InvalidReceipt(detail=problem)


def _number_problem(number: str) -> str | None:
    if not number or len(number) > MAX_NUMBER_LENGTH or not number.isprintable():
        return _("its number is empty, too long or has characters that cannot be printed.")
    if is_issued_card_number(number):
        return _("its number looks like a payment card number.")
    return None


def _time_problem(occurred_at: dt.datetime, now: dt.datetime) -> str | None:
    if occurred_at.tzinfo is None:
        return _("its time has no time zone.")
    if occurred_at > now + CLOCK_TOLERANCE:
        return _("it is dated in the future.")
    if occurred_at.year < 2000:
        return _("it is dated before the year 2000.")
    return None


def _lines_problem(lines: Sequence[LineInput]) -> str | None:
    if not 1 <= len(lines) <= MAX_LINES:
        return _("it needs between 1 and %(most)s lines.") % {"most": MAX_LINES}
    for line_no, line in enumerate(lines, start=1):
        if not 0 <= line.amount_minor <= MAX_AMOUNT_MINOR:
            return _("line %(line)s has an amount below zero or absurdly large.") % {
                "line": line_no
            }
        if not 0 <= line.discount_minor <= MAX_AMOUNT_MINOR:
            return _("line %(line)s has a discount below zero or absurdly large.") % {
                "line": line_no
            }
        if not 0 <= line.quantity_milli <= MAX_AMOUNT_MINOR:
            return _("line %(line)s has a quantity below zero or absurdly large.") % {
                "line": line_no
            }
        problem = _goods_problem(line)
        if problem:
            return problem % {"line": line_no}
    if sum(line.amount_minor for line in lines) > MAX_AMOUNT_MINOR:
        # It would earn more points than the ledger moves at once, and spoil its whole batch.
        return _("its lines come to an absurdly large amount.")
    return None


def _tenders_problem(tenders: Sequence[TenderInput]) -> str | None:
    for tender in tenders:
        if not _TENDER_KIND.fullmatch(tender.kind):
            return _("a kind of payment is not one word of small letters, such as cash or card.")
        if not 0 <= tender.amount_minor <= MAX_AMOUNT_MINOR:
            return _("a payment is below zero or absurdly large.")
    return None


def _goods_problem(line: LineInput) -> str | None:
    """What is wrong with a line's texts; the sentence still wants the line's number."""
    if len(line.name) > MAX_NAME_LENGTH or "\x00" in line.name:
        return _("line %(line)s has a name that is too long or not text.")
    for code in (line.sku, line.barcode):
        if code and (len(code) > MAX_NUMBER_LENGTH or not code.isprintable()):
            return _("line %(line)s has a code that is too long or cannot be printed.")
        if code and len(code) > 13 and is_issued_card_number(code):
            return _("line %(line)s has a code that looks like a payment card number.")
    if line.name and contains_payment_card(line.name):
        return _("line %(line)s has a name with a payment card number in it.")
    return None


def receipt_fingerprint(receipt: ReceiptInput) -> bytes:
    """A 16-byte digest of what the till said, leaving the member out.

    The member is left out because a digest of a phone number could be searched for by trying all
    numbers, and would outlive an erasure.
    """
    content = (
        receipt.occurred_at.timestamp(),
        receipt.currency,
        tuple(
            (x.sku, x.barcode, x.name, x.quantity_milli, x.amount_minor, x.discount_minor)
            for x in receipt.lines
        ),
        tuple((t.kind, t.amount_minor) for t in receipt.tenders),
    )
    return blake2b(repr(content).encode(), digest_size=16).digest()


def return_fingerprint(goods_return: ReturnInput) -> bytes:
    """A 16-byte digest of what the till said about a return."""
    lines = goods_return.lines
    content = (
        goods_return.receipt_number,
        goods_return.occurred_at.timestamp(),
        None
        if lines is None
        else tuple((x.line_no, x.quantity_milli, x.amount_minor) for x in lines),
    )
    return blake2b(repr(content).encode(), digest_size=16).digest()


def check_return(goods_return: ReturnInput, *, now: dt.datetime) -> None:
    """Raise :class:`InvalidReturn` unless the return is well-formed by itself."""
    problem = (
        _number_problem(goods_return.number)
        or _number_problem(goods_return.receipt_number)
        or _time_problem(goods_return.occurred_at, now)
    )
    if not problem and goods_return.lines is not None:
        problem = _return_lines_problem(goods_return.lines)
    if problem:
        raise InvalidReturn(detail=problem)


def _return_lines_problem(lines: Sequence[ReturnLineInput]) -> str | None:
    if not 1 <= len(lines) <= MAX_LINES:
        return _("it needs between 1 and %(most)s lines.") % {"most": MAX_LINES}
    if len({line.line_no for line in lines}) != len(lines):
        return _("it names the same line twice.")
    for line in lines:
        if not 0 <= line.quantity_milli <= MAX_AMOUNT_MINOR:
            return _("line %(line)s has a quantity below zero or absurdly large.") % {
                "line": line.line_no
            }
        if line.amount_minor is not None and not 0 <= line.amount_minor <= MAX_AMOUNT_MINOR:
            return _("line %(line)s has an amount below zero or absurdly large.") % {
                "line": line.line_no
            }
    return None


def lines_to_return(receipt: StoredReceipt, goods_return: ReturnInput) -> list[ReturnLineInput]:
    """What comes back of each line, amounts filled in.

    Without an amount, the refund is the share of the line's amount by quantity, rounded down,
    except that the return which brings the last of the quantity refunds all that remains.

    Raises :class:`ReturnBeforeSale`, :class:`NothingLeftToReturn`, :class:`ReturnExceedsSale`
    or :class:`InvalidReturn` (a line that the receipt does not have).
    """
    if goods_return.occurred_at < receipt.occurred_at:
        raise ReturnBeforeSale()
    if goods_return.lines is None:
        whole = [_all_that_remains(line) for line in receipt.lines]
        wanted = [x for x in whole if x.quantity_milli or x.amount_minor]
        if not wanted:
            raise NothingLeftToReturn(number=receipt.number)
        return wanted
    by_number = {line.line_no: line for line in receipt.lines}
    return [_checked_line(by_number.get(asked.line_no), asked) for asked in goods_return.lines]


def _all_that_remains(line: StoredLine) -> ReturnLineInput:
    return ReturnLineInput(
        line.line_no, line.quantity_milli - line.returned_quantity_milli, line.remaining_minor
    )


def _checked_line(line: StoredLine | None, asked: ReturnLineInput) -> ReturnLineInput:
    if line is None:
        detail = _("the receipt has no line %(line)s.") % {"line": asked.line_no}
        raise InvalidReturn(detail=detail)
    quantity_left = line.quantity_milli - line.returned_quantity_milli
    if asked.quantity_milli > quantity_left:
        raise ReturnExceedsSale(
            line=line.line_no,
            left=_quantity_text(quantity_left),
            asked=_quantity_text(asked.quantity_milli),
        )
    amount = asked.amount_minor
    if amount is None:
        is_last = asked.quantity_milli == quantity_left
        amount = (
            line.remaining_minor
            if is_last
            else line.amount_minor * asked.quantity_milli // line.quantity_milli
        )
        amount = min(amount, line.remaining_minor)
    if amount > line.remaining_minor:
        raise ReturnExceedsSale(line=line.line_no, left=line.remaining_minor, asked=amount)
    if not amount and not asked.quantity_milli:
        raise InvalidReturn(detail=_("line %(line)s brings nothing back.") % {"line": line.line_no})
    return ReturnLineInput(line.line_no, asked.quantity_milli, amount)


def _quantity_text(quantity_milli: int) -> str:
    whole, rest = divmod(quantity_milli, 1000)
    return f"{whole}.{rest:03}".rstrip("0") if rest else str(whole)
