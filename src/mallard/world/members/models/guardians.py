"""Members who are too young by their own birth date, and what their guardians allowed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class Child(models.Model):
    """A member whose recorded birth date makes them younger than `members.least_age`.

    The nightly look at members' data finds and drops them. That they are one is all that stands
    here: the birth date stays sealed under the member's key.
    """

    member = models.OneToOneField(
        "members.Member", models.CASCADE, primary_key=True, related_name="child"
    )
    found_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name_plural = "children"
        indexes = [models.Index(fields=["-found_at"], name="members_child_by_found")]

    def __str__(self) -> str:
        return f"{self.member_id} is too young"


class Ending(models.TextChoices):
    WITHDRAWN = "withdrawn", pgettext_lazy("guardian", "Withdrawn")
    AGE = "age", pgettext_lazy("guardian", "Reached the age")


class GuardianConsent(models.Model):
    """What a parent or guardian allowed for a child; rows are ended and never deleted.

    ``told_sealed``, under the child's key: who gave it, how it was proved, and the birthday until
    which it holds, which would tell the birth date.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="guardian_consents")
    told_sealed = models.BinaryField(null=True)
    given_on = models.DateField()
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    ended_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(ended_at=None),
                name="members_guardian_consent_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="members_guardian_consent_ends_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"guardian's consent for {self.member_id}"

    @property
    def stands(self) -> bool:
        return self.ended_at is None
