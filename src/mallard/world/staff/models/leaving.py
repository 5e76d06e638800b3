"""That somebody leaves, when, and who takes over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.world.staff.models.people import StaffUser


class Leaving(models.Model):
    """Somebody's account closes at ``leaves_at``, and ``heir`` takes over what they hold.

    One at a time is planned for a person. ``handed_over`` tells afterwards how much of what there
    was; ``problem`` is the sentence of a refusal at the time itself, as for the last administrator.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(StaffUser, models.PROTECT, related_name="leavings")
    heir = models.ForeignKey(StaffUser, models.PROTECT, null=True, related_name="+")
    keys_go_to_heir = models.BooleanField(default=False)
    leaves_at = models.DateTimeField()
    planned_by = models.ForeignKey(StaffUser, models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    handed_over = models.JSONField(default=dict)
    problem = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ["-planned_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(done_at=None, cancelled_at=None),
                name="staff_leaving_planned_once",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(cancelled_at=None), name="staff_leaving_one_end"
            ),
            models.CheckConstraint(
                condition=~Q(heir=models.F("user")), name="staff_leaving_heir_is_another"
            ),
        ]
        indexes = [
            models.Index(
                fields=["leaves_at"],
                condition=Q(done_at=None, cancelled_at=None),
                name="staff_leaving_due",
            )
        ]

    def __str__(self) -> str:
        return f"leaving of {self.user_id}"
