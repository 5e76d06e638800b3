"""What the security checks found, week by week."""

from __future__ import annotations

from django.db import models

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class SecurityReport(models.Model):
    """One check of everything. ``texts`` holds the findings by language, ready to read;
    ``addresses`` what was open without a sign-in, for the difference to the next time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checked_at = models.DateTimeField(default=now)
    status = models.CharField(max_length=4)
    faults = models.PositiveIntegerField(default=0)
    texts = models.JSONField(default=dict)
    addresses = models.JSONField(default=list)

    class Meta:
        db_table = "security_report"
        ordering = ["-checked_at", "-id"]
        indexes = [models.Index(fields=["-checked_at"], name="security_report_latest")]

    def __str__(self) -> str:
        return f"security check of {self.checked_at:%Y-%m-%d}"
