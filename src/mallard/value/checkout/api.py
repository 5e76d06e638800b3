"""Receipts and returns for tills: one, a batch, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as HttpStatus

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import Call, idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.value.checkout.outcomes import ReceiptOutcome, Status
from mallard.value.checkout.permissions import RECORD_RECEIPT, RECORD_RETURN
from mallard.value.checkout.schemas import (
    MILLI,
    EarningOut,
    EarningRuleOut,
    LineOut,
    ReceiptAnswer,
    ReceiptBatchAnswer,
    ReceiptBatchIn,
    ReceiptIn,
    ReceiptOut,
    ReturnAnswer,
    ReturnBatchAnswer,
    ReturnBatchIn,
    ReturnIn,
)
from mallard.value.checkout.services import look_ahead, record_receipts, record_returns
from mallard.value.loyalty.explaining import ExplainedStep, Glossary, explain, glossary
from mallard.value.loyalty.queries import AssessmentFacts, latest_assessments
from mallard.value.loyalty.rules import Kind
from mallard.value.sales.errors import ReceiptNotFound
from mallard.value.sales.models import Receipt, Source
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import ReceiptSheet, receipt_sheets, visible_receipts
from mallard.world.members.queries import visible_members

router = Router(tags=["receipts"])

RECEIPT_EN = {
    "store": "EAST-BAKERY",
    "number": "0001-20260302-0042",
    "occurred_at": "2026-03-02T12:31:07+08:00",
    "currency": "CNY",
    "member": {"kind": "phone", "value": "+86 138 1234 5678"},
    "lines": [
        {"sku": "BREAD-1", "name": "Rye bread", "quantity": 1, "amount_minor": 2800},
        {
            "barcode": "6901234567892",
            "name": "Cheese, by weight",
            "quantity": "0.235",
            "amount_minor": 3290,
            "discount_minor": 200,
        },
    ],
    "tenders": [{"kind": "wechat", "amount_minor": 6090}],
}
RECEIPT_ZH = {
    "store": "EAST-TEA",
    "number": "XS202603020042",
    "occurred_at": "2026-03-02T18:05:00+08:00",
    "currency": "CNY",
    "member": {"kind": "card", "value": "8800123456"},
    "lines": [{"sku": "TEA-3", "name": "茉莉奶绿 大杯", "quantity": 2, "amount_minor": 3600}],
    "tenders": [{"kind": "alipay", "amount_minor": 3600}],
}
RETURN_EN = {
    "store": "EAST-BAKERY",
    "number": "0001-20260303-0007",
    "receipt_number": "0001-20260302-0042",
    "occurred_at": "2026-03-03T10:02:00+08:00",
    "lines": [{"line": 1, "quantity": 1}],
}
RETURN_ZH = {
    "store": "EAST-TEA",
    "number": "TH202603030001",
    "receipt_number": "XS202603020042",
    "occurred_at": "2026-03-03T11:20:00+08:00",
}


def _record_together(
    calls: Sequence[Call], new: Callable[[], Sequence[Call]]
) -> list[HttpStatus[ReceiptAnswer] | None]:
    """Receipts that came at the same time, each in a request of its own, as one batch."""
    actor = calls[0].actor
    given = {id(call): call.kwargs["receipt"].to_input() for call in calls}
    foreseen = look_ahead(list(given.values()), actor)
    mine = new()
    outcomes = record_receipts(
        [given[id(call)] for call in mine],
        actor=actor,
        source=Source.API,
        request_ids=[call.actor.request_id for call in mine],
        foreseen=foreseen,
    )
    return [None if outcome.error else _receipt_status(outcome) for outcome in outcomes]


def _receipt_status(outcome: ReceiptOutcome) -> HttpStatus[ReceiptAnswer]:
    status = 201 if outcome.status is Status.RECORDED else 200
    return HttpStatus(status, ReceiptAnswer.of(outcome))


@router.post(
    "/receipts",
    response={201: ReceiptAnswer, 200: ReceiptAnswer},
    openapi_extra=examples(en=RECEIPT_EN, zh=RECEIPT_ZH),
    summary="Record a receipt",
)
@requires(RECORD_RECEIPT)
@idempotent(moves_value=True, together=_record_together)
def record_receipt(request: HttpRequest, receipt: ReceiptIn) -> HttpStatus[ReceiptAnswer]:
    """201 when it is new, 200 with the first answer's figures when it was recorded before."""
    [outcome] = record_receipts([receipt.to_input()], actor=actor_of(request), source=Source.API)
    if outcome.error is not None:
        raise outcome.error
    return _receipt_status(outcome)


@router.post(
    "/receipts/batch",
    response=ReceiptBatchAnswer,
    openapi_extra=examples(en={"items": [RECEIPT_EN]}, zh={"items": [RECEIPT_ZH]}),
    summary="Record up to 500 receipts",
)
@requires(RECORD_RECEIPT)
@idempotent(moves_value=True)
def record_receipt_batch(request: HttpRequest, batch: ReceiptBatchIn) -> ReceiptBatchAnswer:
    """Each item answers for itself; a refused one does not stop the others."""
    given = [item.to_input() for item in batch.items]
    outcomes = record_receipts(given, actor=actor_of(request), source=Source.API)
    return ReceiptBatchAnswer(items=[ReceiptAnswer.of(outcome) for outcome in outcomes])


