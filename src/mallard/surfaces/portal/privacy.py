"""What a member may ask of the mall about their data: a task for the desk, with a deadline.

The one place that knows where a request goes and how it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.kinds import Message, TaskKind, register_kind
from mallard.world.tasks.models import Task, TaskStatus
from mallard.world.tasks.services import open_task

ANSWER_DAYS = 15
"""PIPL art. 50 asks for a timely answer, GDPR art. 12 for one within a month. The desk has half."""

SHOWN = 20

PRIVACY = TaskKind(
    "privacy_request",
    _("Privacy request"),
    "shield-lock",
    ANSWER_DAYS * 24,
    "service_agent",
    {
        "export": Message(
            _("A member asks for a copy of their data"),
            _("Make sure that it is them, then hand the copy to them alone."),
        ),
        "correction": Message(
            _("A member asks to have their data corrected"),
            _("Compare what they wrote with their page, correct it, and tell them."),
        ),
        "erasure": Message(
            _("A member asks to be erased"),
            _("Make sure that it is them. Points are lost with the membership: tell them first."),
        ),
        "restriction": Message(
            _("A member asks that their data be used less"),
            _("Withdraw the consents that they name, and tell them what goes on all the same."),
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Right:
    """Something that a member may ask for."""

    code: str
    label: Any
    hint: Any
    needs_words: bool = False


RIGHTS = (
    Right("export", _("A copy of my data"), _("Everything that the mall knows of you.")),
    Right(
        "correction",
        _("Correct my data"),
        _("Say what is wrong and what is right."),
        needs_words=True,
    ),
    Right(
        "restriction",
        _("Use my data less"),
        _("Say what it should not be used for."),
        needs_words=True,
    ),
    Right(
        "erasure",
        _("Erase me"),
        _("Your membership ends and your points are lost. We ask you once more before we do it."),
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the member follows it."""

    label: Any
    at: dt.datetime
    due_at: dt.datetime
    status: str
    status_name: Any
    closed_at: dt.datetime | None


def register() -> None:
    """Make the kind of task known."""
    register_kind(PRIVACY)


def ask(right: str, *, words: str, actor: Actor) -> bool:
    """The member asks for ``right``; whether it is new (the same one may be open already).

    Raises `TaskInvalid`, `PaymentCardRefused` with the fields at fault.
    """
    opened = open_task(
        TaskInput(
            kind=PRIVACY.code,
            message=right,
            detail=words,
            key=f"{actor.id}:{right}",
            member_id=actor.id,
        ),
        actor=actor,
    )
    return opened.is_new


_STATUS = {
    TaskStatus.OPEN: _("Open"),
    TaskStatus.DONE: _("Done"),
    TaskStatus.CANCELLED: _("Closed"),
}


def asked_by(record_ids: Collection[UUID]) -> list[Asked]:
    """What the member asked for, newest first."""
    labels = {right.code: right.label for right in RIGHTS}
    rows = Task.objects.filter(kind=PRIVACY.code, member_id__in=record_ids)
    return [
        Asked(
            labels.get(row.message, PRIVACY.name),
            row.opened_at,
            row.due_at,
            row.status,
            _STATUS.get(TaskStatus(row.status), row.status),
            row.closed_at,
        )
        for row in rows.order_by("-opened_at", "-id")[:SHOWN]
    ]
