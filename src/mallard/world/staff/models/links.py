"""Links that are mailed: an invitation to work here, a new password. Good once, for a while.

A link itself is never stored, only its hash, so that a copy of the database opens no door.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.world.staff.models.people import (
    Language,
    ScopeColumns,
    StaffUser,
    reaches_somewhere,
)


class Invitation(models.Model):
    """Somebody was asked by mail to work here. Sending it again gives it a new link.

    Who accepts becomes a `StaffUser` with the invitation's roles; a person who left before comes
    back this way too. There is one open invitation per address.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=10, choices=Language, default=Language.ENGLISH)
    token_hash = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(
        StaffUser, null=True, on_delete=models.PROTECT, related_name="invitations_sent"
    )
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="staff_invitation_email_is_lower_case"
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="staff_invitation_one_open_per_email",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Neither accepted nor withdrawn; it may be too old all the same."""
        return self.accepted_at is None and self.withdrawn_at is None


class InvitedRole(ScopeColumns):
    """A role that the invited person will have, and where."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]
        constraints = [reaches_somewhere("staff_invited_role_reaches_somewhere")]

    def __str__(self) -> str:
        return f"{self.role} for {self.invitation_id}"


class ResetLink(models.Model):
    """A forgotten-password link that was sent. One use: the row is spent with the new password."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(StaffUser, on_delete=models.CASCADE, related_name="reset_links")
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"reset link of {self.user_id}"
