"""Sales declarations over HTTP, for tenants' own systems."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.kernel.http.problems import Problem, problem_of
from mallard.kernel.provenance import Origin
from mallard.value.sales.declarations import queries, services
from mallard.value.sales.declarations.facts import (
    DeclarationInput,
    DeclarationOutcome,
    DeclarationResult,
)
from mallard.value.sales.models import SalesDeclaration, Source
from mallard.value.sales.permissions import DECLARE_SALES, VIEW_DECLARATION

router = Router(tags=["declarations"])

MAX_ITEMS = 1_000
EXAMPLE = {
    "items": [
        {
            "store": "EAST-TEA",
            "business_day": "2026-03-02",
            "amount_minor": 1_284_050,
            "currency": "CNY",
            "receipts": 213,
        }
    ]
}


class DeclarationIn(Body):
    """Net sales of a store on a business day: tax included, less refunds of that day."""

    store: Annotated[str, Field(min_length=1, max_length=40, description="The store's code.")]
    business_day: dt.date
    amount_minor: int = Field(ge=-(10**12), le=10**12, description="Minor units: cents, fen.")
    currency: str = Field(pattern="^[A-Z]{3}$", description="ISO 4217.")
    receipts: int | None = Field(None, ge=0, le=10**6, description="How many, where known.")
    declared_at: AwareDatetime | None = Field(None, description="Left out: now.")

    def to_input(self) -> DeclarationInput:
        return DeclarationInput(
            self.store,
            self.business_day,
            self.amount_minor,
            self.currency,
            self.receipts,
            self.declared_at,
        )


class DeclarationBatchIn(Body):
    items: list[DeclarationIn] = Field(min_length=1, max_length=MAX_ITEMS)


class DeclarationAnswer(Schema):
    """What became of a declaration."""

    result: DeclarationResult
    declaration_id: UUID | None = None
    revision: int = 0
    error: Problem | None = None

    @staticmethod
    def of(outcome: DeclarationOutcome) -> DeclarationAnswer:
        return DeclarationAnswer(
            result=outcome.result,
            declaration_id=outcome.declaration_id,
            revision=outcome.revision,
            error=Problem(**problem_of(outcome.error)) if outcome.error else None,
        )


class DeclarationBatchAnswer(Schema):
    """One answer per item, in the order sent."""

    items: list[DeclarationAnswer]


@router.post(
    "/sales-declarations/batch",
    response=DeclarationBatchAnswer,
    openapi_extra=examples(en=EXAMPLE, zh=EXAMPLE),
    summary="Declare up to 1,000 store-days",
)
@requires(DECLARE_SALES)
@idempotent()
def declare_batch(request: HttpRequest, batch: DeclarationBatchIn) -> DeclarationBatchAnswer:
    """Each item answers for itself. The same figures again change nothing; others correct, until
    the mall has confirmed the day."""
    given = [item.to_input() for item in batch.items]
    actor = actor_of(request)
    outcomes = services.declare_sales(given, actor=actor, source=Source.API, origin=Origin.API)
    return DeclarationBatchAnswer(items=[DeclarationAnswer.of(one) for one in outcomes])


class DeclarationOut(Schema):
    id: UUID
    store: str
    business_day: dt.date
    amount_minor: int
    currency: str
    receipts: int | None
    status: str = Field(description="declared, confirmed or disputed")
    reason: str = Field(description="Why it is disputed.")
    declared_at: dt.datetime
    revision: int
    origin: str

    @staticmethod
    def of(row: SalesDeclaration) -> DeclarationOut:
        own = [name for name in DeclarationOut.model_fields if name != "store"]
        values = {name: getattr(row, name) for name in own}
        return DeclarationOut(store=row.store.code, **values)


class DeclarationQuery(Schema):
    store: str | None = Field(None, max_length=40, description="Code of a store.")
    first: dt.date | None = Field(None, description="From this business day on.")
    last: dt.date | None = Field(None, description="Up to this business day.")
    status: str | None = Field(None, max_length=9)


@router.get("/sales-declarations", response=Page[DeclarationOut], summary="Sales declarations")
@requires(VIEW_DECLARATION)
def list_declarations(
    request: HttpRequest, page: PageParameters, wanted: Annotated[DeclarationQuery, Query()]
) -> Page[DeclarationOut]:
    """The declarations of the stores in the key's scope, latest business day first."""
    rows = queries.declarations_in(actor_of(request).scope).select_related("store")
    named = {
        "store__code": wanted.store,
        "business_day__gte": wanted.first,
        "business_day__lte": wanted.last,
        "status": wanted.status,
    }
    rows = rows.filter(**{name: value for name, value in named.items() if value is not None})
    found = paginate(
        rows,
        order=("-business_day", "-id"),
        cursor=page.cursor,
        limit=page.limit,
        name="declarations",
    )
    items = [DeclarationOut.of(row) for row in found.rows]
    return Page(items=items, next_cursor=found.next_cursor)
