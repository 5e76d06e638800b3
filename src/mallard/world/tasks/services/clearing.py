"""What is left of tasks when a member is erased."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.world.tasks.models import Task, TaskComment, TaskStatus


@atomic_retrying
def clear_after_erasure(member_ids: Collection[UUID], *, actor: Actor) -> int:
    """Clear what was written about erased members and cancel what is open about them.

    Their data keys are gone already, so this only sweeps up noise. Returns how many were open.
    """
    theirs = Task.objects.filter(member__in=member_ids)
    TaskComment.objects.filter(task__member__in=member_ids).update(body_sealed=None)
    ids = list(
        theirs.select_for_update(of=("self",))
        .filter(status=TaskStatus.OPEN)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    theirs.update(words_sealed=None, outcome_sealed=None)
    Task.objects.filter(pk__in=ids).update(status=TaskStatus.CANCELLED, closed_at=now())
    if ids:
        after = {"cancelled": len(ids)}
        record(actor, "tasks.members_forgotten", "task", None, after=after, ids=ids)
    return len(ids)
