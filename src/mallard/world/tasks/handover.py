"""The open tasks of somebody who leaves (`staff.handover`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.templatetags.ui import day
from mallard.world.staff.handover import SHOWN, Held
from mallard.world.tasks import queries
from mallard.world.tasks.models import Task, TaskStatus
from mallard.world.tasks.services import hand_over_tasks
from mallard.world.tasks.showing import shown_task


class OpenTasks:
    """A colleague takes them over; without one, whoever holds the role at the task's place."""

    code = "tasks"
    name: str | Promise = _("Open tasks")
    without_heir: str | Promise = _("Without a colleague they go back to the role they were for.")

    def count(self, user_id: UUID) -> int:
        return self._open(user_id).count()

    def some(self, user_id: UUID, *, actor: Actor) -> Sequence[Held]:
        rows = queries.visible_tasks(actor).filter(pk__in=self._open(user_id).values("pk"))
        held = []
        for task in rows.order_by("due_at", "id")[:SHOWN]:
            shown = shown_task(task, actor)
            url = reverse("tasks:detail", args=[task.id])
            held.append(Held(shown.title, str(_("due %(day)s")) % {"day": day(task.due_at)}, url))
        return held

    def hand_over(self, user_id: UUID, *, heir_id: UUID | None, actor: Actor) -> int:
        return hand_over_tasks(user_id, heir_id=heir_id, actor=actor)

    def _open(self, user_id: UUID) -> QuerySet[Task]:
        return Task.objects.filter(assignee=user_id, status=TaskStatus.OPEN)
