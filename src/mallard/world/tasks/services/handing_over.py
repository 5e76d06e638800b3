"""All open tasks of one person at once: they leave, and somebody else must."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, F, Value, When
from django.db.models.fields import CharField

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.outbox.services import announce
from mallard.world.tasks.events import TaskAssigned
from mallard.world.tasks.kinds import task_kinds
from mallard.world.tasks.locks import lock_open_tasks_held_by
from mallard.world.tasks.models import Task


@atomic_retrying
def hand_over_tasks(user_id: UUID, *, heir_id: UUID | None, actor: Actor) -> int:
    """Give every open task of ``user_id`` to the heir, or back to the role that it was for (the
    kind's, where a person was named); how many. One statement and one audit entry for all.

    Part of the use case in which somebody leaves: the caller has checked that they may.
    """
    tasks = lock_open_tasks_held_by(user_id)
    if not tasks:
        return 0
    ids = [task.id for task in tasks]
    of_kind = [When(kind=kind.code, then=Value(kind.default_role)) for kind in task_kinds()]
    role = Case(
        When(role="", then=Case(*of_kind, default=Value("administrator"))),
        default=F("role"),
        output_field=CharField(),
    )
    Task.objects.filter(pk__in=ids).update(assignee_id=heir_id, role=role)
    roles = dict(Task.objects.filter(pk__in=ids).values_list("pk", "role"))
    after = {"from": user_id, "to": heir_id, "count": len(ids)}
    record(actor, "tasks.tasks_handed_over", "task", None, after=after, ids=ids)
    announce(
        [
            TaskAssigned(
                subject_id=task.id, kind=task.kind, assignee_id=heir_id, role=roles[task.id]
            )
            for task in tasks
        ],
        actor=actor,
    )
    return len(ids)
