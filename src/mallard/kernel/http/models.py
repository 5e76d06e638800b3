"""Keys that make writes repeatable, and the buckets of the rate limit."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """A caller's key for one write and the reply it got, committed together with the write.

    One unpartitioned table, unique per caller and route. Keys of writes that move value
    (``is_kept``) never expire; the others go after two days.
    """

    pk = models.CompositePrimaryKey("caller", "route", "key")
    caller = models.CharField(max_length=64)
    route = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    content_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    reply = models.BinaryField(null=True)
    personal_of = models.UUIDField(null=True)
    is_kept = models.BooleanField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "http_idempotency_key"
        indexes = [
            models.Index(
                fields=["recorded_at"],
                name="http_idempotency_expiring",
                condition=models.Q(is_kept=False),
            ),
        ]


class RateBucket(models.Model):
    """A token bucket: ``tokens`` left at ``refilled_at``. Unlogged: lost in a crash, no harm."""

    key = models.CharField(primary_key=True, max_length=100)
    tokens = models.DecimalField(max_digits=20, decimal_places=6)
    granted = models.IntegerField()
    refilled_at = models.DateTimeField()

    class Meta:
        db_table = "http_rate_bucket"
