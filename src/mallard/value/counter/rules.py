"""Pure decisions about what a desk types from paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from babel.numbers import get_currency_precision

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.value.counter.errors import (
    AmountAbsurd,
    GoodsTooMuch,
    InFuture,
    OnlyRestricted,
    RestrictedUnclear,
    StoreClosedThen,
    TooOld,
)
from mallard.value.sales.facts import LineInput
from mallard.world.malls.facts import StoreFacts

# More than any single purchase at a desk; a figure beyond it is a slip of the finger.
MOST_UNITS = 1_000_000
ONE = 1_000
CLOCKS_APART = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands on the paper. ``goods`` are codes with what was paid for them."""

    number: str
    occurred_at: dt.datetime
    amount_minor: int
    restricted_kind: str = ""
    restricted_minor: int = 0
    goods: tuple[tuple[str, int], ...] = field(default=())
    tender: str = ""


def check(
    typed: Typed, store: StoreFacts, *, store_name: str, days_back: int, at: dt.datetime
) -> dt.date:
    """Raise what is wrong with the paper itself, at its field; answer its business day."""
    if typed.occurred_at > at + CLOCKS_APART:
        raise InFuture(fields={"occurred_at": InFuture.message})
    day = store.business_day(typed.occurred_at)
    if (store.business_day(at) - day).days > days_back:
        sentence = TooOld.message % {"days": days_back, "day": formats.day(day)}
        raise TooOld(days=days_back, day=formats.day(day), fields={"occurred_at": sentence})
    if not store.is_open_on(day):
        told = {"store": store_name, "day": formats.day(day)}
        raise StoreClosedThen(**told, fields={"store": StoreClosedThen.message % told})
    _check_amounts(typed, store.currency)
    return day


def _check_amounts(typed: Typed, currency: str) -> None:
    most = minor_of(MOST_UNITS, currency)
    if not 0 < typed.amount_minor <= most:
        told = formats.money(Money(most, currency))
        raise AmountAbsurd(most=told, fields={"amount": AmountAbsurd.message % {"most": told}})
    is_said = bool(typed.restricted_kind)
    if is_said != bool(typed.restricted_minor) or not (
        0 <= typed.restricted_minor <= typed.amount_minor
    ):
        raise RestrictedUnclear(fields={"restricted_amount": RestrictedUnclear.message})
    if typed.restricted_minor == typed.amount_minor:
        raise OnlyRestricted(fields={"restricted_amount": OnlyRestricted.message})
    if sum(amount for _code, amount in typed.goods) + typed.restricted_minor > typed.amount_minor:
        raise GoodsTooMuch(fields={"goods": GoodsTooMuch.message})


def minor_of(units: int, currency: str) -> int:
    """Whole units of a currency in its minor unit."""
    return units * 10 ** get_currency_precision(currency)


def is_alone_enough(amount_minor: int, currency: str, *, limit_units: int) -> bool:
    """Whether one person may bring in this much."""
    return amount_minor <= minor_of(limit_units, currency)


def lines_of(
    amount_minor: int,
    goods: Sequence[tuple[str, int]],
    *,
    restricted_kind: str = "",
    restricted_minor: int = 0,
) -> tuple[LineInput, ...]:
    """The receipt's lines: goods by their code, restricted goods, and whatever else there was."""
    lines = [LineInput(code, "", ONE, amount) for code, amount in goods]
    if restricted_minor:
        lines.append(LineInput(None, "", ONE, restricted_minor, restricted=restricted_kind))
    rest = amount_minor - sum(line.amount_minor for line in lines)
    if rest or not lines:
        lines.append(LineInput(None, "", ONE, rest))
    return tuple(lines)
