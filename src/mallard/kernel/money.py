"""Money: integer minor units with an ISO 4217 code. No float ever touches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import DomainError


class CurrencyMismatch(DomainError):
    code = "money.currency_mismatch"
    message = _("Amounts in %(left)s and %(right)s cannot be added.")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: ``minor`` units (cents, fen) of ``currency``."""

    minor: int
    currency: str

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)


def split_by_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` into whole parts in proportion to ``weights``; the parts sum to ``total``.

    Hamilton's method: everyone gets the floor of the exact share, the units left over go to the
    largest remainders, the earlier one first on a tie. ``weights`` are non-negative integers and
    not all zero; a negative ``total`` is split like its absolute value.
    """
    if not weights or min(weights) < 0 or sum(weights) == 0:
        raise ValueError("weights must be non-negative and not all zero")
    sign = -1 if total < 0 else 1
    whole = sum(weights)
    shares = [divmod(abs(total) * weight, whole) for weight in weights]
    parts = [share for share, _remainder in shares]
    by_remainder = sorted(range(len(weights)), key=lambda i: -shares[i][1])
    for i in by_remainder[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]


# A page says the same amounts again each time that it is opened, and Babel takes its time.
@lru_cache(maxsize=20_000)
def format_minor(minor: int, currency: str, locale: str) -> str:
    """``minor`` units written for a reader, e.g. ``US$12.34``. ``locale`` is a Babel name."""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=locale)
