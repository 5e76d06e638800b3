"""What happens to an open task: taken, handed on, talked about, put off, done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, each_that_may
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import visible_staff
from mallard.world.staff.roles import ROLES
from mallard.world.tasks.errors import (
    NotYourTask,
    SameTaskOpen,
    SettledElsewhere,
    TaskInvalid,
    TaskOpen,
    TaskTaken,
    TooManyTasks,
)
from mallard.world.tasks.events import TaskAssigned, TaskFinished
from mallard.world.tasks.kinds import kind_of
from mallard.world.tasks.locks import lock_open_tasks_of
from mallard.world.tasks.models import Task, TaskComment, TaskStatus
from mallard.world.tasks.queries import standing_of
from mallard.world.tasks.rules import is_due_acceptable
from mallard.world.tasks.sealing import comment_context, outcome_context
from mallard.world.tasks.services.acting import (
    checked_text,
    keys_of,
    label_of,
    locked_open_tasks,
    locked_tasks,
    origin_of,
    staff_id_of,
)
from mallard.world.tasks.services.answering import tell_opener
from mallard.world.tasks.services.telling import tell_commented, tell_given

MAX_AT_ONCE = 200


@atomic_retrying
def take_task(task_id: UUID, *, actor: Actor) -> None:
    """Make an open task one's own. Again changes nothing.

    Raises `TaskTaken` when somebody else has it, `NotYourTask`, `TaskClosed`, `TaskNotFound`.
    """
    take_tasks([task_id], actor=actor)


@atomic_retrying
def take_tasks(task_ids: Collection[UUID], *, actor: Actor) -> None:
    """Take several tasks, all or none."""
    _bounded(task_ids)
    me = staff_id_of(actor)
    if me is None:
        raise NotYourTask()
    for task in locked_open_tasks(task_ids, actor):
        if task.assignee_id == me:
            continue
        if task.assignee_id is not None:
            raise TaskTaken(name=StaffUser.objects.get(pk=task.assignee_id).name)
        if not standing_of(task, actor).may_take:
            raise NotYourTask()
        _give(task, me, task.role, "tasks.task_taken", actor)


@atomic_retrying
def assign_task(
    task_id: UUID, *, assignee_id: UUID | None = None, role: str = "", actor: Actor
) -> None:
    """Give an open task to a colleague, or back to whoever holds ``role`` at its place.

    Raises `TaskInvalid` for neither, or somebody unknown, `NotYourTask`, `TaskClosed`.
    """
    if _hand_on(task_id, assignee_id, role, actor):
        tell_given([(task_id, assignee_id)], actor=actor)


@atomic_retrying
def assign_tasks(
    task_ids: Sequence[UUID], *, assignee_id: UUID | None = None, role: str = "", actor: Actor
) -> list[UUID]:
    """`assign_task` for many, told in one sentence; those that are refused stay as they are.
    Answers the others."""
    given: list[UUID] = []

    def hand_on(task_id: UUID) -> None:
        if _hand_on(task_id, assignee_id, role, actor):
            given.append(task_id)

    changed = each_that_may(task_ids, hand_on)
    tell_given([(task_id, assignee_id) for task_id in given], actor=actor)
    return changed


def _hand_on(task_id: UUID, assignee_id: UUID | None, role: str, actor: Actor) -> bool:
    """Give it; whether it is somebody else's now."""
    task = locked_open_tasks([task_id], actor)[0]
    if not standing_of(task, actor).may_hand_on:
        raise NotYourTask()
    if assignee_id is None and role not in ROLES:
        raise TaskInvalid(fields={"doer": _("Choose a colleague or a role.")})
    if assignee_id is not None:
        people = StaffUser.objects.all() if actor.everything else visible_staff(actor)
        if not people.filter(pk=assignee_id, is_active=True).exists():
            raise TaskInvalid(fields={"doer": _("There is no such colleague.")})
    before = task.assignee_id
    if (before, task.role) != (assignee_id, role or task.role):
        _give(task, assignee_id, role or task.role, "tasks.task_assigned", actor)
    return before != assignee_id


def _give(task: Task, assignee_id: UUID | None, role: str, action: str, actor: Actor) -> None:
    before = {"assignee_id": task.assignee_id, "role": task.role}
    task.assignee_id, task.role = assignee_id, role
    task.save(update_fields=["assignee_id", "role"])
    after = {"assignee_id": assignee_id, "role": role}
    record(actor, action, "task", task.id, before=before, after=after)
    announce([TaskAssigned(subject_id=task.id, kind=task.kind, **after)], actor=actor)  # type: ignore[arg-type]


@atomic_retrying
def comment_on_task(
    task_id: UUID,
    body: str,
    *,
    at: dt.datetime | None = None,
    origin: Origin | None = None,
    actor: Actor,
) -> UUID:
    """Say something about a task, open or closed; returns the comment's id.

    Raises `TaskInvalid`, `PaymentCardRefused`, `NotYourTask`, `TaskNotFound`.
    """
    task = locked_tasks([task_id], actor)[0]
    if not standing_of(task, actor).may_work and task.opened_by_id != staff_id_of(actor):
        raise NotYourTask()
    text = checked_text("body", body, is_needed=True)
    id_ = uuid7()
    comment = TaskComment(
        id=id_,
        task=task,
        author_id=staff_id_of(actor),
        author_label=label_of(actor),
        written_at=at or now(),
        origin=origin or origin_of(actor),
    )
    comment.body, comment.body_sealed = _kept(text, task, keys_of([task]), comment_context(id_))
    comment.save(force_insert=True)
    record(actor, "tasks.task_commented", "task", task.id, after={"comment_id": id_})
    if comment.origin != Origin.GENERATED:
        tell_commented(task, actor=actor)
    return id_


