"""Targets over HTTP: how far malls, stores and people are in a month."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from mallard.kernel.access.guards import actor_of, requires
from mallard.review.targets import queries
from mallard.review.targets.errors import TargetInvalid
from mallard.review.targets.files import month_of
from mallard.review.targets.permissions import VIEW_TARGET
from mallard.review.targets.queries import PlaceAttainment
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import malls_in, stores_in

router = Router(tags=["targets"])


class TargetQuery(Schema):
    month: str = Field(max_length=10, examples=["2026-11"])
    metric: Literal["net_sales", "new_members"] = "net_sales"
    people: bool = Field(
        False, description="Also the targets of people, each after the stores of its mall."
    )


class TargetOut(Schema):
    mall_code: str
    store_id: UUID | None = Field(description="null: the mall itself")
    person_id: UUID | None = Field(
        None,
        description="The id of a colleague with a target at the store, with `people`; no name."
        " null: the target of the mall or the store itself.",
    )
    name_en: str = Field(description="Of the mall or the store.")
    name_zh: str
    amount: int = Field(description="Minor units of the mall's currency, or a count.")
    target_to_date: int
    actual_to_date: int
    attainment_bp: int | None = Field(description="Basis points; null before the first whole day.")
    as_of: dt.date


@router.get("/targets", response=list[TargetOut], summary="Targets and attainment")
@requires(VIEW_TARGET)
def list_targets(request: HttpRequest, wanted: Annotated[TargetQuery, Query()]) -> list[TargetOut]:
    """The targets of a month within the key's scope, by mall, the stores furthest behind first.

    What a person reached is an equal share of the store's among those with a target there.
    """
    scope = actor_of(request).scope
    try:
        month = month_of(wanted.month)
    except ValueError as problem:
        raise TargetInvalid(fields={"month": str(problem)}) from problem
    malls = list(malls_in(scope).order_by("code"))
    whole = queries.mall_attainments([(mall, month) for mall in malls], scope, metric=wanted.metric)
    found = []
    for mall in malls:
        if mall.pk in whole:
            found.append(_out(mall, whole[mall.pk], None))
        stores = queries.store_attainments(mall, month, scope, metric=wanted.metric)
        found += [_out(mall, one, one.place_id) for one in stores]
        if wanted.people:
            ids = list(stores_in(scope).filter(mall=mall).values_list("pk", flat=True))
            people = queries.person_attainments(mall, month, ids, metric=wanted.metric)
            # Not by name, as people read them: who reads a file needs no names.
            people.sort(key=lambda one: (one.store.code if one.store else "", one.place_id))
            found += [_out(mall, one, None) for one in people]
    return found


def _out(mall: Mall, one: PlaceAttainment, store_id: UUID | None) -> TargetOut:
    reached = one.attainment
    place = one.store or one
    return TargetOut(
        mall_code=mall.code,
        store_id=one.store.pk if one.store else store_id,
        person_id=one.place_id if one.store else None,
        name_en=place.name_en,
        name_zh=place.name_zh,
        amount=reached.amount,
        target_to_date=reached.target_to_date,
        actual_to_date=reached.actual_to_date,
        attainment_bp=reached.bp,
        as_of=queries.last_whole_day(mall),
    )
