"""The figures of trade: what each is, and how it is reckoned. Screens take both from here.

Net sales are receipts less refunds (on the day of the refund), tax included, after discounts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel.figures import Figure, Freshness, Unit, declare

WEEK = dt.timedelta(days=7)


NET_SALES = declare(
    Figure(
        "sales.net_sales",
        _("Net sales"),
        _("Receipts less refunds on the day of the refund; tax included, after discounts."),
        Unit.MONEY,
        _("business day"),
        "director",
    )
)
RECEIPTS = declare(
    Figure(
        "sales.receipts",
        _("Receipts"),
        _("Completed sales; a return does not take one away."),
        Unit.COUNT,
        _("business day"),
        "director",
    )
)
PER_RECEIPT = declare(
    Figure(
        "sales.per_receipt",
        _("Per receipt"),
        _("Net sales ÷ receipts."),
        Unit.MONEY,
        _("business day"),
        "director",
    )
)
PER_CUSTOMER = declare(
    Figure(
        "sales.per_customer",
        _("Per customer"),
        _("Members' net sales ÷ members who bought, each counted once."),
        Unit.MONEY,
        _("business day"),
        "crm_manager",
        Freshness.SECONDS,
    )
)
IDENTIFICATION = declare(
    Figure(
        "sales.identification",
        _("Identification rate"),
        _("Receipts with a member ÷ receipts."),
        Unit.PERCENT,
        _("7 days"),
        "analyst",
    )
)
MEMBER_SHARE = declare(
    Figure(
        "sales.member_share",
        _("Members' share"),
        _("Members' net sales ÷ net sales, of the receipts that reached Mallard."),
        Unit.PERCENT,
        _("business day"),
        "crm_manager",
    )
)
MEMBER_SALES_SHARE = declare(
    Figure(
        "sales.member_sales_share",
        _("Member sales share"),
        _(
            "Members' net sales ÷ sales that tenants declare, of the same tenant-days with both. "
            "Its coverage is the share of open tenant-days that are declared."
        ),
        Unit.PERCENT,
        _("month to date"),
        "director",
    )
)
CAPTURE_COVERAGE = declare(
    Figure(
        "sales.capture_coverage",
        _("Capture coverage"),
        _("Tenant-days whose whole sales are known by declaration ÷ open tenant-days."),
        Unit.PERCENT,
        _("7 days"),
        "analyst",
    )
)
ACTIVE_RATE = declare(
    Figure(
        "sales.active_rate",
        _("Active rate"),
        _(
            "Open members with at least one valid purchase ÷ open members. Of a mall or a store: "
            "of those who enrolled or bought there. A purchase that came back whole is not valid."
        ),
        Unit.PERCENT,
        _("365 days"),
        "crm_manager",
        Freshness.MINUTES,
    )
)
REPURCHASE = declare(
    Figure(
        "sales.repurchase",
        _("Repurchase rate"),
        _("Members who bought on two days or more ÷ members who bought at all."),
        Unit.PERCENT,
        _("90 days"),
        "crm_manager",
        Freshness.MINUTES,
    )
)
NEW_MEMBER_CONVERSION = declare(
    Figure(
        "sales.new_member_conversion",
        _("New-member conversion"),
        _(
            "Members who joined 31 to 60 days ago and bought within 30 days ÷ members who joined "
            "then. They count where they enrolled."
        ),
        Unit.PERCENT,
        _("joined 31–60 days ago"),
        "crm_manager",
        Freshness.MINUTES,
    )
)
NEW_TO_STORE = declare(
    Figure(
        "sales.new_to_store",
        _("New to the store"),
        _("Members whose first receipt here falls into the window."),
        Unit.COUNT,
        _("30 days"),
        "tenant_manager",
        Freshness.MINUTES,
    )
)
DENSITY = declare(
    Figure(
        "sales.density",
        _("Sales density"),
        _("Net sales ÷ leased area ÷ days open, of stores with a lease."),
        Unit.MONEY_PER_AREA,
        _("month to date"),
        "tenant_manager",
    )
)


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
