"""Tasks are locked by id, in order; a member's row, where it is needed, before them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from mallard.world.tasks.models import Task


def lock_tasks(tasks: QuerySet[Task], ids: Collection[UUID]) -> list[Task]:
    """Those of ``tasks`` with these ids, locked until the transaction ends, by id.

    The lock is taken on the row alone and what it says is read under it: two people who take the
    same task see each other.
    """
    visible = tasks.filter(pk__in=ids).values("pk")
    rows = Task.objects.select_for_update(of=("self",)).filter(pk__in=visible)
    return list(rows.order_by("pk"))


def lock_open_tasks_of(kind: str, keys: Collection[str]) -> list[Task]:
    """The open tasks of a kind with these callers' keys, locked."""
    rows = Task.objects.select_for_update(of=("self",))
    return list(rows.filter(kind=kind, key__in=keys, status="open").order_by("pk"))


def lock_open_tasks_held_by(user_id: UUID) -> list[Task]:
    """The open tasks that somebody has, locked."""
    rows = Task.objects.select_for_update(of=("self",))
    return list(rows.filter(assignee=user_id, status="open").order_by("pk"))
