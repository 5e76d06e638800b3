"""What members asked about their data, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class RequestKind(models.TextChoices):
    EXPORT = "export", _("Copy of their data")
    CORRECTION = "correction", pgettext_lazy("privacy", "Correction")
    ERASURE = "erasure", pgettext_lazy("privacy", "Erasure")
    RESTRICTION = "restriction", pgettext_lazy("privacy", "Restriction")
    OBJECTION = "objection", _("Objection to profiling")


class RequestStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("privacy", "Open")
    DONE = "done", pgettext_lazy("privacy", "Answered")
    REFUSED = "refused", pgettext_lazy("privacy", "Refused")
    GONE = "gone", pgettext_lazy("privacy", "Settled otherwise")


class RequestSource(models.TextChoices):
    PAGE = "page", _("Member page")
    DESK = "desk", pgettext_lazy("privacy", "Service desk")


class PrivacyRequest(models.Model):
    """One thing that a member asked. What they wrote stands, sealed, with ``task``; what came of it
    is in ``outcome_sealed`` under the member's data key. The row stays after an erasure: that
    somebody was erased in time must be shown, who they were must not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="privacy_requests")
    task = models.OneToOneField("tasks.Task", models.PROTECT, related_name="privacy_request")
    kind = models.CharField(max_length=12, choices=RequestKind)
    source = models.CharField(max_length=4, choices=RequestSource)
    status = models.CharField(max_length=8, choices=RequestStatus, default=RequestStatus.OPEN)
    received_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    handled_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    outcome_sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "privacy_request"
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["status", "due_at", "id"], name="privacy_request_by_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(status=RequestStatus.OPEN),
                name="privacy_request_open_once",
            ),
            models.CheckConstraint(
                condition=Q(status=RequestStatus.OPEN, closed_at=None)
                | (~Q(status=RequestStatus.OPEN) & Q(closed_at__isnull=False)),
                name="privacy_request_closed_when_not_open",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=models.F("received_at")),
                name="privacy_request_due_after_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"

    @property
    def is_open(self) -> bool:
        return self.status == RequestStatus.OPEN
