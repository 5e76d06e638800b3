"""Tasks over HTTP: systems read what is open, open tasks of their own, and finish them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.responses import Status
from pydantic import AwareDatetime

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.world.malls.queries import stores_in
from mallard.world.tasks import queries, services
from mallard.world.tasks.errors import TaskInvalid
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.models import Priority
from mallard.world.tasks.permissions import OPEN_TASK, VIEW_TASK, WORK_ON_TASK
from mallard.world.tasks.rules import MAX_KEY, MAX_TEXT, MAX_TITLE
from mallard.world.tasks.showing import ShownTasks

router = Router(tags=["tasks"])

PriorityName = Literal["low", "normal", "high"]
_PRIORITIES: dict[PriorityName, Priority] = {
    "low": Priority.LOW,
    "normal": Priority.NORMAL,
    "high": Priority.HIGH,
}
_PRIORITY_NAMES = {value.value: name for name, value in _PRIORITIES.items()}


class TaskOut(Schema):
    id: UUID
    kind: str = Field(examples=["follow_up"])
    title: str = Field(description="In the language that is asked for.")
    detail: str
    status: Literal["open", "done", "cancelled"]
    priority: PriorityName
    member_id: UUID | None
    store_code: str | None
    assignee: str = Field(description="A colleague's name or a role's.")
    role: str
    opened_at: dt.datetime
    due_at: dt.datetime
    closed_at: dt.datetime | None
    is_within_target: bool
    origin: str


class TaskQuery(Schema):
    status: Literal["open", "done", "cancelled"] | None = None
    kind: str | None = Field(None, max_length=40)


class TaskIn(Body):
    kind: str = Field("follow_up", max_length=40)
    title: str = Field(min_length=1, max_length=MAX_TITLE)
    detail: str = Field("", max_length=MAX_TEXT)
    key: str = Field(
        "",
        max_length=MAX_KEY,
        description="While a task of this kind with this key is open, that one is answered.",
    )
    member_id: UUID | None = None
    store_code: str | None = Field(None, max_length=40)
    role: str = Field("", max_length=40, description="Who does it; the kind's usual role if empty.")
    priority: PriorityName = "normal"
    due_at: AwareDatetime | None = None


class OpenedOut(Schema):
    id: UUID
    is_new: bool


class FinishIn(Body):
    outcome: str = Field("", max_length=MAX_TEXT)


@router.get("/tasks", response=Page[TaskOut], summary="Tasks")
@requires(VIEW_TASK)
def list_tasks(
    request: HttpRequest, page: PageParameters, wanted: Annotated[TaskQuery, Query()]
) -> Page[TaskOut]:
    """The tasks that the key may see, newest first."""
    actor = actor_of(request)
    rows = queries.visible_tasks(actor)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    found = paginate(
        ShownTasks.of(rows, actor),
        order=["-opened_at", "-id"],
        cursor=page.cursor,
        limit=page.limit,
        name="tasks",
    )
    return Page[TaskOut](
        items=[_task_out(task) for task in found.rows], next_cursor=found.next_cursor
    )


def _task_out(task: Any) -> TaskOut:
    return TaskOut(
        id=task.id,
        kind=task.kind,
        title=task.card.title,
        detail=task.card.detail,
        status=task.status,
        priority=_PRIORITY_NAMES[task.priority],
        member_id=task.member_id,
        store_code=task.store.code if task.store else None,
        assignee=task.card.doer,
        role=task.role,
        opened_at=task.opened_at,
        due_at=task.due_at,
        closed_at=task.closed_at,
        is_within_target=task.is_within_target,
        origin=task.origin,
    )


@router.post(
    "/tasks",
    response={201: OpenedOut, 200: OpenedOut},
    summary="Open a task",
    openapi_extra=examples(
        en={
            "kind": "follow_up",
            "title": "Call back about the cake",
            "store_code": "LAKE-BAKERY",
            "role": "sales_assistant",
        },
        zh={
            "kind": "follow_up",
            "title": "回电确认蛋糕订单",
            "store_code": "LAKE-BAKERY",
            "role": "sales_assistant",
        },
    ),
)
@requires(OPEN_TASK)
@idempotent()
def open_task(request: HttpRequest, body: TaskIn) -> Status[OpenedOut]:
    """Ask somebody to do something; 200 when a task with the key is open already."""
    actor = actor_of(request)
    store_id = None
    if body.store_code is not None:
        store_id = stores_in(actor.scope).filter(code=body.store_code).values_list("id").first()
        if store_id is None:
            raise TaskInvalid(fields={"store_code": TaskInvalid.message})
    task = TaskInput(
        kind=body.kind,
        title=body.title,
        detail=body.detail,
        key=body.key,
        subject_kind="member" if body.member_id else "",
        subject_id=body.member_id,
        member_id=body.member_id,
        store_id=store_id[0] if store_id else None,
        role=body.role,
        priority=_PRIORITIES[body.priority],
        due_at=body.due_at,
    )
    opened = services.open_task(task, actor=actor)
    return Status(201 if opened.is_new else 200, OpenedOut(id=opened.id, is_new=opened.is_new))


@router.post("/tasks/{task_id}/finish", response={204: None}, summary="Finish a task")
@requires(WORK_ON_TASK)
@idempotent()
def finish_task(request: HttpRequest, task_id: UUID, body: FinishIn) -> Status[None]:
    """The task is done, with what came of it."""
    services.finish_task(task_id, outcome=body.outcome, actor=actor_of(request))
    return Status(204, None)
