"""What people must do, what was said about it, and what they reported as a problem.

Words about a member are personal: they are sealed under the member's data key, and the database
refuses them in clear. A title that a machine wrote is a message's code with its parameters, so
that everybody reads it in their own language.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Provenance


class TaskStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("task", "Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Priority(models.IntegerChoices):
    LOW = 10, _("Low")
    NORMAL = 20, _("Normal")
    HIGH = 30, _("High")


class Task(Provenance):
    """Something that somebody must do, by a time: a person, or whoever holds a role at its place.

    ``message`` and ``params`` say what a machine asks (`kinds.TaskKind.messages`); ``title`` and
    ``detail`` are what a person wrote. About a member, what people wrote is in ``words_sealed``
    (JSON of title and detail) and ``outcome_sealed``. ``store`` brings its ``mall`` along; with
    neither the task is the whole group's. ``target_at`` is what the kind promises and never moves;
    ``due_at`` may be agreed anew. ``key`` is the caller's: one open task of a kind has it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, default="")
    message = models.CharField(max_length=40, default="")
    params = models.JSONField(default=dict)
    title = models.CharField(max_length=160, default="")
    detail = models.TextField(default="")
    words_sealed = models.BinaryField(null=True)
    subject_kind = models.CharField(max_length=40, default="")
    subject_id = models.UUIDField(null=True)
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="+")
    store = models.ForeignKey("malls.Store", models.PROTECT, null=True, related_name="+")
    mall = models.ForeignKey("malls.Mall", models.PROTECT, null=True, related_name="+")
    assignee = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=40, default="")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    status = models.CharField(max_length=10, choices=TaskStatus, default=TaskStatus.OPEN)
    opened_at = models.DateTimeField(default=now)
    recorded_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    target_at = models.DateTimeField()
    opened_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    opener_label = models.CharField(max_length=200, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(default="")
    outcome_sealed = models.BinaryField(null=True)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["assignee", "status", "due_at"], name="tasks_by_assignee"),
            models.Index(fields=["role", "status", "due_at"], name="tasks_by_role"),
            models.Index(fields=["mall", "status", "due_at"], name="tasks_by_mall"),
            models.Index(fields=["subject_id", "status"], name="tasks_by_subject"),
            models.Index(fields=["kind", "target_at"], name="tasks_by_target"),
            models.Index(fields=["-opened_at", "-id"], name="tasks_by_opened"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(status=TaskStatus.OPEN) & ~Q(key=""),
                name="tasks_open_key_once",
            ),
            models.CheckConstraint(
                condition=Q(status=TaskStatus.OPEN, closed_at=None)
                | Q(status__in=[TaskStatus.DONE, TaskStatus.CANCELLED], closed_at__isnull=False),
                name="tasks_closed_when_not_open",
            ),
            models.CheckConstraint(
                condition=Q(assignee__isnull=False) | ~Q(role=""), name="tasks_somebody_must"
            ),
            models.CheckConstraint(
                condition=Q(member=None) | Q(title="", detail="", outcome=""),
                name="tasks_words_about_a_member_are_sealed",
            ),
            models.CheckConstraint(
                condition=Q(store=None) | Q(mall__isnull=False), name="tasks_store_with_its_mall"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="tasks_closed_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_open(self) -> bool:
        return self.status == TaskStatus.OPEN

    @property
    def is_within_target(self) -> bool:
        """Whether it was done by the time that its kind promises."""
        return (
            self.status == TaskStatus.DONE
            and self.closed_at is not None
            and self.closed_at <= self.target_at
        )


class TaskComment(Provenance):
    """What somebody wrote on a task; sealed when the task is about a member."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    author = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    author_label = models.CharField(max_length=200, default="")
    body = models.TextField(default="")
    body_sealed = models.BinaryField(null=True)
    written_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return f"comment on {self.task_id}"


class ProblemReport(models.Model):
    """Where somebody met a problem, and what they used: what an administrator needs to see it too.

    The page's path only, never its query: what people search for may be a name or a number.
    """

    task = models.OneToOneField(
        Task, models.CASCADE, primary_key=True, related_name="problem_report"
    )
    page_path = models.CharField(max_length=300)
    request_id = models.CharField(max_length=64, default="")
    browser = models.CharField(max_length=300, default="")
    language = models.CharField(max_length=10, default="")
    theme = models.CharField(max_length=10, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(page_path__startswith="/") & ~Q(page_path__contains="?"),
                name="tasks_problem_page_without_query",
            ),
        ]

    def __str__(self) -> str:
        return f"problem on {self.page_path}"
