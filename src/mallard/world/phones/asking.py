"""The second person: the task that asks for it, and what it is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.world.phones.models import PhoneChange
from mallard.world.phones.permissions import CHANGE_PHONE
from mallard.world.phones.queries import visible_changes
from mallard.world.tasks import services as tasks
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.kinds import APPROVAL, Message, kind_of, register_kind
from mallard.world.tasks.subjects import Subject, SubjectKind, register_subject

SUBJECT = MESSAGE = "phone_change"
APPROVERS = "crm_manager"

_ASKED = Message(
    _("Approve a member's new phone"),
    _("A colleague saw a document at the desk. Look at it too, while the member is here."),
)


def register() -> None:
    """Let approvals speak of phones."""
    present = kind_of(APPROVAL.code) or APPROVAL
    register_kind(replace(present, messages={**present.messages, MESSAGE: _ASKED}))
    register_subject(SubjectKind(SUBJECT, _("Change of phone"), CHANGE_PHONE, _subjects))


def ask(row: PhoneChange, *, actor: Actor) -> None:
    """Open the task. In the transaction of the change."""
    tasks.open_task(
        TaskInput(
            kind=APPROVAL.code,
            message=MESSAGE,
            key=f"phone:{row.pk}",
            subject_kind=SUBJECT,
            subject_id=row.pk,
            member_id=row.member_id,
            role=APPROVERS,
        ),
        actor=actor,
    )


def settle(row: PhoneChange, *, actor: Actor) -> None:
    """The task is done: the change was decided."""
    tasks.settle_tasks(APPROVAL.code, [f"phone:{row.pk}"], actor=actor)


def _subjects(ids: Collection[UUID], actor: Actor) -> dict[UUID, Subject]:
    return {
        row.pk: Subject(gettext("Change of phone"), reverse("phones:change", args=[row.pk]))
        for row in visible_changes(actor).filter(pk__in=ids)
    }
