"""Errors that nobody expected, each kind once."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class FaultKind(models.TextChoices):
    PAGE = "page", pgettext_lazy("error", "Page")
    API = "api", "API"
    JOB = "job", pgettext_lazy("error", "Job")


class Fault(models.Model):
    """An error at a place in the code. Never a value: ``frames`` are files, lines and functions;
    ``route`` is a pattern or the name of a job; ``request_id`` finds the log lines of the last."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fingerprint = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=4, choices=FaultKind)
    error = models.CharField(max_length=200)
    place = models.CharField(max_length=300)
    route = models.CharField(max_length=200)
    frames = ArrayField(models.CharField(max_length=400), default=list)
    count = models.PositiveBigIntegerField(default=1)
    first_at = models.DateTimeField(default=now)
    last_at = models.DateTimeField(default=now)
    request_id = models.CharField(max_length=64, blank=True, default="")
    version = models.CharField(max_length=40, blank=True, default="")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-last_at", "id"]
        indexes = [models.Index(fields=["-last_at"], name="faults_latest")]

    def __str__(self) -> str:
        return f"{self.error} at {self.place}"
