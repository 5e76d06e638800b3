"""What was proposed, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class Decision(models.TextChoices):
    OPEN = "open", pgettext_lazy("correction", "Open")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class Correction(models.Model):
    """A new value for one field of somebody else's record, waiting for its owner.

    ``old_value`` is what stood there when it was proposed. About a member, values, reason and
    answer are in ``words_sealed`` and ``answer_sealed`` instead.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.OneToOneField("tasks.Task", models.PROTECT, related_name="correction")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="+")
    field = models.CharField(max_length=40)
    old_value = models.CharField(max_length=300, blank=True, default="")
    new_value = models.CharField(max_length=300, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    words_sealed = models.BinaryField(null=True)
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.OPEN)
    answer = models.CharField(max_length=500, blank=True, default="")
    answer_sealed = models.BinaryField(null=True)
    proposed_by = models.ForeignKey("staff.StaffUser", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="corrections_by_subject")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(member=None) | Q(old_value="", new_value="", reason="", answer=""),
                name="corrections_words_about_a_member_are_sealed",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.OPEN, decided_at=None)
                | Q(
                    decision__in=[Decision.ACCEPTED, Decision.DECLINED],
                    decided_at__isnull=False,
                ),
                name="corrections_decided_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("proposed_by")),
                name="corrections_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"correction of {self.field} of {self.subject_kind} {self.subject_id}"

    @property
    def is_open(self) -> bool:
        return self.decision == Decision.OPEN
