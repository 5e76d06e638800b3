"""The task that an alert opens, what it is about, and how people are told."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.workspace import notifications
from mallard.value.watch.models import Alert
from mallard.value.watch.patterns import PATTERNS
from mallard.value.watch.permissions import VIEW_ALERT
from mallard.value.watch.queries import visible_alerts
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.kinds import Message, TaskKind, register_kind
from mallard.world.tasks.models import Task
from mallard.world.tasks.subjects import Subject, SubjectKind, register_subject

SUBJECT = "fraud_alert"
RAISED = "watch.raised"
GREW = "watch.grew"


def _address(task_id: UUID) -> str:
    """The page of the alert that a task is about."""
    task = Task.objects.filter(pk=task_id, subject_kind=SUBJECT).first()
    return reverse("watch:alert", args=[task.subject_id]) if task else ""


FRAUD = TaskKind(
    "fraud_alert",
    _("Fraud alert"),
    "shield-lock",
    72,
    "crm_manager",
    {
        code: Message(
            pattern.task, _("Read the evidence, talk to the store, then confirm it or not.")
        )
        for code, pattern in PATTERNS.items()
    },
    place_of_work=_address,
)


def task_of(alert: Alert) -> TaskInput:
    """The task to look into an alert. It names nobody, and belongs where the evidence does."""
    return TaskInput(
        kind=FRAUD.code,
        message=alert.pattern,
        params={name: value for name, value in alert.why.items() if isinstance(value, int)},
        key=task_key(alert.pk),
        subject_kind=SUBJECT,
        subject_id=alert.pk,
        store_id=alert.store_id,
        mall_id=None if alert.store_id else alert.mall_id,
    )


def task_key(alert_id: UUID) -> str:
    return f"fraud:{alert_id}"


def register() -> None:
    """Make tasks and notifications of alerts known."""
    register_kind(FRAUD)
    register_subject(SubjectKind(SUBJECT, _("Fraud alert"), VIEW_ALERT, _subjects))
    notifications.register(
        notifications.Kind(
            RAISED, _("New fraud alerts: %(count)s."), icon="shield-lock", tone="warning"
        )
    )
    notifications.register(
        notifications.Kind(
            GREW, _("A fraud alert that you look into has grown by %(count)s."), icon="shield-lock"
        )
    )


def _subjects(ids: Collection[UUID], actor: Actor) -> dict[UUID, Subject]:
    return {
        row.pk: Subject(str(PATTERNS[row.pattern].name), reverse("watch:alert", args=[row.pk]))
        for row in visible_alerts(actor).filter(pk__in=ids)
        if row.pattern in PATTERNS
    }
