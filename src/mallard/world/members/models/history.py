"""What became of memberships: merges and their undoing, closing and opening again, erasures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.world.members.models.people import Member


class MembershipChangeKind(models.TextChoices):
    MERGED = "merged", pgettext_lazy("membership", "Merged")
    UNMERGED = "unmerged", pgettext_lazy("membership", "Merge undone")
    CLOSED = "closed", pgettext_lazy("membership", "Closed")
    REOPENED = "reopened", pgettext_lazy("membership", "Opened again")
    ERASED = "erased", pgettext_lazy("membership", "Erased")


class MembershipChange(models.Model):
    """A change of a membership, for its timeline: who, when. Append-only.

    ``survivor`` is whom the record was merged into, or was no longer. The member's row tells only
    how things stand now, and the audit log is searched by its subject, not by the survivor.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="membership_changes")
    kind = models.CharField(max_length=8, choices=MembershipChangeKind)
    survivor = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey(
        "staff.StaffUser", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_by_label = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["merged", "unmerged"], survivor__isnull=False)
                | Q(kind__in=["closed", "reopened", "erased"], survivor=None),
                name="members_change_names_a_survivor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"
