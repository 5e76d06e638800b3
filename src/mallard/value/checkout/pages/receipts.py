"""Receipts: the list, and a receipt with its lines, its points and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRangeFilter,
    GivenFilter,
    SearchFilter,
)
from mallard.kernel.ui.kept import record_url
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Fact
from mallard.value.checkout.pages import cells
from mallard.value.checkout.permissions import RECORD_RETURN
from mallard.value.loyalty.explaining import explain, glossary, how
from mallard.value.loyalty.queries import AssessmentFacts, latest_assessments
from mallard.value.sales.errors import ReceiptNotFound
from mallard.value.sales.models import Receipt, Source, Tender
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import (
    ReceiptSheet,
    SheetLine,
    receipt_sheets,
    receipts_matching,
    receipts_with_category,
    receipts_with_product,
    visible_receipts,
    visible_returns,
)
from mallard.world.catalog.queries import category_name, product_name
from mallard.world.malls.permissions import VIEW_STORE
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.queries import visible_members

RECEIPTS = ListPage(
    key="receipts",
    title=_("Receipts"),
    columns=(
        Column("number", _("Number"), cells.number),
        Column("occurred", _("Time"), cells.when, sort="occurred_at", plain=cells.local_moment),
        Column("store", _("Store"), "store.name", from_width="sm"),
        Column("mall", _("Mall"), "store.mall.name", from_width="xl"),
        Column(
            "paid",
            _("Paid"),
            cells.paid,
            sort="net_minor",
            align="end",
            plain=cells.paid_amount,
            is_money=True,
        ),
        Column(
            "points",
            _("Points"),
            cells.points,
            align="end",
            from_width="md",
            plain=cells.points_earned,
        ),
    ),
    default_sort="-occurred",
    filters=(
        SearchFilter(label=_("Receipt number"), search=receipts_matching),
        ChoiceFilter("mall", _("Mall"), choices=cells.mall_choices, column="store__mall_id"),
        ChoiceFilter("store", _("Store"), choices=cells.store_choices, column="store_id"),
        ChoiceFilter(
            "tenant", _("Tenant"), choices=cells.tenant_choices, column="store__tenant_id"
        ),
        ChoiceFilter(
            "trade",
            _("Trade category"),
            choices=cells.trade_choices,
            apply=cells.in_trade,
        ),
        GivenFilter("product", _("Product"), name=product_name, apply=receipts_with_product),
        GivenFilter("category", _("Category"), name=category_name, apply=receipts_with_category),
        DateRangeFilter("day", _("Business day"), column="business_day", is_moment=False),
        ChoiceFilter(
            "weekday", _("Weekday"), choices=cells.weekday_choices, apply=cells.on_weekday
        ),
        ChoiceFilter("hour", _("Hour"), choices=cells.HOURS, apply=cells.in_hour),
        BooleanFilter(
            "member", _("With a member"), apply=lambda rows: rows.filter(member__isnull=False)
        ),
        BooleanFilter(
            "returned", _("With a return"), apply=lambda rows: rows.filter(returns__isnull=False)
        ),
    ),
    row_url=lambda row: record_url("checkout:receipt", row.pk),
    empty=Empty(
        _("No receipts yet"),
        _("They appear as tills send them, or when you load a file of them."),
        icon="receipt",
    ),
)


@requires(VIEW_RECEIPT)
def receipts(request: HttpRequest) -> HttpResponse:
    """The receipts of the stores in the reader's scope."""
    rows = visible_receipts(actor_of(request))
    return RECEIPTS.respond(
        request, rows.select_related("store__mall").prefetch_related("assessments")
    )


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as the page draws it."""

    line: SheetLine
    quantity: str
    amount: Money
    discount: Money
    returned: Money
    badge: Any


@requires(VIEW_RECEIPT)
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """A receipt: what was bought, what it earned and why, what came back."""
    actor = actor_of(request)
    row = visible_receipt(actor, receipt_id)
    sheet = receipt_sheets([row.id])[row.id]
    can_return = actor.may(RECORD_RETURN) and any(
        line.remaining_milli or line.amount_minor > line.returned_amount_minor
        for line in sheet.lines
    )
    context = {
        "receipt": row,
        "facts": _facts(row, sheet, actor),
        "lines": [_line_row(line, row.currency) for line in sheet.lines],
        "paid": Money(row.net_minor, row.currency),
        "earning": _earning(row, latest_assessments([row.id]).get(row.id)),
        "returns": [
            (
                back,
                cells.when(back),
                Money(back.refund_minor, row.currency),
                back.source == Source.GENERATED,
            )
            for back in visible_returns(actor)
            .filter(receipt=row)
            .select_related("store__mall")
            .order_by("occurred_at")
        ],
        "can_return": can_return,
    }
    return render(request, "checkout/receipt.html", context)


def visible_receipt(actor: Actor, receipt_id: UUID) -> Receipt:
    """The receipt, if it lies in the actor's scope; raises :class:`ReceiptNotFound` otherwise."""
    rows: QuerySet[Receipt] = visible_receipts(actor).select_related(
        "store__mall", "store__tenant", "member", "visit"
    )
    row = rows.filter(pk=receipt_id).first()
    if row is None:
        raise ReceiptNotFound()
    return row


