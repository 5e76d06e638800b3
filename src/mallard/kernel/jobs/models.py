"""Why jobs failed. The queue's own tables belong to procrastinate, which keeps no reasons."""

from __future__ import annotations

from django.db import models


class JobFailure(models.Model):
    """One try of a job that ended with an error: its kind and where, never its text or values,
    which could quote personal data. Goes with the job."""

    id = models.BigAutoField(primary_key=True)
    job_id = models.BigIntegerField(db_index=True)
    attempt = models.PositiveIntegerField()
    failed_at = models.DateTimeField()
    error = models.CharField(max_length=200)
    frames = models.JSONField(default=list)

    class Meta:
        db_table = "jobs_failure"
