"""Reads of corrections: seen by who sees the task, opened for who may change the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.secrets.services import open_keys
from mallard.world.corrections.errors import CorrectionNotFound
from mallard.world.corrections.models import Correction
from mallard.world.corrections.records import Field, RecordKind, record_kind
from mallard.world.corrections.sealing import Words, words_of
from mallard.world.tasks.models import TaskStatus
from mallard.world.tasks.queries import standing_of as task_standing_of
from mallard.world.tasks.queries import visible_tasks


def visible_corrections(actor: Actor) -> QuerySet[Correction]:
    """The corrections whose task ``actor`` may know of: their own, their role's, their places'."""
    return Correction.objects.filter(task__in=visible_tasks(actor).values("pk"))


@dataclass(frozen=True, slots=True)
class Standing:
    """A correction as somebody meets it.

    ``words`` is None for who may not read them, or when the member is erased. ``present`` is what
    stands there now. ``may_decide``: they own the record and did not propose it themselves.
    """

    correction: Correction
    kind: RecordKind
    field: Field
    row: Any
    words: Words | None
    present: str
    may_decide: bool

    @property
    def is_stale(self) -> bool:
        """Whether the value has changed since it was proposed."""
        return self.correction.is_open and self.words is not None and self.present != self.words.old


def standing_of(correction_id: UUID, actor: Actor) -> Standing:
    """The correction, opened as far as the actor may. Raises `CorrectionNotFound`."""
    rows = visible_corrections(actor).select_related("task", "proposed_by", "decided_by")
    found = rows.filter(pk=correction_id).first()
    kind = record_kind(found.subject_kind) if found else None
    if found is None or kind is None:
        raise CorrectionNotFound()
    row = kind.visible(actor).filter(pk=found.subject_id).first()
    known = kind.field_of(row, found.field, actor)
    field = known or kind.unread(found.field)
    if field is None:
        raise CorrectionNotFound()
    # Nobody decides about a field that is not for them.
    is_owner = row is not None and known is not None and actor.may(kind.edit_permission)
    # What stands in a member's profile is for who may change it.
    may_read = found.member_id is None or is_owner
    key = open_keys([found.member_id]).get(found.member_id) if found.member_id else None
    return Standing(
        found,
        kind,
        field,
        row,
        words_of(found, key) if may_read else None,
        kind.present(row, field) if row is not None and may_read else "",
        may_decide=is_owner
        and found.is_open
        and found.task.status == TaskStatus.OPEN
        and found.proposed_by_id != actor.id
        and task_standing_of(found.task, actor).may_work,
    )
