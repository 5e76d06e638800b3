"""A second pair of eyes on paper receipts, and what to look at when the till says otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.value.counter.models import PaperReceipt
from mallard.value.counter.permissions import BACKDATE_POINTS
from mallard.value.counter.queries import visible_paper
from mallard.world.tasks import services as tasks
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.kinds import ALERT, APPROVAL, Message, TaskKind, kind_of, register_kind
from mallard.world.tasks.subjects import Subject, SubjectKind, register_subject

SUBJECT = "paper_receipt"
ASKED, UNTOLD, DIFFERS = "paper_receipt", "paper_untold", "paper_differs"
APPROVERS = "crm_manager"

_ASKED = Message(
    _("Approve points from paper receipt %(number)s"),
    _("Its amount is above what one person may bring in alone. Look at the paper, then decide."),
)
_UNTOLD = Message(
    _("Approve paper receipt %(number)s, which the till has not told"),
    _("The till told other receipts of that day but not this one. Look at the paper, then decide."),
)
_DIFFERS = Message(
    _("The till says otherwise of paper receipt %(number)s"),
    _("A desk typed it, and the till has told another amount or member since. Look at both."),
)


def register() -> None:
    """Let approvals and alerts speak of paper receipts."""
    _add(APPROVAL, ASKED, _ASKED)
    _add(APPROVAL, UNTOLD, _UNTOLD)
    _add(ALERT, DIFFERS, _DIFFERS)
    register_subject(SubjectKind(SUBJECT, _("Paper receipt"), BACKDATE_POINTS, _subjects))


def _add(kind: TaskKind, code: str, message: Message) -> None:
    present = kind_of(kind.code) or kind
    register_kind(replace(present, messages={**present.messages, code: message}))


def ask(row: PaperReceipt, *, actor: Actor) -> None:
    """Open the task. In the transaction of the paper receipt."""
    _open(row, APPROVAL.code, UNTOLD if row.others_told else ASKED, actor)


def warn(row: PaperReceipt, *, actor: Actor) -> None:
    """Let somebody look at what the till says."""
    _open(row, ALERT.code, DIFFERS, actor)


def settle(row: PaperReceipt, *, actor: Actor) -> None:
    """The task is done: the paper receipt was decided."""
    tasks.settle_tasks(APPROVAL.code, [_key(row)], actor=actor)


def _key(row: PaperReceipt) -> str:
    return f"paper:{row.pk}"


def _open(row: PaperReceipt, kind: str, message: str, actor: Actor) -> None:
    tasks.open_task(
        TaskInput(
            kind=kind,
            message=message,
            params={"number": row.number},
            key=_key(row),
            subject_kind=SUBJECT,
            subject_id=row.pk,
            member_id=row.member_id,
            store_id=row.store_id,
            role=APPROVERS,
        ),
        actor=actor,
    )


def _subjects(ids: Collection[UUID], actor: Actor) -> dict[UUID, Subject]:
    return {
        row.pk: Subject(gettext("Paper receipt"), reverse("counter:receipt", args=[row.pk]))
        for row in visible_paper(actor).filter(pk__in=ids)
    }
