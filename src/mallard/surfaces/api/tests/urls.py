"""An API of a few routes that do what tests ask for."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.db import OperationalError, transaction
from django.http import HttpRequest
from django.urls import include, path
from ninja import Field, Router, Schema
from ninja.responses import Status

from mallard.kernel.access.guards import OPEN, requires
from mallard.kernel.errors import DomainError, NotFound
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.models import OutboxEvent
from mallard.surfaces.api import pages
from mallard.surfaces.api.application import assembled
from mallard.surfaces.api.urls import routes

router = Router()
WRITE = "test.write_lamp"


class Dark(DomainError):
    code = "test.dark"
    status = 422
    message = "Only %(watts)s W."


class LampIn(Schema):
    name: str = Field(..., min_length=1, max_length=40)
    watts: Annotated[int, Field(ge=0, le=1000)]
    pause_ms: int = 0
    fails: bool = False


class LampOut(Schema):
    id: UUID
    watts: int


class BatchIn(Schema):
    items: Annotated[list[LampIn], Field(min_length=1, max_length=3)]


def write(lamp: LampIn) -> LampOut:
    row = OutboxEvent.objects.create(
        id=uuid7(), recorded_at="2026-01-01T00:00Z", name="test.lamp", subject_id=uuid7(),
        payload={"watts": lamp.watts}, actor_kind="api",
    )  # fmt: skip
    time.sleep(lamp.pause_ms / 1000)
    if lamp.fails:
        raise Dark(watts=lamp.watts)
    return LampOut(id=row.id, watts=lamp.watts)


@router.post(
    "/lamps",
    response={201: LampOut},
    openapi_extra=examples(en={"name": "Desk", "watts": 5}, zh={"name": "台灯", "watts": 5}),
)
@requires(WRITE)
@idempotent(moves_value=True)
def light_lamp(request: HttpRequest, body: LampIn) -> Status[LampOut]:
    """Light a lamp."""
    return Status(201, write(body))


@router.post("/strict-lamps", response=LampOut)
@requires(WRITE)
@idempotent(is_required=True)
def light_strict_lamp(request: HttpRequest, body: LampIn) -> LampOut:
    return write(body)


@router.post("/batches", response=list[LampOut])
@requires(WRITE)
def light_lamps(request: HttpRequest, body: BatchIn) -> list[LampOut]:
    return [write(each) for each in body.items]


@router.get("/lamps", response=Page[LampOut])
@requires(WRITE)
def lamps(request: HttpRequest, page: PageParameters) -> Page[LampOut]:
    found = paginate(
        OutboxEvent.objects.all(),
        order=("-recorded_at", "-id"),
        cursor=page.cursor,
        limit=page.limit,
        name="lamps",
    )
    items = [LampOut(id=row.id, watts=row.payload["watts"]) for row in found.rows]
    return Page[LampOut](items=items, next_cursor=found.next_cursor)


class ClockOut(Schema):
    at: dt.datetime
    kilo: Decimal
    of: Literal["a", "b"]


@router.post("/clock", response=ClockOut)
@requires(WRITE)
@idempotent()
def clock(request: HttpRequest, body: LampIn) -> ClockOut:
    at = dt.datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=dt.UTC)
    return ClockOut(at=at, kilo=Decimal("0.235"), of="a")


@router.get("/constant")
@requires(WRITE)
def constant(request: HttpRequest) -> dict[str, int]:
    return {"watts": 1}


@router.get("/broken/{kind}")
@requires(WRITE)
def broken(request: HttpRequest, kind: str) -> None:
    if kind == "database":
        raise OperationalError("could not connect: password for 13812345678")
    if kind == "range":
        with transaction.atomic():
            OutboxEvent.objects.raw("SELECT 9223372036854775807 + 1::bigint AS id")[0]
    if kind == "missing":
        raise NotFound()
    raise LookupError("Key (phone)=(13812345678) already exists")


@router.get("/open", auth=None)
@requires(OPEN)
def open_lamp(request: HttpRequest) -> dict[str, bool]:
    return {"open": True}


api = assembled([("lamps", router)])
urlpatterns = [
    path("api/", pages.reference_of(api)),
    path("api/v1/", routes(api)),
    path("", include("mallard.kernel.http.urls")),
    path("", include("mallard.kernel.ui.urls")),
]
handler404 = "mallard.kernel.ui.errors.not_found"
handler500 = "mallard.kernel.ui.errors.server_error"
