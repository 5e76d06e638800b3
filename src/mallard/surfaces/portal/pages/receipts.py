"""Receipts: what was bought, what came back, and why it earned what it earned."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mallard.kernel.access.actor import Actor
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.surfaces.portal.earning import earning_of
from mallard.surfaces.portal.own import own_page
from mallard.value.sales.errors import ReceiptNotFound
from mallard.value.sales.models import Receipt, Source
from mallard.value.sales.queries import receipt_sheets, visible_receipts, visible_returns
from mallard.world.memberweb.lane import member_page

ON_A_PAGE = 20
MAX_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """A receipt in a list."""

    url: str
    store: str
    mall: str
    when: str
    paid: Money
    points: int
    has_return: bool


def rows_of(actor: Actor, *, limit: int, offset: int = 0) -> list[Row]:
    """The member's receipts, newest first. Three statements."""
    found = (
        _own(actor)
        .prefetch_related("assessments", "returns")
        .order_by("-occurred_at", "-id")[offset : offset + limit]
    )
    return [
        Row(
            reverse("portal:receipt", args=[row.pk]),
            row.store.name,
            row.store.mall.name,
            formats.moment(row.occurred_at, ZoneInfo(row.store.mall.time_zone)),
            Money(row.net_minor, row.currency),
            max(row.assessments.all(), key=lambda one: one.revision).points
            if row.assessments.all()
            else 0,
            bool(row.returns.all()),
        )
        for row in found
    ]


def _own(actor: Actor) -> QuerySet[Receipt]:
    return visible_receipts(actor).select_related("store__mall")


@member_page
@require_GET
def receipts(request: HttpRequest) -> HttpResponse:
    """The list, twenty at a time."""
    page = _page_number(request.GET.get("page", ""))
    found = rows_of(own_page(request).actor, limit=ON_A_PAGE + 1, offset=(page - 1) * ON_A_PAGE)
    context = {
        "rows": found[:ON_A_PAGE],
        "newer": page - 1,
        "older": page + 1 if len(found) > ON_A_PAGE else None,
    }
    return render(request, "portal/receipts.html", context)


def _page_number(text: str) -> int:
    return min(max(int(text), 1), MAX_PAGE) if text.isascii() and text.isdigit() else 1


@dataclass(frozen=True, slots=True)
class LineRow:
    """Goods as the page draws them."""

    name: str
    quantity: str
    paid: Money
    saved: Money
    is_restricted: bool
    returned: str


@member_page
@require_GET
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """One of the member's own receipts; another's does not exist."""
    actor = own_page(request).actor
    row = _own(actor).filter(pk=receipt_id).first()
    if row is None:
        raise ReceiptNotFound()
    zone = ZoneInfo(row.store.mall.time_zone)
    returns = visible_returns(actor).filter(receipt=row).order_by("occurred_at")
    context = {
        "receipt": row,
        "when": formats.moment(row.occurred_at, zone),
        "paid": Money(row.net_minor, row.currency),
        "saved": Money(row.discount_minor, row.currency),
        "lines": _lines(row),
        "earning": earning_of(row),
        "returns": [
            (formats.moment(back.occurred_at, zone), Money(back.refund_minor, row.currency),
             back.source == Source.GENERATED)
            for back in returns
        ],
    }  # fmt: skip
    return render(request, "portal/receipt.html", context)


def _lines(row: Receipt) -> list[LineRow]:
    def quantity(milli: int) -> str:
        return formats.number(Decimal(milli) / 1_000)

    sheet: Any = receipt_sheets([row.pk]).get(row.pk)
    return [
        LineRow(
            line.name,
            quantity(line.quantity_milli) if line.quantity_milli != 1_000 else "",
            Money(line.amount_minor, row.currency),
            Money(line.discount_minor, row.currency),
            line.restricted is not None,
            quantity(line.returned_quantity_milli) if line.returned_quantity_milli else "",
        )
        for line in (sheet.lines if sheet else ())
    ]
