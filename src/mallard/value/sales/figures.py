"""The figures of trade: what each is, and how it is reckoned. Screens take both from here.

Net sales are receipts less refunds (on the day of the refund), tax included, after discounts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the catalogue, as the reader is told it: name, formula, unit, window."""

    code: str
    name: str | Promise
    formula: str | Promise
    unit: str | Promise
    window: str | Promise
    owner: str | Promise


NET_SALES = Figure(
    "sales.net_sales",
    _("Net sales"),
    _("Receipts less refunds on the day of the refund; tax included, after discounts."),
    _("money"),
    _("business day"),
    _("Director"),
)
RECEIPTS = Figure(
    "sales.receipts",
    _("Receipts"),
    _("Completed sales; a return does not take one away."),
    _("count"),
    _("business day"),
    _("Director"),
)
IDENTIFICATION = Figure(
    "sales.identification",
    _("Identification rate"),
    _("Receipts with a member ÷ receipts."),
    _("percent"),
    _("7 days"),
    _("CRM manager"),
)
PER_RECEIPT = Figure(
    "sales.per_receipt",
    _("Per receipt"),
    _("Net sales ÷ receipts."),
    _("money"),
    _("business day"),
    _("Director"),
)
MEMBER_SHARE = Figure(
    "sales.member_share",
    _("Members' share"),
    _("Members' net sales ÷ net sales, of the receipts that reached Mallard."),
    _("percent"),
    _("business day"),
    _("CRM manager"),
)

CATALOGUE = (NET_SALES, RECEIPTS, IDENTIFICATION, PER_RECEIPT, MEMBER_SHARE)


@dataclass(frozen=True, slots=True)
class Trade:
    """What was sold: counts, and net sales in minor units of one currency."""

    receipts: int = 0
    member_receipts: int = 0
    net_minor: int = 0
    member_net_minor: int = 0

    def __add__(self, other: Trade) -> Trade:
        return Trade(
            self.receipts + other.receipts,
            self.member_receipts + other.member_receipts,
            self.net_minor + other.net_minor,
            self.member_net_minor + other.member_net_minor,
        )

    @property
    def per_receipt_minor(self) -> int | None:
        """Net sales ÷ receipts, to the nearest minor unit, halves up; None without receipts."""
        if not self.receipts:
            return None
        return (2 * self.net_minor + self.receipts) // (2 * self.receipts)


@dataclass(frozen=True, slots=True)
class PlaceDay:
    """The trade of one place (a mall or a store) on one business day."""

    place_id: UUID
    day: dt.date
    trade: Trade


def trade_on(days: Iterable[PlaceDay], first: dt.date, last: dt.date | None = None) -> Trade:
    """The trade from ``first`` to ``last``, both included; of ``first`` alone without ``last``."""
    until = last or first
    return sum((one.trade for one in days if first <= one.day <= until), Trade())


def change_bp(now: int | None, before: int | None) -> int | None:
    """A change in basis points of what was before; None where that says nothing."""
    if now is None or before is None or before <= 0:
        return None
    return (now - before) * 10_000 // before


def share_bp(part: int, whole: int) -> int | None:
    """``part`` of ``whole`` in basis points, rounded down; None of nothing."""
    return part * 10_000 // whole if whole > 0 else None
