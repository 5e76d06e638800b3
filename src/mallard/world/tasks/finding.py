"""Tasks in the search over everything, and among what somebody opened lately."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui import finding, items
from mallard.kernel.ui.finding import Hit
from mallard.world.tasks import queries
from mallard.world.tasks.models import Task, TaskStatus
from mallard.world.tasks.permissions import VIEW_TASK
from mallard.world.tasks.showing import ShownTasks, shown_card

ICON = "checks"


def _hit(task: Task) -> Hit:
    card = shown_card(task)
    details = [str(part) for part in (card.doer, card.place) if part]
    return Hit(card.title, reverse("tasks:detail", args=[task.pk]), " · ".join(details))


def find(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Open tasks by their words, store or people; words about members are sealed and not found."""
    rows = queries.matching(queries.visible_tasks(actor).filter(status=TaskStatus.OPEN), text)
    return [_hit(task) for task in ShownTasks.of(rows.order_by("due_at", "id"), actor)[:limit]]


def find_by_ids(ids: Collection[UUID], actor: Actor) -> dict[UUID, Hit]:
    rows = queries.visible_tasks(actor).filter(pk__in=ids)
    return {task.pk: _hit(task) for task in ShownTasks.of(rows, actor)}


def register() -> None:
    """Offer tasks wherever rows are looked for."""
    finding.register(finding.Finder("tasks", _("Tasks"), ICON, VIEW_TASK, find, order=70))
    items.register(items.ItemKind("task", ICON, VIEW_TASK, "tasks:detail", "task_id", find_by_ids))