@router.post(
    "/returns",
    response={201: ReturnAnswer, 202: ReturnAnswer, 200: ReturnAnswer},
    openapi_extra=examples(en=RETURN_EN, zh=RETURN_ZH),
    summary="Record a return",
)
@requires(RECORD_RETURN)
@idempotent(moves_value=True)
def record_return(request: HttpRequest, goods: ReturnIn) -> HttpStatus[ReturnAnswer]:
    """201 when it is new, 202 when it waits for its sale, 200 when it was recorded before."""
    [outcome] = record_returns([goods.to_input()], actor=actor_of(request), source=Source.API)
    if outcome.error is not None:
        raise outcome.error
    statuses = {Status.RECORDED: 201, Status.PENDING: 202}
    return HttpStatus(statuses.get(outcome.status, 200), ReturnAnswer.of(outcome))


@router.post(
    "/returns/batch",
    response=ReturnBatchAnswer,
    openapi_extra=examples(en={"items": [RETURN_EN]}, zh={"items": [RETURN_ZH]}),
    summary="Record up to 500 returns",
)
@requires(RECORD_RETURN)
@idempotent(moves_value=True)
def record_return_batch(request: HttpRequest, batch: ReturnBatchIn) -> ReturnBatchAnswer:
    """Each item answers for itself; a refused one does not stop the others."""
    given = [item.to_input() for item in batch.items]
    outcomes = record_returns(given, actor=actor_of(request), source=Source.API)
    return ReturnBatchAnswer(items=[ReturnAnswer.of(outcome) for outcome in outcomes])


@router.get("/receipts", response=Page[ReceiptOut], summary="List receipts")
@requires(VIEW_RECEIPT)
def list_receipts(
    request: HttpRequest, page: PageParameters, store: str | None = None
) -> dict[str, Any]:
    """The receipts of the stores in scope, latest first."""
    receipts = visible_receipts(actor_of(request))
    if store is not None:
        receipts = receipts.filter(store__code=store)
    found = paginate(
        receipts,
        order=("-occurred_at", "-id"),
        cursor=page.cursor,
        limit=page.limit,
        name="receipts",
    )
    return {"items": _out(request, found.rows), "next_cursor": found.next_cursor}


@router.get(
    "/stores/{store}/receipts/{number}", response=ReceiptOut, summary="Find a receipt by number"
)
@requires(VIEW_RECEIPT)
def get_receipt_by_number(request: HttpRequest, store: str, number: str) -> ReceiptOut:
    """The receipt that a store's number stands for."""
    return _one(request, store__code=store, number=number)


@router.get("/receipts/{receipt_id}", response=ReceiptOut, summary="Get a receipt")
@requires(VIEW_RECEIPT)
def get_receipt(request: HttpRequest, receipt_id: UUID) -> ReceiptOut:
    """A receipt with its lines, what came back, and what it earns now."""
    return _one(request, id=receipt_id)


def _one(request: HttpRequest, **wanted: Any) -> ReceiptOut:
    receipt = visible_receipts(actor_of(request)).filter(**wanted).first()
    if receipt is None:
        raise ReceiptNotFound()
    return _out(request, [receipt])[0]


def _out(request: HttpRequest, receipts: list[Receipt]) -> list[ReceiptOut]:
    ids = [receipt.id for receipt in receipts]
    # A tenant knows only the members who agreed to it, also by their own receipts.
    owners = {receipt.member_id for receipt in receipts if receipt.member_id}
    members = visible_members(actor_of(request)).filter(id__in=owners)
    known = set(members.values_list("id", flat=True)) if owners else set()
    sheets = receipt_sheets(ids)
    earnings = latest_assessments(ids)
    words = glossary(list(earnings.values()))
    return [
        _receipt_out(
            receipt,
            receipt.member_id if receipt.member_id in known else None,
            sheets[receipt.id],
            earnings.get(receipt.id),
            words,
        )
        for receipt in receipts
    ]


def _receipt_out(
    receipt: Receipt,
    member_id: UUID | None,
    sheet: ReceiptSheet,
    earning: AssessmentFacts | None,
    words: Glossary,
) -> ReceiptOut:
    return ReceiptOut(
        id=receipt.id,
        store=sheet.store_code,
        number=receipt.number,
        occurred_at=receipt.occurred_at,
        recorded_at=receipt.recorded_at,
        business_day=receipt.business_day,
        currency=receipt.currency,
        net_minor=receipt.net_minor,
        discount_minor=receipt.discount_minor,
        refunded_minor=sheet.refunded_minor,
        member_id=member_id,
        lines=[
            LineOut(
                line=line.line_no,
                sku=line.sku,
                name=line.name,
                quantity=Decimal(line.quantity_milli) / MILLI,
                amount_minor=line.amount_minor,
                discount_minor=line.discount_minor,
                returned_quantity=Decimal(line.returned_quantity_milli) / MILLI,
                returned_minor=line.returned_amount_minor,
                restricted=line.restricted,
            )
            for line in sheet.lines
        ],
        earning=_earning_out(earning, words) if earning else None,
    )


def _earning_out(earning: AssessmentFacts, words: Glossary) -> EarningOut:
    found = explain(earning, words)
    return EarningOut(
        points=earning.points,
        summary=found.summary,
        bonus_points=earning.bonus_points,
        reason=earning.reason,
        tier=earning.tier_code,
        rules=[_rule_out(one) for one in found.steps],
    )


def _rule_out(one: ExplainedStep) -> EarningRuleOut:
    step = one.step
    is_multiple = one.rule.terms.kind is Kind.MULTIPLIER
    return EarningRuleOut(
        rule=step.code,
        version=step.version,
        name=one.name,
        kind=one.rule.terms.kind,
        lines=list(step.line_nos),
        amount_minor=0 if is_multiple else step.amount_minor,
        base_points=step.amount_minor if is_multiple else None,
        points=step.points,
        wanted=step.wanted,
    )
