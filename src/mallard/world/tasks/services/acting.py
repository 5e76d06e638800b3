"""Who acts on tasks, and the words they bring: what every use case asks first."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.world.members.errors import PaymentCardRefused
from mallard.world.members.rules import contains_payment_card
from mallard.world.tasks import queries
from mallard.world.tasks.errors import TaskClosed, TaskInvalid, TaskNotFound
from mallard.world.tasks.locks import lock_tasks
from mallard.world.tasks.models import Task
from mallard.world.tasks.rules import MAX_TEXT
from mallard.world.tasks.wording import too_long

_ORIGINS = {ActorKind.STAFF: Origin.STAFF, ActorKind.API: Origin.API}


def origin_of(actor: Actor) -> Origin:
    """Where a task comes from when the caller does not say."""
    return _ORIGINS.get(actor.kind, Origin.SOURCE)


def staff_id_of(actor: Actor) -> UUID | None:
    """The person who acts; None for a machine."""
    return actor.id if actor.kind is ActorKind.STAFF else None


def label_of(actor: Actor) -> str:
    """What a machine is called; people are looked up by their id."""
    return "" if actor.kind is ActorKind.STAFF else actor.label[:200]


def checked_text(field: str, text: str, *, limit: int = MAX_TEXT, is_needed: bool = False) -> str:
    """``text`` as it may be kept. Raises `TaskInvalid` and `PaymentCardRefused`."""
    words = text.strip()
    if len(words) > limit or (is_needed and not words):
        raise TaskInvalid(fields={field: too_long(limit)})
    if contains_payment_card(words):
        raise PaymentCardRefused(fields={field: PaymentCardRefused.message})
    return words


def locked_tasks(task_ids: Collection[UUID], actor: Actor) -> list[Task]:
    """The tasks, locked, if the actor may know of all of them. Raises `TaskNotFound`."""
    wanted = set(task_ids)
    tasks = lock_tasks(queries.visible_tasks(actor), wanted)
    if len(tasks) < len(wanted):
        raise TaskNotFound()
    return tasks


def locked_open_tasks(task_ids: Collection[UUID], actor: Actor) -> list[Task]:
    """The same, all of them open. Raises `TaskClosed`, too."""
    tasks = locked_tasks(task_ids, actor)
    if not all(task.is_open for task in tasks):
        raise TaskClosed()
    return tasks


def keys_of(tasks: Collection[Task]) -> dict[UUID, DataKey]:
    """The data keys of the members that these tasks are about."""
    return open_keys({task.member_id for task in tasks if task.member_id is not None})
