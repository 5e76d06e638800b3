"""Tasks as screens and the API show them: opened, named, and silent where the reader may not know.

What people wrote about a member is shown to those who may see members' names, and to the task's
own people: whoever opened it and whoever has it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.ui.parts import Badge
from mallard.world.members.permissions import VIEW_NAME
from mallard.world.staff.roles import ROLES
from mallard.world.tasks.kinds import kind_of
from mallard.world.tasks.models import Priority, Task, TaskStatus
from mallard.world.tasks.sealing import comment_context, open_text, open_words, outcome_context
from mallard.world.tasks.subjects import Subject, subjects_for
from mallard.world.tasks.wording import asked


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task, ready to read. ``doer`` is a person or a role."""

    title: str
    detail: str
    kind_name: str
    icon: str
    subject: Subject | None
    doer: str
    is_taken: bool
    place: str
    opener: str
    outcome: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ShownComment:
    author: str
    body: str
    written_at: dt.datetime
    is_generated: bool


def reads_words(task: Task, actor: Actor) -> bool:
    """Whether the actor may read what people wrote on this task."""
    own = actor.id is not None and actor.id in (task.assignee_id, task.opened_by_id)
    return task.member_id is None or own or actor.may(VIEW_NAME)


def shown_tasks(tasks: Sequence[Task], actor: Actor) -> dict[UUID, ShownTask]:
    """What a list shows of each of ``tasks``; a constant number of queries."""
    at = now()
    keys = open_keys({task.member_id for task in tasks if task.member_id is not None})
    refs = {(task.subject_kind, task.subject_id) for task in tasks if task.subject_id}
    subjects = subjects_for(refs, actor)
    found = {}
    for task in tasks:
        kind = kind_of(task.kind)
        key = keys.get(task.member_id) if task.member_id and reads_words(task, actor) else None
        title, detail = (
            (task.title, task.detail)
            if task.member_id is None
            else open_words(task.words_sealed, key, task.id)
        )
        said, more = asked(task.kind, task.message, task.params)
        found[task.id] = ShownTask(
            title=said or title or str(kind.name if kind else _("Task")),
            detail="\n".join(part for part in (more, detail) if part),
            kind_name=str(kind.name if kind else task.kind),
            icon=kind.icon if kind else "check",
            subject=subjects.get((task.subject_kind, task.subject_id)),  # type: ignore[arg-type]
            doer=doer_of(task),
            is_taken=task.assignee is not None,
            place=place_of(task),
            opener=task.opened_by.name if task.opened_by else task.opener_label,
            outcome=task.outcome or open_text(task.outcome_sealed, key, outcome_context(task.id)),
            is_overdue=task.is_open and task.due_at < at,
        )
    return found


def doer_of(task: Task) -> str:
    """Who has it: a colleague, or a role."""
    if task.assignee is not None:
        return task.assignee.name
    return role_name(task.role)


def role_name(code: str) -> str:
    role = ROLES.get(code)
    return str(role.name) if role else code


def place_of(task: Task) -> str:
    """Where it belongs; empty for the whole group."""
    place = task.store or task.mall
    return place.name if place else ""


def shown_comments(task: Task, actor: Actor) -> list[ShownComment]:
    """What was said, oldest first."""
    key = None
    if task.member_id is not None and reads_words(task, actor):
        key = open_keys([task.member_id]).get(task.member_id)
    comments = task.comments.select_related("author")[:500]
    return [
        ShownComment(
            author=one.author.name if one.author else one.author_label,
            body=one.body or open_text(one.body_sealed, key, comment_context(one.id)),
            written_at=one.written_at,
            is_generated=one.is_generated,
        )
        for one in comments
    ]


class ShownTasks(QuerySet[Task]):
    """Tasks that carry their ``card`` once they are fetched, made for the whole page at once."""

    actor: Actor

    @classmethod
    def of(cls, tasks: QuerySet[Task], actor: Actor) -> ShownTasks:
        people = tasks.select_related("assignee", "opened_by", "closed_by", "store", "mall")
        shown = cls(model=people.model, query=people.query.chain())
        shown.actor = actor
        return shown

    def _clone(self) -> ShownTasks:
        clone: ShownTasks = super()._clone()  # type: ignore[misc]
        clone.actor = self.actor
        return clone

    def _fetch_all(self) -> None:
        is_fresh = self._result_cache is None
        super()._fetch_all()
        rows: Any = self._result_cache
        if is_fresh and rows and isinstance(rows[0], Task):
            made = shown_tasks(rows, self.actor)
            for row in rows:
                setattr(row, "card", made[row.id])  # noqa: B010 not a field of the model


def shown_card(task: Any) -> ShownTask:
    """The card of a task that was fetched through `ShownTasks`."""
    card: ShownTask = task.card
    return card


def shown_task(task: Task, actor: Actor) -> ShownTask:
    return shown_tasks([task], actor)[task.id]


def status_badge(task: Task) -> Badge:
    """How far a task is."""
    if task.is_open and task.due_at < now():
        return Badge(_("Overdue"), "danger")
    tones: dict[str, Any] = {"open": "info", "done": "success", "cancelled": "neutral"}
    return Badge(TaskStatus(task.status).label, tones[task.status])


def priority_badge(task: Task) -> Badge | None:
    """The priority, where it is not the usual one."""
    if task.priority == Priority.NORMAL:
        return None
    tone: Any = "warning" if task.priority == Priority.HIGH else "neutral"
    return Badge(Priority(task.priority).label, tone)
