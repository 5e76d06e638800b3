"""Whom tasks tell that something is theirs now: in the transaction of the change, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.workspace.notifications import Kind
from mallard.kernel.workspace.notifications import register as register_kind
from mallard.kernel.workspace.services.notifying import notify
from mallard.world.staff.models import StaffUser
from mallard.world.tasks.models import Task
from mallard.world.tasks.services.acting import staff_id_of

GIVEN, GIVEN_SEVERAL, COMMENTED = "tasks.given", "tasks.given_several", "tasks.commented"


def register() -> None:
    register_kind(Kind(GIVEN, _("A task was given to you."), icon="checks"))
    register_kind(Kind(GIVEN_SEVERAL, _("%(count)s tasks were given to you."), icon="checks"))
    register_kind(Kind(COMMENTED, _("Somebody wrote about a task of yours."), icon="message"))


def tell_given(given: Iterable[tuple[UUID, UUID | None]], *, actor: Actor) -> None:
    """Tell people which tasks are theirs now; not those who took them. ``given``: task and person.
    Several at once are told in one sentence."""
    of_person: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for task_id, person_id in given:
        if person_id is not None and person_id != staff_id_of(actor):
            of_person[person_id].append(task_id)
    for person_id, task_ids in of_person.items():
        if len(task_ids) == 1:
            notify([person_id], GIVEN, url=reverse("tasks:detail", args=task_ids))
        else:
            count = {"count": len(task_ids)}
            notify([person_id], GIVEN_SEVERAL, params=count, url=reverse("tasks:list"))


def tell_commented(task: Task, *, actor: Actor) -> None:
    """Tell whose task it is, and who opened it, that somebody else wrote something."""
    own = staff_id_of(actor)
    theirs = {
        one for one in (task.assignee_id, task.opened_by_id) if one is not None and one != own
    }
    active = StaffUser.objects.filter(pk__in=theirs, is_active=True)
    people = list(active.values_list("pk", flat=True))
    notify(people, COMMENTED, url=reverse("tasks:detail", args=[task.pk]))
