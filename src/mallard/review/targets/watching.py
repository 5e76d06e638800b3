"""The watch over targets: malls, stores and people that fall behind become somebody's task."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.review.targets import queries
from mallard.review.targets.kinds import CORRECTIVE
from mallard.review.targets.models import Metric
from mallard.review.targets.queries import PlaceAttainment
from mallard.review.targets.rules import first_of, is_below, is_regained
from mallard.review.targets.settings import ALERT_AFTER_DAYS, ALERT_BELOW_PERCENT
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import stores_in
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.models import Task
from mallard.world.tasks.services import open_tasks, settle_tasks

MALL_ROLE = "crm_manager"
"""Who answers for a mall that falls behind; of a store and its people, the tenant's manager."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watch found: tasks opened, and tasks that settled themselves."""

    opened: int
    settled: int


def watch_targets(*, actor: Actor) -> Watched:
    """Look at the targets of the actor's malls, stores and people for the month at hand, of net
    sales and of new members.

    Who is below the threshold for some business days in a row becomes a corrective task, once a
    month and figure: a mall of its CRM manager, a store and its people of the tenant's manager.
    Back at the threshold, the task is done by itself. Running it again changes nothing.
    """
    threshold_bp, for_days = ALERT_BELOW_PERCENT.value * 100, ALERT_AFTER_DAYS.value
    opened = settled = 0
    for mall in Mall.objects.filter(pk__in=stores_in(actor.scope).values("mall")):
        month = first_of(queries.last_whole_day(mall))
        below, regained = [], []
        for row, task in _watched_figures(mall, month, actor):
            days = row.attainment.days
            if is_below(days, threshold_bp=threshold_bp, for_days=for_days):
                below.append(task)
            elif is_regained(days, threshold_bp=threshold_bp):
                regained.append(task.key)
        opened += _open_corrective(below, actor)
        if regained:
            settled += settle_tasks(CORRECTIVE.code, regained, actor=actor)
    return Watched(opened, settled)


def _watched_figures(
    mall: Mall, month: dt.date, actor: Actor
) -> Iterator[tuple[PlaceAttainment, TaskInput]]:
    """What `_watched` finds of each figure that has targets. Tasks of net sales keep the keys and
    messages that they always had."""
    yield from _watched(mall, month, actor, Metric.NET_SALES)
    for row, task in _watched(mall, month, actor, Metric.NEW_MEMBERS):
        counted = {
            "actual": row.attainment.actual_to_date,
            "target": row.attainment.target_to_date,
        }
        yield (
            row,
            replace(
                task,
                message=f"{task.message}_members",
                params={**task.params, **counted},
                key=f"{task.key}:{Metric.NEW_MEMBERS}",
            ),
        )


def _watched(
    mall: Mall, month: dt.date, actor: Actor, metric: str
) -> Iterator[tuple[PlaceAttainment, TaskInput]]:
    """The mall, its stores and their people as far as the actor sees them, each with its task."""
    whole = queries.mall_attainment(mall, month, actor.scope, metric=metric)
    if whole is not None and not whole.is_sum:  # of a sum, its stores are told already
        yield whole, _mall_task(whole, mall, month)
    for row in queries.store_attainments(mall, month, actor.scope, metric=metric):
        yield row, _store_task(row, mall, month)
    store_ids = stores_in(actor.scope).filter(mall=mall).values_list("pk", flat=True)
    for row in queries.person_attainments(mall, month, list(store_ids), metric=metric):
        yield row, _person_task(row, mall, month)


def _mall_task(row: PlaceAttainment, mall: Mall, month: dt.date) -> TaskInput:
    return TaskInput(
        kind=CORRECTIVE.code,
        message="mall_below",
        params={"mall": _both(row), **_figures(row, mall, month)},
        key=f"{mall.pk}:{month:%Y-%m}",
        subject_kind="mall",
        subject_id=mall.pk,
        mall_id=mall.pk,
        role=MALL_ROLE,
    )


def _store_task(row: PlaceAttainment, mall: Mall, month: dt.date) -> TaskInput:
    return TaskInput(
        kind=CORRECTIVE.code,
        message="below",
        params={"store": _both(row), **_figures(row, mall, month)},
        key=f"{row.place_id}:{month:%Y-%m}",
        subject_kind="store",
        subject_id=row.place_id,
        store_id=row.place_id,
    )


def _person_task(row: PlaceAttainment, mall: Mall, month: dt.date) -> TaskInput:
    assert row.store is not None  # noqa: S101 people are at a store
    return TaskInput(
        kind=CORRECTIVE.code,
        message="person_below",
        params={"person": row.name_en, "store": _both(row.store), **_figures(row, mall, month)},
        key=f"{row.store.pk}:{row.place_id}:{month:%Y-%m}",
        subject_kind="store",
        subject_id=row.store.pk,
        store_id=row.store.pk,
    )


def _both(place: Any) -> dict[str, str]:
    """The name of a place in both languages."""
    return {"en": place.name_en or place.name_zh, "zh": place.name_zh or place.name_en}


def _figures(row: PlaceAttainment, mall: Mall, month: dt.date) -> dict[str, dict[str, Any]]:
    return {
        "month": {"month": month.isoformat()},
        "attainment": {"bp": row.attainment.bp or 0},
        "actual": {"money": row.attainment.actual_to_date, "currency": mall.currency},
        "target": {"money": row.attainment.target_to_date, "currency": mall.currency},
    }


@atomic_retrying
def _open_corrective(tasks: Sequence[TaskInput], actor: Actor) -> int:
    keys = [task.key for task in tasks]
    had = set(Task.objects.filter(kind=CORRECTIVE.code, key__in=keys).values_list("key", flat=True))
    return sum(
        one.is_new
        for one in open_tasks([task for task in tasks if task.key not in had], actor=actor)
    )
