"""How people prove who they are, and the sessions in which they did."""

from __future__ import annotations

from django.db import models

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.world.staff.models.people import StaffUser


class SecondFactor(models.Model):
    """The app on somebody's phone that shows codes (TOTP, RFC 6238).

    ``secret`` is sealed under the person's data key. It counts once ``confirmed_at`` says that a
    code of it was typed. ``last_step`` is the time step of the last code that was used: each opens
    once. Wrong codes are counted, and after some the door stays shut until ``closed_until``.
    """

    user = models.OneToOneField(
        StaffUser, primary_key=True, on_delete=models.CASCADE, related_name="second_factor"
    )
    secret = models.BinaryField(max_length=200)
    created_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class RecoveryCode(models.Model):
    """A code for the day on which the phone is lost. Opens once; only its keyed hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(StaffUser, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "code_hash"], name="staff_recovery_code_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class StaffSession(models.Model):
    """A browser in which somebody is signed in: what people look at to find a stranger.

    The session itself is Django's row with this key; ending one deletes that row, and the next
    request is nobody's. This row stays a while as history.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(StaffUser, on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField(default=now)
    last_seen_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_seen_at", "id"]
        indexes = [
            models.Index(fields=["user", "-last_seen_at"], name="staff_session_of_user"),
        ]

    def __str__(self) -> str:
        return f"session of {self.user_id}"
