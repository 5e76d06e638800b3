"""What goes over the wire about receipts and returns, and how it becomes plain facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

from mallard.kernel.errors import DomainError
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.problems import Problem, problem_of
from mallard.value.checkout.outcomes import ReceiptOutcome, ReturnOutcome, Status
from mallard.value.sales.facts import (
    LineInput,
    ReceiptInput,
    ReturnInput,
    ReturnLineInput,
    TenderInput,
)
from mallard.world.members.inputs import MemberRef

MAX_ITEMS = 500
MILLI = 1_000

Amount = Annotated[int, Field(ge=0, le=10**12, description="Minor units: cents, fen.")]
Quantity = Annotated[
    Decimal,
    Field(
        ge=0,
        le=10**9,
        decimal_places=3,
        description="Up to three decimals; kilograms too. A string or a number.",
    ),
]
Code = Annotated[str, Field(min_length=1, max_length=64)]
TenderKind = Literal["cash", "card", "wechat", "alipay", "voucher", "other"]


class MemberRefIn(Body):
    kind: Literal["number", "phone", "card", "email", "wechat", "alipay", "plate", "card_code"] = (
        Field(
            description="What the till knows the member by. `card_code`: the code that changes, as"
            " scanned from the member's phone at most half an hour before the sale ended."
        )
    )
    value: str = Field(min_length=1, max_length=600)

    def to_ref(self, at: dt.datetime) -> MemberRef:
        """Whom a sale that ended at ``at`` names."""
        moment = at if self.kind == "card_code" else None
        return MemberRef(self.kind, self.value, moment)


class LineIn(Body):
    sku: str | None = Field(None, max_length=64)
    barcode: str | None = Field(None, max_length=48)
    name: str = Field("", max_length=200, description="For goods the catalogue does not know.")
    quantity: Quantity = Decimal(1)
    amount_minor: Amount
    discount_minor: Amount = 0

    def to_input(self) -> LineInput:
        return LineInput(
            self.sku,
            self.name,
            int(self.quantity * MILLI),
            self.amount_minor,
            self.discount_minor,
            self.barcode,
        )


class TenderIn(Body):
    kind: TenderKind
    amount_minor: Amount


class ReceiptIn(Body):
    """A completed sale. Store and number identify it for ever: send it again at any time."""

    store: Code = Field(description="The store's code.")
    number: Code = Field(description="The receipt's number, never used twice by this store.")
    occurred_at: AwareDatetime
    currency: str = Field(pattern="^[A-Z]{3}$", description="ISO 4217.")
    member: MemberRefIn | None = None
    lines: list[LineIn] = Field(min_length=1, max_length=1_000)
    tenders: list[TenderIn] = Field(default_factory=list, max_length=50)
    visit: str | None = Field(
        None, max_length=64, description="The till's own reference of the visit, if it has one."
    )

    def to_input(self) -> ReceiptInput:
        return ReceiptInput(
            store_code=self.store,
            number=self.number,
            occurred_at=self.occurred_at,
            currency=self.currency,
            member=self.member.to_ref(self.occurred_at) if self.member else None,
            lines=tuple(line.to_input() for line in self.lines),
            tenders=tuple(TenderInput(t.kind, t.amount_minor) for t in self.tenders),
            visit_reference=self.visit,
        )


class ReceiptBatchIn(Body):
    items: list[ReceiptIn] = Field(min_length=1, max_length=MAX_ITEMS)


class ReturnLineIn(Body):
    line: int = Field(ge=1, le=1_000, description="The line's place on the receipt, from 1.")
    quantity: Quantity
    amount_minor: Amount | None = Field(
        None, description="Left out: the share of the line's amount by quantity."
    )

    def to_input(self) -> ReturnLineInput:
        return ReturnLineInput(self.line, int(self.quantity * MILLI), self.amount_minor)


class ReturnIn(Body):
    """Goods brought back. It may arrive before its sale and waits for it then."""

    store: Code
    number: Code = Field(description="The return's own number, never used twice by this store.")
    receipt_number: Code
    occurred_at: AwareDatetime
    lines: list[ReturnLineIn] | None = Field(
        None, max_length=1_000, description="Left out: everything that remains."
    )

    def to_input(self) -> ReturnInput:
        return ReturnInput(
            store_code=self.store,
            number=self.number,
            receipt_number=self.receipt_number,
            occurred_at=self.occurred_at,
            lines=None if self.lines is None else tuple(x.to_input() for x in self.lines),
        )


class ReturnBatchIn(Body):
    items: list[ReturnIn] = Field(min_length=1, max_length=MAX_ITEMS)


class ReceiptAnswer(Schema):
    """What became of a receipt. `points` is what it earns now, `reason` a code for why."""

    store: str
    number: str
    status: Status
    receipt_id: UUID | None = None
    points: int = 0
    reason: str | None = None
    error: Problem | None = None

    @staticmethod
    def of(outcome: ReceiptOutcome) -> ReceiptAnswer:
        return ReceiptAnswer(
            store=outcome.store_code,
            number=outcome.number,
            status=outcome.status,
            receipt_id=outcome.receipt_id,
            points=outcome.points,
            reason=outcome.reason,
            error=_problem(outcome.error),
        )


class ReturnAnswer(Schema):
    """What became of a return. `points_taken` is what its receipt earns less than before."""

    store: str
    number: str
    status: Status
    return_id: UUID | None = None
    receipt_id: UUID | None = None
    refund_minor: int = 0
    points_taken: int = 0
    error: Problem | None = None

    @staticmethod
    def of(outcome: ReturnOutcome) -> ReturnAnswer:
        return ReturnAnswer(
            store=outcome.store_code,
            number=outcome.number,
            status=outcome.status,
            return_id=outcome.return_id,
            receipt_id=outcome.receipt_id,
            refund_minor=outcome.refund_minor,
            points_taken=outcome.points_taken,
            error=_problem(outcome.error),
        )


def _problem(error: DomainError | None) -> Problem | None:
    return Problem(**problem_of(error)) if error is not None else None


class ReceiptBatchAnswer(Schema):
    """One answer per item, in the order sent."""

    items: list[ReceiptAnswer]


class ReturnBatchAnswer(Schema):
    """One answer per item, in the order sent."""

    items: list[ReturnAnswer]


class LineOut(Schema):
    """A line of a receipt. Quantities are strings, so that no reader makes a float of them."""

    line: int
    sku: str | None
    name: str
    quantity: Decimal
    amount_minor: int
    discount_minor: int
    returned_quantity: Decimal
    returned_minor: int
    restricted: str | None


class EarningOut(Schema):
    """What a receipt earns now and why, rule by rule. `summary` says it in the caller's language,
    e.g. `120 = 80 base + 40 Gold double on Sundays`."""

    points: int
    summary: str
    bonus_points: int
    reason: str
    tier: str | None
    rules: list[EarningRuleOut]


class EarningRuleOut(Schema):
    """What one rule gave. `wanted` is what it would have given without its limits. For a
    multiplier `amount_minor` is 0 and `base_points` what it multiplies."""

    rule: str
    version: int
    name: str
    kind: str
    lines: list[int]
    amount_minor: int
    base_points: int | None
    points: int
    wanted: int


class ReceiptOut(Schema):
    id: UUID
    store: str
    number: str
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    business_day: dt.date
    currency: str
    net_minor: int
    discount_minor: int
    refunded_minor: int
    member_id: UUID | None
    lines: list[LineOut]
    earning: EarningOut | None
