"""Footfall over HTTP: counters send their quarters, reports read what they add up to."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import Invalid
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.kernel.http.problems import Problem, problem_of
from mallard.world.footfall import queries, services
from mallard.world.footfall.facts import CountInput, CountOutcome, CountStatus, PlaceDayEntries
from mallard.world.footfall.models import CounterSource, Entrance
from mallard.world.footfall.permissions import RECORD_FOOTFALL, VIEW_FOOTFALL
from mallard.world.footfall.rules import MOST_IN_A_QUARTER
from mallard.world.malls.queries import malls_in

router = Router(tags=["footfall"])

MAX_ITEMS = 5_000
MOST_DAYS = {"day": 400, "hour": 31}
EXAMPLE = {
    "items": [
        {
            "mall": "LAKE",
            "entrance": "NORTH",
            "at": "2026-03-02T12:15:00+08:00",
            "entries": 84,
            "exits": 61,
        }
    ]
}

Code = Annotated[str, Field(min_length=1, max_length=40)]
People = Annotated[int, Field(ge=0, le=MOST_IN_A_QUARTER)]


class CountIn(Body):
    """Heads that passed an entrance in a quarter of an hour. Never send who they were."""

    mall: Code = Field(description="The mall's code.")
    entrance: Code = Field(description="The entrance's code within the mall.")
    at: AwareDatetime = Field(description="When the quarter of an hour began: :00, :15, :30, :45.")
    entries: People
    exits: People = 0
    revision: int | None = Field(
        None,
        ge=1,
        le=10**9,
        description="The counter's own number of this statement: a higher one corrects a lower "
        "one. Without it the last word counts.",
    )

    def to_input(self) -> CountInput:
        at = self.at.astimezone(dt.UTC)
        return CountInput(self.mall, self.entrance, at, self.entries, self.exits, self.revision)


class CountBatchIn(Body):
    items: list[CountIn] = Field(min_length=1, max_length=MAX_ITEMS)


class CountAnswer(Schema):
    """What became of a count. `revision` is the statement that stands now."""

    status: CountStatus
    revision: int = 0
    error: Problem | None = None

    @staticmethod
    def of(outcome: CountOutcome) -> CountAnswer:
        error = Problem(**problem_of(outcome.error)) if outcome.error else None
        return CountAnswer(status=outcome.status, revision=outcome.revision, error=error)


class CountBatchAnswer(Schema):
    """One answer per item, in the order sent."""

    items: list[CountAnswer]


@router.post(
    "/footfall/batch",
    response=CountBatchAnswer,
    openapi_extra=examples(en=EXAMPLE, zh=EXAMPLE),
    summary="Record up to 5,000 counts",
)
@requires(RECORD_FOOTFALL)
@idempotent()
def record_footfall_batch(request: HttpRequest, batch: CountBatchIn) -> CountBatchAnswer:
    """Each item answers for itself. The same figures again change nothing; others correct."""
    counts = [item.to_input() for item in batch.items]
    outcomes = services.record_counts(counts, actor=actor_of(request), source=CounterSource.API)
    return CountBatchAnswer(items=[CountAnswer.of(outcome) for outcome in outcomes])


class FootfallQuery(Schema):
    """Business days of a mall, both ends included."""

    mall: Code = Field(description="The mall's code.")
    first: dt.date
    last: dt.date
    by: Literal["day", "hour"] = "day"


class FootfallOut(Schema):
    """`hour` is the mall's local hour, null in figures of a whole day. `quarters` is how many
    counts it is of: fewer than usual means that a counter was mute."""

    business_day: dt.date
    hour: int | None
    entries: int
    exits: int
    quarters: int
    is_generated: bool

    @staticmethod
    def of(one: PlaceDayEntries) -> FootfallOut:
        return FootfallOut(**{name: getattr(one, name) for name in FootfallOut.model_fields})


class FootfallAnswer(Schema):
    mall: str
    items: list[FootfallOut]


@router.get("/footfall", response=FootfallAnswer, summary="Footfall of a mall")
@requires(VIEW_FOOTFALL)
def read_footfall(
    request: HttpRequest, wanted: Annotated[FootfallQuery, Query()]
) -> FootfallAnswer:
    """By business day (up to 400) or by local hour (up to 31 days). What nobody counted is left
    out."""
    most = MOST_DAYS[wanted.by]
    if not 0 <= (wanted.last - wanted.first).days < most:
        raise Invalid(fields={"last": _("Ask for 1 to %(most)s days.") % {"most": most}})
    scope = actor_of(request).scope
    mall_ids = list(malls_in(scope).filter(code=wanted.mall).values_list("pk", flat=True))
    read = queries.entries_by_day if wanted.by == "day" else queries.entries_by_hour
    found = read(scope, wanted.first, wanted.last, mall_ids=mall_ids)
    return FootfallAnswer(mall=wanted.mall, items=[FootfallOut.of(one) for one in found])


class EntranceOut(Schema):
    id: UUID
    mall: str
    code: str
    name_en: str
    name_zh: str
    floor: str
    closed_on: dt.date | None = Field(description="The first day without counting.")
    origin: str

    @staticmethod
    def of(row: Entrance) -> EntranceOut:
        own = ("id", "code", "name_en", "name_zh", "closed_on", "origin")
        values = {name: getattr(row, name) for name in own}
        return EntranceOut(mall=row.mall.code, floor=row.floor.code, **values)


@router.get("/footfall/entrances", response=Page[EntranceOut], summary="Entrances")
@requires(VIEW_FOOTFALL)
def list_entrances(request: HttpRequest, page: PageParameters) -> Page[EntranceOut]:
    """The entrances of the malls that the key holds as a whole."""
    rows = queries.entrances_in(actor_of(request).scope).select_related("mall", "floor")
    found = paginate(rows, order=("id",), cursor=page.cursor, limit=page.limit, name="entrances")
    items = [EntranceOut.of(row) for row in found.rows]
    return Page(items=items, next_cursor=found.next_cursor)
