"""What the checks found last, and what long examinations noted."""

from __future__ import annotations

from django.db import models

from mallard.kernel.ids import uuid7


class CheckState(models.Model):
    """The last finding of a check. ``texts`` holds its sentences in every language, because the
    finding is made in a job and read by people; ``since`` is when its status began."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=100, unique=True)
    status = models.CharField(max_length=4)
    texts = models.JSONField()
    since = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "health_check_state"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["ok", "warn", "fail"]),
                name="health_check_state_known",
            )
        ]


class Evidence(models.Model):
    """What a long examination (books verified, backup made, ring exported) found when it last
    ran: checks ask how old it is and whether it was good. One row per kind, the latest."""

    code = models.CharField(primary_key=True, max_length=100)
    found_at = models.DateTimeField()
    is_good = models.BooleanField()
    figures = models.JSONField(default=dict)

    class Meta:
        db_table = "health_evidence"
