"""A store's month as people type it: what each cell says, and what it means."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from mallard.kernel.errors import NotFound
from mallard.value.sales.declarations.facts import ComparedDay, DeclarationInput

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
# No exponents: nobody types them, and 1e999999 would take long to become an integer.
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{0,6})?")
# What people write between digits: commas of either width, and spaces.
_GROUPING = str.maketrans("", "", ",，  ")


class BadCell(ValueError):
    """A cell that does not hold what it should; the text says so."""


def month_of(text: str) -> dt.date:
    """The first day of a month written ``2026-03``. Raises `NotFound`."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise NotFound()
    return dt.date(int(found[1]), int(found[2]), 1)


def last_of(first: dt.date) -> dt.date:
    """The last day of the month that begins on ``first``."""
    return month_after(first) - dt.timedelta(days=1)


def month_after(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=32)).replace(day=1)


def month_before(first: dt.date) -> dt.date:
    return (first - dt.timedelta(days=1)).replace(day=1)


def amount_of(text: str, currency: str) -> int | None:
    """An amount (``12,840.50``) in minor units; None of nothing. Raises `BadCell`."""
    plain = text.strip().translate(_GROUPING)
    if not plain:
        return None
    if not _AMOUNT.fullmatch(plain):
        raise BadCell(_("This is not an amount. Example: 12840.50"))
    minor = Decimal(plain).scaleb(get_currency_precision(currency))
    if minor != minor.to_integral_value():
        raise BadCell(_("%(currency)s has fewer decimals.") % {"currency": currency})
    return int(minor)


def count_of(text: str) -> int | None:
    """A number of receipts; None of nothing. Raises `BadCell`."""
    plain = text.strip().translate(_GROUPING)
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 7:
        raise BadCell(_("This is not a number of receipts."))
    return int(plain)


def as_typed(amount_minor: int | None, currency: str) -> str:
    """An amount as the cell shows it: what `amount_of` reads."""
    if amount_minor is None:
        return ""
    digits = get_currency_precision(currency)
    return f"{Decimal(amount_minor).scaleb(-digits):.{digits}f}"


@dataclass(slots=True)
class DayCells:
    """One day of the month: what is known, what the cells say, and what is wrong with them."""

    known: ComparedDay
    amount: str
    receipts: str
    problem: str = ""

    @property
    def key(self) -> str:
        return self.known.business_day.isoformat()


@dataclass(slots=True)
class TypedMonth:
    """A month as it was typed: its cells, and the declarations that they make."""

    days: list[DayCells]
    declared: list[DeclarationInput] = field(default_factory=list)

    @property
    def has_problems(self) -> bool:
        return any(day.problem for day in self.days)


def shown_month(known: Sequence[ComparedDay], currency: str) -> TypedMonth:
    """The month as it stands."""
    return TypedMonth(
        [
            DayCells(
                day,
                as_typed(day.declared_minor, currency),
                "" if day.declared_receipts is None else str(day.declared_receipts),
            )
            for day in known
        ]
    )


def typed_month(
    known: Sequence[ComparedDay], posted: Mapping[str, str], *, store_code: str, currency: str
) -> TypedMonth:
    """The month as typed. Cells that say what is known already declare nothing."""
    month = shown_month(known, currency)
    for day in month.days:
        day.amount = posted.get(f"amount-{day.key}", day.amount)[:40]
        day.receipts = posted.get(f"receipts-{day.key}", day.receipts)[:40]
        try:
            amount = amount_of(day.amount, currency)
            receipts = count_of(day.receipts)
            if amount is None and (receipts is not None or day.known.declared_minor is not None):
                raise BadCell(_("Say how much was sold; 0 if nothing was."))
        except BadCell as error:
            day.problem = str(error)
            continue
        is_known = (amount, receipts) == (day.known.declared_minor, day.known.declared_receipts)
        if amount is not None and not is_known:
            month.declared.append(
                DeclarationInput(store_code, day.known.business_day, amount, currency, receipts)
            )
    return month
