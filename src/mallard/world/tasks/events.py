"""What tasks announce. Ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(Event):
    name: ClassVar[str] = "tasks.task_opened"
    kind: str
    assignee_id: UUID | None
    role: str
    store_id: UUID | None
    mall_id: UUID | None
    member_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(Event):
    """Given to a person, or to a role when ``assignee_id`` is None."""

    name: ClassVar[str] = "tasks.task_assigned"
    kind: str
    assignee_id: UUID | None
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFinished(Event):
    name: ClassVar[str] = "tasks.task_finished"
    kind: str
    opened_by_id: UUID | None
    closed_by_id: UUID | None
    is_within_target: bool
