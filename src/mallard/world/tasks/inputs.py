"""What opening a task takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from mallard.kernel.provenance import Origin
from mallard.world.tasks.models import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """When a task of a history was done, by whom, and what came of it."""

    at: dt.datetime
    by_id: UUID
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInput:
    """A task to be opened: ``message`` with ``params`` from a machine, or ``title`` from a person.

    ``key`` makes it one: while a task of this kind with this key is open, opening it again answers
    that one. Without ``assignee_id`` and ``role`` the kind's default role has it. A member or store
    brings its place along. ``opened_at``, ``origin`` and ``finish`` are for histories: what has a
    finish is written as done, and has no ``key``.
    """

    kind: str
    message: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    detail: str = ""
    key: str = ""
    subject_kind: str = ""
    subject_id: UUID | None = None
    member_id: UUID | None = None
    store_id: UUID | None = None
    mall_id: UUID | None = None
    assignee_id: UUID | None = None
    role: str = ""
    priority: int = Priority.NORMAL
    due_at: dt.datetime | None = None
    opened_at: dt.datetime | None = None
    origin: Origin | None = None
    finish: Finish | None = None


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """The task behind an input; ``is_new`` False when it was open already."""

    id: UUID
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemInput:
    """What somebody says is wrong with a page, and what they used."""

    page: str
    words: str
    request_id: str = ""
    browser: str = ""
    language: str = ""
    theme: str = ""