def _line_row(line: SheetLine, currency: str) -> LineRow:
    return LineRow(
        line,
        formats.number(Decimal(line.quantity_milli) / 1_000),
        Money(line.amount_minor, currency),
        Money(line.discount_minor, currency),
        Money(line.returned_amount_minor, currency),
        cells.restricted(line.restricted),
    )


def _facts(row: Receipt, sheet: ReceiptSheet, actor: Actor) -> list[Fact]:
    zone = cells.zone_of(row)
    store_url = reverse("malls:store", args=[row.store_id]) if actor.may(VIEW_STORE) else ""
    facts = [
        Fact(_("Store"), row.store.name, url=store_url),
        Fact(_("Mall"), row.store.mall.name),
        _member_fact(row, actor),
        Fact(_("Paid"), formats.money(Money(row.net_minor, row.currency))),
    ]
    if row.discount_minor:
        facts.append(Fact(_("Discounts"), formats.money(Money(row.discount_minor, row.currency))))
    if sheet.refunded_minor:
        refunded = Money(sheet.refunded_minor, row.currency)
        facts.append(Fact(_("Refunded"), formats.money(refunded)))
    tenders = row.tenders.order_by("position")
    paid_with = ", ".join(_tender(tender, row.currency) for tender in tenders)
    if paid_with:
        facts.append(Fact(_("Paid with"), paid_with))
    facts += [
        Fact(_("Time"), formats.moment(row.occurred_at, zone)),
        Fact(_("Business day"), formats.day(row.business_day)),
        Fact(_("Known since"), formats.moment(row.recorded_at, zone)),
        Fact(
            _("Came by"),
            _SOURCES[Source(row.source)],
            is_generated=row.source == Source.GENERATED,
        ),
    ]
    return facts


_SOURCES = {
    Source.POS: _("Till"),
    Source.API: _("API"),
    Source.FILE: _("File"),
    Source.HISTORY: _("Loaded history"),
    Source.STAFF: _("Staff"),
    Source.PAPER: _("Paper receipt at the desk"),
    Source.GENERATED: _("Made up for the demonstration"),
}


_TENDERS = {
    "cash": _("Cash"),
    "card": _("Bank card"),
    "wechat": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "voucher": _("Voucher"),
    "points": _("Points"),
    "other": _("Other means"),
}


def _tender(tender: Tender, currency: str) -> str:
    amount = formats.money(Money(tender.amount_minor, currency))
    return f"{_TENDERS.get(tender.kind, tender.kind)} {amount}"


def _member_fact(row: Receipt, actor: Actor) -> Fact:
    if row.member is None:
        return Fact(_("Member"), gettext("None named"))
    if not visible_members(actor).filter(pk=row.member.pk).exists():
        return Fact(
            _("Member"),
            gettext("A member"),
            hint=_("They have not agreed to be known to this store."),
        )
    may_open = actor.may(VIEW_MEMBER)
    url = reverse("members:detail", args=[row.member_id]) if may_open else ""
    return Fact(_("Member"), row.member.number, url=url)


@dataclass(frozen=True, slots=True)
class EarningView:
    """What a receipt earns, told rule by rule. ``steps``: rule, how, points, and what its limit
    took."""

    points: int
    summary: str
    steps: list[tuple[str, str, int, int]]
    tier: str
    bonus_points: int
    tenant_points: int
    mall_points: int
    is_revised: bool


def _earning(row: Receipt, facts: AssessmentFacts | None) -> EarningView | None:
    if facts is None:
        return None
    found = explain(facts, glossary([facts]))
    return EarningView(
        facts.points,
        found.summary,
        [
            (one.name, how(one, row.currency), one.step.points, one.step.wanted - one.step.points)
            for one in found.steps
        ],
        found.tier,
        facts.bonus_points,
        facts.tenant_points,
        facts.mall_points,
        facts.revision > 1,
    )
