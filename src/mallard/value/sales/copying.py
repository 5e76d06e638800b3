"""A member's visits and receipts, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mallard.value.sales.models import Receipt, Visit
from mallard.world.members.copies import Part, Row, Subject, leave_out, register_part, theirs

_RECEIPTS = {
    "occurred_at": _("When"), "store": _("Store"), "number": _("Number"),
    "amount_minor": _("Amount (minor units)"), "currency": _("Currency"), "goods": _("Goods"),
}  # fmt: skip


def _receipts(subject: Subject) -> Iterable[Row]:
    found = theirs(Receipt, subject).select_related("store").prefetch_related("lines")
    for row in found.order_by("occurred_at"):
        yield {
            "occurred_at": row.occurred_at,
            "store": row.store.name,
            "number": row.number,
            "amount_minor": row.net_minor,
            "currency": row.currency,
            "goods": [line.name or line.sku or "" for line in row.lines.all()],
        }


def _visits(subject: Subject) -> Iterable[Row]:
    for row in theirs(Visit, subject).select_related("mall"):
        yield {"mall": row.mall.name, "started_at": row.started_at}


def register() -> None:
    register_part(Part("receipts", _("Receipts"), ("sales.Receipt",), _RECEIPTS, _receipts, 30))
    visits = {"mall": _("Mall"), "started_at": _("When")}
    register_part(Part("visits", _("Visits"), ("sales.Visit",), visits, _visits, 31))
    leave_out(
        "sales.MemberDay", "sales.MemberStoreDay", because="sums of the receipts, which are there"
    )