def _kept(
    text: str, task: Task, keys: dict[UUID, DataKey], context: str
) -> tuple[str, bytes | None]:
    """``text`` in clear, or sealed when the task is about a member; of an erased one, nothing."""
    if task.member_id is None:
        return text, None
    key = keys.get(task.member_id)
    return "", key.seal(text.encode(), context) if key is not None and text else None


@atomic_retrying
def finish_task(
    task_id: UUID, *, outcome: str = "", at: dt.datetime | None = None, actor: Actor
) -> None:
    """The task is done; see `finish_tasks`."""
    finish_tasks([task_id], outcome=outcome, at=at, actor=actor)


@atomic_retrying
def finish_tasks(
    task_ids: Collection[UUID],
    *,
    outcome: str = "",
    at: dt.datetime | None = None,
    actor: Actor,
) -> None:
    """Up to 200 tasks are done, all or none, each with what came of it.

    Whoever had not taken one has taken it now. ``at`` is for histories. Raises `TaskClosed`,
    `NotYourTask`, `TaskInvalid`, `PaymentCardRefused`, `TaskNotFound`.
    """
    _bounded(task_ids)
    text = checked_text("outcome", outcome)
    tasks = locked_open_tasks(task_ids, actor)
    if any(_is_settled_elsewhere(task) for task in tasks):
        raise SettledElsewhere()
    if not all(standing_of(task, actor).may_finish for task in tasks):
        raise NotYourTask()
    _finish(tasks, text, at or now(), actor)


def _is_settled_elsewhere(task: Task) -> bool:
    """Whether its kind has a page of its own for that, and this task stands there."""
    kind = kind_of(task.kind)
    return bool(kind and kind.place_of_work and kind.place_of_work(task.id))


@atomic_retrying
def settle_tasks(kind: str, keys: Collection[str], *, outcome: str = "", actor: Actor) -> int:
    """Finish the open tasks of a kind with these callers' keys: what they asked for has come about
    by itself. Returns how many there were."""
    tasks = lock_open_tasks_of(kind, keys)
    _finish(tasks, checked_text("outcome", outcome), now(), actor)
    return len(tasks)


def _finish(tasks: Sequence[Task], text: str, at: dt.datetime, actor: Actor) -> None:
    keys = keys_of(tasks)
    for task in tasks:
        if at < task.opened_at or at > now():
            raise TaskInvalid(fields={"at": _("A task is done after it was opened.")})
        task.assignee_id = task.assignee_id or staff_id_of(actor)
        task.outcome, task.outcome_sealed = _kept(text, task, keys, outcome_context(task.id))
        _close(task, TaskStatus.DONE, at, actor)
        tell_opener(task, actor=actor)
    announce(
        [
            TaskFinished(
                subject_id=task.id,
                kind=task.kind,
                opened_by_id=task.opened_by_id,
                closed_by_id=task.closed_by_id,
                is_within_target=task.is_within_target,
            )
            for task in tasks
        ],
        actor=actor,
    )


def _close(task: Task, status: TaskStatus, at: dt.datetime, actor: Actor) -> None:
    task.status, task.closed_at, task.closed_by_id = status.value, at, staff_id_of(actor)
    task.save(
        update_fields=[
            "status", "closed_at", "closed_by", "assignee", "outcome", "outcome_sealed",
        ]
    )  # fmt: skip
    action = "tasks.task_finished" if status is TaskStatus.DONE else "tasks.task_cancelled"
    record(actor, action, "task", task.id, after={"at": at})


@atomic_retrying
def cancel_task(task_id: UUID, *, reason: str = "", actor: Actor) -> None:
    """The task need not be done any more. Raises `NotYourTask`, `TaskClosed`."""
    task = locked_open_tasks([task_id], actor)[0]
    if not standing_of(task, actor).may_cancel:
        raise NotYourTask()
    text = checked_text("reason", reason)
    keys = keys_of([task])
    task.outcome, task.outcome_sealed = _kept(text, task, keys, outcome_context(task.id))
    _close(task, TaskStatus.CANCELLED, now(), actor)


@atomic_retrying
def reopen_task(task_id: UUID, *, actor: Actor) -> None:
    """A closed task is to be done after all; what came of it first stays in the history.

    Raises `TaskOpen`, `SameTaskOpen`, `NotYourTask`.
    """
    task = locked_tasks([task_id], actor)[0]
    if task.is_open:
        raise TaskOpen()
    if not standing_of(task, actor).may_reopen:
        raise NotYourTask()
    task.status, task.closed_at, task.closed_by = TaskStatus.OPEN.value, None, None
    try:
        with transaction.atomic():
            task.save(update_fields=["status", "closed_at", "closed_by"])
    except IntegrityError as error:
        raise SameTaskOpen() from error
    record(actor, "tasks.task_reopened", "task", task.id)


@atomic_retrying
def change_due(task_id: UUID, *, due_at: dt.datetime, actor: Actor) -> None:
    """Agree on another time; the kind's target stays. Raises `TaskInvalid`, `NotYourTask`."""
    task = locked_open_tasks([task_id], actor)[0]
    if not standing_of(task, actor).may_change_due:
        raise NotYourTask()
    if not is_due_acceptable(due_at, task.opened_at):
        message: Any = _("A task is due after it was opened, within two years.")
        raise TaskInvalid(fields={"due_at": message})
    if task.due_at != due_at:
        before = {"due_at": task.due_at}
        task.due_at = due_at
        task.save(update_fields=["due_at"])
        record(actor, "tasks.due_changed", "task", task.id, before=before, after={"due_at": due_at})


def _bounded(task_ids: Collection[UUID]) -> None:
    if len(task_ids) > MAX_AT_ONCE:
        raise TooManyTasks(limit=MAX_AT_ONCE)
