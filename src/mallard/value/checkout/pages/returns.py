"""Returns: taking goods back, what came back, and what still waits for its sale."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import ChoiceFilter, DateRangeFilter, SearchFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.kept import record_url
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.value.checkout.forms import ReturnForm
from mallard.value.checkout.outcomes import ReturnOutcome
from mallard.value.checkout.pages import cells
from mallard.value.checkout.pages.receipts import visible_receipt
from mallard.value.checkout.permissions import RECORD_RETURN
from mallard.value.checkout.services import record_returns
from mallard.value.sales.facts import ReturnInput
from mallard.value.sales.models import Receipt, Source
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import (
    receipt_sheets,
    returns_matching,
    visible_pending_returns,
    visible_returns,
)

RETURNS = ListPage(
    key="returns",
    title=_("Returns"),
    columns=(
        Column("number", _("Number"), cells.number),
        Column("occurred", _("Time"), cells.when, sort="occurred_at", plain=cells.local_moment),
        Column("store", _("Store"), "store.name", from_width="sm"),
        Column("receipt", _("Receipt"), cells.sale_link, from_width="md"),
        Column(
            "refund",
            _("Refunded"),
            cells.refunded,
            sort="refund_minor",
            align="end",
            plain=cells.refunded_amount,
            is_money=True,
        ),
    ),
    default_sort="-occurred",
    filters=(
        SearchFilter(label=_("Number of the return or of the receipt"), search=returns_matching),
        ChoiceFilter("mall", _("Mall"), choices=cells.mall_choices, column="store__mall_id"),
        ChoiceFilter("store", _("Store"), choices=cells.store_choices, column="store_id"),
        DateRangeFilter("day", _("Business day"), column="business_day", is_moment=False),
    ),
    row_url=lambda row: record_url("checkout:receipt", row.receipt_id),
    empty=Empty(
        _("No returns yet"),
        _("Open a receipt and choose “Return goods”, or let the till send them."),
        icon="receipt-refund",
    ),
)

PENDING = ListPage(
    key="pending-returns",
    title=_("Returns waiting for their sale"),
    columns=(
        Column("number", _("Number"), cells.number),
        Column("occurred", _("Time"), cells.when, sort="occurred_at", plain=cells.local_moment),
        Column("store", _("Store"), "store.name", from_width="sm"),
        Column("receipt", _("Receipt"), "receipt_number"),
        Column("problem", _("Why it waits"), cells.problem),
    ),
    default_sort="-occurred",
    empty=Empty(
        _("Nothing waits"),
        _("A return that arrives before its sale stays here until the sale arrives."),
        icon="circle-check",
    ),
)


@requires(VIEW_RECEIPT)
def returns(request: HttpRequest) -> HttpResponse:
    """What came back to the stores in the reader's scope."""
    rows = visible_returns(actor_of(request)).select_related("store__mall", "receipt")
    return RETURNS.respond(request, rows)


@requires(VIEW_RECEIPT)
def pending_returns(request: HttpRequest) -> HttpResponse:
    """Returns that arrived before their sale."""
    rows = visible_pending_returns(actor_of(request)).select_related("store__mall")
    return PENDING.respond(request, rows)


@requires(RECORD_RETURN)
def return_goods(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Take goods of a receipt back: choose what came back, see what it means, do it once."""
    receipt = visible_receipt(actor_of(request), receipt_id)
    sheet = receipt_sheets([receipt.id])[receipt.id]
    form = ReturnForm(request.POST or None, lines=sheet.lines, currency=receipt.currency)
    if request.method == "POST" and form.is_valid():
        outcome = _record(request, receipt, form)
        if outcome.error is None:
            messages.success(request, _done(outcome, receipt))
            return HttpResponseRedirect(reverse("checkout:receipt", args=[receipt.id]))
        add_refusal(form, outcome.error)
    status = 422 if form.errors else 200
    context = {"receipt": receipt, "form": form, "paid": Money(receipt.net_minor, receipt.currency)}
    return render(request, "checkout/return_goods.html", context, status=status)


def _record(request: HttpRequest, receipt: Receipt, form: ReturnForm) -> ReturnOutcome:
    given = ReturnInput(
        store_code=receipt.store.code,
        number=form.cleaned_data["number"],
        receipt_number=receipt.number,
        occurred_at=form.cleaned_data["occurred_at"] or clock.now(),
        lines=form.return_lines(),
    )
    [outcome] = record_returns([given], actor=actor_of(request), source=Source.STAFF)
    return outcome


def _done(outcome: ReturnOutcome, receipt: Receipt) -> str:
    amount = formats.money(Money(outcome.refund_minor, receipt.currency))
    if outcome.points_taken:
        return gettext("Returned: refund %(amount)s. %(points)s were taken back.") % {
            "amount": amount,
            "points": formats.points(outcome.points_taken),
        }
    return gettext("Returned: refund %(amount)s.") % {"amount": amount}
