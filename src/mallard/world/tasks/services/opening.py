"""Opening tasks, singly and by the thousand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.bulk import insert_unnest
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.world.malls.models import Mall, Store
from mallard.world.malls.queries import malls_in, stores_in
from mallard.world.members.models import Member
from mallard.world.members.queries import visible_members
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import visible_staff
from mallard.world.staff.roles import ROLES
from mallard.world.tasks.errors import TaskInvalid, TooManyTasks
from mallard.world.tasks.events import TaskFinished, TaskOpened
from mallard.world.tasks.inputs import OpenedTask, ProblemInput, TaskInput
from mallard.world.tasks.kinds import PROBLEM, TaskKind, kind_of
from mallard.world.tasks.models import Priority, ProblemReport, Task, TaskStatus
from mallard.world.tasks.rules import (
    MAX_KEY,
    MAX_TITLE,
    is_due_acceptable,
    page_path,
    request_id,
    target_of,
)
from mallard.world.tasks.sealing import outcome_context, seal_words
from mallard.world.tasks.services.acting import checked_text, label_of, origin_of, staff_id_of
from mallard.world.tasks.services.telling import tell_given
from mallard.world.tasks.subjects import subject_kind, subjects_for
from mallard.world.tasks.wording import MAX_PARAMS, message_of

MAX_BATCH = 5_000

_COLUMNS = [
    ("id", "uuid"), ("kind", "text"), ("key", "text"), ("message", "text"), ("params", "jsonb"),
    ("title", "text"), ("detail", "text"), ("words_sealed", "bytea"), ("subject_kind", "text"),
    ("subject_id", "uuid"), ("member_id", "uuid"), ("store_id", "uuid"), ("mall_id", "uuid"),
    ("assignee_id", "uuid"), ("role", "text"), ("priority", "smallint"), ("status", "text"),
    ("opened_at", "timestamptz"), ("recorded_at", "timestamptz"), ("due_at", "timestamptz"),
    ("target_at", "timestamptz"), ("opened_by_id", "uuid"), ("opener_label", "text"),
    ("closed_at", "timestamptz"), ("closed_by_id", "uuid"), ("outcome", "text"),
    ("outcome_sealed", "bytea"), ("origin", "text"),
]  # fmt: skip


@atomic_retrying
def open_task(task: TaskInput, *, actor: Actor) -> OpenedTask:
    """Open one task; see `open_tasks`."""
    return open_tasks([task], actor=actor)[0]


@atomic_retrying
def open_tasks(tasks: Sequence[TaskInput], *, actor: Actor) -> list[OpenedTask]:
    """Open up to 5,000 tasks in a handful of statements; answers in the order of ``tasks``.

    Refused whole when one is wrong: `TaskInvalid` with the fields at fault (a kind, message or
    role that does not exist; somebody or something that the actor may not see; no title),
    `PaymentCardRefused`, `TooManyTasks`.
    """
    if len(tasks) > MAX_BATCH:
        raise TooManyTasks(limit=MAX_BATCH)
    reach = _Reach(tasks, actor)
    rows = [_row(task, reach, actor) for task in tasks]
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        first.setdefault((row["kind"], row["key"] or str(row["id"])), row)
    # Writing the key again locks the task that has it and answers its id: it cannot be closed
    # between our looking and our answering.
    written = insert_unnest(
        Task._meta.db_table,
        _COLUMNS,
        [tuple(row[name] for name, _type in _COLUMNS) for row in first.values()],
        on_conflict="ON CONFLICT (kind, key) WHERE status = 'open' AND NOT key = ''"
        " DO UPDATE SET key = excluded.key",
        returning=["id", "kind", "key"],
    )
    ids = {(kind, key or str(id_)): id_ for id_, kind, key in written}
    new = {id_ for id_, _kind, _key in written} & {row["id"] for row in rows}
    _leave_trace([row for row in first.values() if row["id"] in new], actor)
    opened = []
    for row in rows:
        id_ = ids[row["kind"], row["key"] or str(row["id"])]
        opened.append(OpenedTask(id_, is_new=id_ == row["id"]))
    return opened


def _leave_trace(rows: Sequence[Mapping[str, Any]], actor: Actor) -> None:
    """One audit entry (what a single task is; the ids of a batch), and an event for each."""
    if len(rows) == 1:
        told = ("kind", "member_id", "store_id", "mall_id", "assignee_id", "role", "due_at")
        after = {name: rows[0][name] for name in told if rows[0][name]}
        record(actor, "tasks.task_opened", "task", rows[0]["id"], after=after)
    elif rows:
        ids = [row["id"] for row in rows]
        record(actor, "tasks.batch_opened", "task", None, after={"opened": len(ids)}, ids=ids)
    events = [
        TaskOpened(
            subject_id=row["id"],
            **{
                name: row[name]
                for name in ("kind", "assignee_id", "role", "store_id", "mall_id", "member_id")
            },
        )
        for row in rows
    ]
    announce([*events, *(_finished_event(row) for row in rows if row["closed_at"])], actor=actor)
    tell_given(
        (
            (row["id"], row["assignee_id"])
            for row in rows
            if not row["closed_at"] and row["origin"] != Origin.GENERATED
        ),
        actor=actor,
    )


def _finished_event(row: Mapping[str, Any]) -> TaskFinished:
    return TaskFinished(
        subject_id=row["id"],
        kind=row["kind"],
        opened_by_id=row["opened_by_id"],
        closed_by_id=row["closed_by_id"],
        is_within_target=row["closed_at"] <= row["target_at"],
    )


class _Reach:
    """What a batch names, looked up once: what exists, and what the actor may see of it."""

    def __init__(self, tasks: Sequence[TaskInput], actor: Actor) -> None:
        self.at = now()
        member_ids = {task.member_id for task in tasks if task.member_id}
        staff_ids = {task.assignee_id for task in tasks if task.assignee_id}
        staff_ids |= {task.finish.by_id for task in tasks if task.finish}
        members = Member.objects.all() if actor.everything else visible_members(actor)
        self.members = {one.id: one for one in members.filter(pk__in=member_ids)}
        store_ids = {task.store_id for task in tasks if task.store_id}
        enrolled = {one.enrolled_store_id for one in self.members.values()}
        store_ids |= {id_ for id_ in enrolled if id_ is not None}
        self.mall_of = dict(Store.objects.filter(pk__in=store_ids).values_list("id", "mall_id"))
        mall_ids = {task.mall_id for task in tasks if task.mall_id}
        self.stores = set(
            stores_in(actor.scope).filter(pk__in=store_ids).values_list("id", flat=True)
        )
        malls = Mall.objects.all() if actor.everything else malls_in(actor.scope)
        self.malls = set(malls.filter(pk__in=mall_ids).values_list("id", flat=True))
        staff = StaffUser.objects.all() if actor.everything else visible_staff(actor)
        people = staff.filter(pk__in=staff_ids, is_active=True)
        self.staff = set(people.values_list("id", flat=True))
        self.keys: dict[UUID, DataKey] = open_keys(self.members.keys())
        refs = {(t.subject_kind, t.subject_id) for t in tasks if t.subject_id is not None}
        self.subjects = set() if actor.everything else set(subjects_for(refs, actor))


def _row(task: TaskInput, reach: _Reach, actor: Actor) -> dict[str, Any]:
    """The row of a task. Raises `TaskInvalid`, `PaymentCardRefused`."""
    kind = kind_of(task.kind)
    if kind is None:
        raise TaskInvalid(fields={"kind": _("There is no such kind of task.")})
    _check_message(task)
    _check_subject(task, reach, actor)
    title = checked_text("title", task.title, limit=MAX_TITLE, is_needed=not task.message)
    detail = checked_text("detail", task.detail)
    store_id, mall_id = _place(task, reach)
    opened_at = task.opened_at or reach.at
    target_at = target_of(opened_at, kind.target_hours)
    due_at = task.due_at or target_at
    if opened_at > reach.at or not is_due_acceptable(due_at, opened_at):
        raise TaskInvalid(
            fields={"due_at": _("A task is due after it was opened, within two years.")}
        )
    if task.priority not in Priority.values:
        raise TaskInvalid(fields={"priority": _("Choose one from the list.")})
    id_ = uuid7()
    words: dict[str, Any] = {"title": title, "detail": detail, "words_sealed": None}
    if task.member_id is not None:
        key = reach.keys[task.member_id]
        words = {"title": "", "detail": "", "words_sealed": seal_words(title, detail, key, id_)}
    assignee_id, role = _doer(task, kind, reach)
    finished = _finished(task, reach, opened_at, id_)
    return {
        "id": id_,
        "kind": kind.code,
        "key": task.key,
        "message": task.message,
        "params": Jsonb(dict(task.params)),
        **words,
        "subject_kind": task.subject_kind,
        "subject_id": task.subject_id,
        "member_id": task.member_id,
        "store_id": store_id,
        "mall_id": mall_id,
        "assignee_id": assignee_id,
        "role": role,
        "priority": task.priority,
        **finished,
        "opened_at": opened_at,
        "recorded_at": reach.at,
        "due_at": due_at,
        "target_at": target_at,
        "opened_by_id": staff_id_of(actor),
        "opener_label": label_of(actor),
        "origin": (task.origin or origin_of(actor)).value,
    }


def _finished(task: TaskInput, reach: _Reach, opened_at: dt.datetime, id_: UUID) -> dict[str, Any]:
    """Status and end of a task: open, or done already in a history."""
    if task.finish is None:
        return {
            "status": TaskStatus.OPEN.value, "closed_at": None, "closed_by_id": None,
            "outcome": "", "outcome_sealed": None,
        }  # fmt: skip
    if task.finish.by_id not in reach.staff:
        raise TaskInvalid(fields={"finish": _("There is no such colleague.")})
    if task.key or not opened_at <= task.finish.at <= reach.at:
        raise TaskInvalid(fields={"finish": _("A task is done after it was opened.")})
    text = checked_text("outcome", task.finish.outcome)
    sealed = None
    if task.member_id is not None and text:
        sealed = reach.keys[task.member_id].seal(text.encode(), outcome_context(id_))
        text = ""
    return {
        "status": TaskStatus.DONE.value, "closed_at": task.finish.at,
        "closed_by_id": task.finish.by_id, "outcome": text, "outcome_sealed": sealed,
    }  # fmt: skip


def _check_message(task: TaskInput) -> None:
    is_unknown = task.message and message_of(task.kind, task.message) is None
    if is_unknown or len(task.params) > MAX_PARAMS or len(task.key) > MAX_KEY:
        raise TaskInvalid(fields={"message": _("There is no such message.")})


def _check_subject(task: TaskInput, reach: _Reach, actor: Actor) -> None:
    unseen = _("We could not find that.")
    if task.member_id is not None and task.member_id not in reach.keys:
        raise TaskInvalid(fields={"member_id": unseen})
    if task.subject_id is None and not task.subject_kind:
        return
    is_unknown = task.subject_id is None or subject_kind(task.subject_kind) is None
    ref = (task.subject_kind, task.subject_id)
    if is_unknown or not (actor.everything or ref in reach.subjects):
        raise TaskInvalid(fields={"subject_id": unseen})


def _place(task: TaskInput, reach: _Reach) -> tuple[UUID | None, UUID | None]:
    """Store and mall. Where a task about a member names no place, it is where they enrolled."""
    unseen = _("We could not find that.")
    if task.store_id is not None:
        if task.store_id not in reach.stores:
            raise TaskInvalid(fields={"store_id": unseen})
        return task.store_id, reach.mall_of[task.store_id]
    if task.mall_id is not None:
        if task.mall_id not in reach.malls:
            raise TaskInvalid(fields={"mall_id": unseen})
        return None, task.mall_id
    member = reach.members.get(task.member_id) if task.member_id else None
    if member is None:
        return None, None
    if member.enrolled_store_id is not None:
        return member.enrolled_store_id, reach.mall_of[member.enrolled_store_id]
    return None, member.enrolled_mall_id


def _doer(task: TaskInput, kind: TaskKind, reach: _Reach) -> tuple[UUID | None, str]:
    if task.assignee_id is not None and task.assignee_id not in reach.staff:
        raise TaskInvalid(fields={"assignee_id": _("There is no such colleague.")})
    if task.role and task.role not in ROLES:
        raise TaskInvalid(fields={"role": _("There is no such role.")})
    if task.assignee_id is not None:
        return task.assignee_id, task.role
    return None, task.role or kind.default_role


@atomic_retrying
def report_problem(problem: ProblemInput, *, actor: Actor, at: dt.datetime | None = None) -> UUID:
    """Tell the administrators what is wrong with a page; returns the task's id.

    Of the page only its path is kept. Raises `TaskInvalid`, `PaymentCardRefused`.
    """
    words = checked_text("words", problem.words, is_needed=True)
    page = page_path(problem.page)
    if not page:
        raise TaskInvalid(fields={"page": _("Name a page of Mallard, such as /members/.")})
    task = TaskInput(
        kind=PROBLEM.code, message="reported", params={"page": page}, detail=words, opened_at=at
    )
    opened = open_task(task, actor=actor)
    ProblemReport.objects.create(
        task_id=opened.id,
        page_path=page,
        request_id=request_id(problem.request_id),
        browser=problem.browser[:300],
        language=problem.language[:10],
        theme=problem.theme[:10],
    )
    return opened.id
