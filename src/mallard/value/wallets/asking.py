"""A second pair of eyes: the task that asks for it, and what it is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.value.ledger.sources import SourceLink, register_reason, register_source
from mallard.value.wallets.models import PointsRequest
from mallard.value.wallets.permissions import CHANGE_POINTS
from mallard.value.wallets.queries import visible_requests
from mallard.world.tasks import services as tasks
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.kinds import APPROVAL, Message, kind_of, register_kind
from mallard.world.tasks.subjects import Subject, SubjectKind, register_subject

SUBJECT = "points_request"
MESSAGE = "points"
APPROVERS = "finance"

_ASKED = Message(
    _("Approve a change of %(points)s points"),
    _("It is above what one person may change alone. Read the reason, then approve or refuse it."),
)


def register() -> None:
    """Let approvals speak of points, and the ledger's pages link to requests."""
    present = kind_of(APPROVAL.code) or APPROVAL
    register_kind(replace(present, messages={**present.messages, MESSAGE: _ASKED}))
    register_subject(SubjectKind(SUBJECT, _("Change of points"), CHANGE_POINTS, _subjects))
    register_source("points_request", _links)
    register_reason("adjusted", _("Adjusted by staff"))
    register_reason("reinstated", _("Reinstated by staff"))
    register_reason("gift", _("Given by another member"))


def ask(row: PointsRequest, *, actor: Actor) -> None:
    """Open the task. In the transaction of the request."""
    tasks.open_task(
        TaskInput(
            kind=APPROVAL.code,
            message=MESSAGE,
            params={"points": row.points},
            key=f"points:{row.pk}",
            subject_kind=SUBJECT,
            subject_id=row.pk,
            member_id=row.member_id,
            role=APPROVERS,
        ),
        actor=actor,
    )


def settle(row: PointsRequest, *, actor: Actor) -> None:
    """The task is done: the request was decided."""
    tasks.settle_tasks(APPROVAL.code, [f"points:{row.pk}"], actor=actor)


def _subjects(ids: Collection[UUID], actor: Actor) -> dict[UUID, Subject]:
    return {
        row.pk: Subject(gettext("Change of points"), reverse("wallets:request", args=[row.pk]))
        for row in visible_requests(actor).filter(pk__in=ids)
    }


def _links(ids: Collection[UUID], actor: Actor) -> dict[UUID, SourceLink]:
    if not actor.may(CHANGE_POINTS):
        return {}
    return {
        row.pk: SourceLink(row.get_kind_display(), reverse("wallets:request", args=[row.pk]))
        for row in visible_requests(actor).filter(pk__in=ids)
    }
