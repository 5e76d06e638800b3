"""Who wants to hear what, and every telling."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class Subscription(models.Model):
    """Another system's address and the events it wants.

    The signing secret must be readable to sign, so it is sealed under a data key of its own
    (``previous_secret`` signs beside it until ``previous_until``, so that a receiver can change
    over). ``failing_since`` is the first failure since the last success; ``stopped_at`` is set by
    a person, or after days of failures, or when the receiver answers 410 Gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=100))
    secret = models.BinaryField()
    previous_secret = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    failing_since = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "webhooks_subscription"
        ordering: ClassVar[list[str]] = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("webhook", "Waiting")
    DELIVERED = "delivered", pgettext_lazy("webhook", "Delivered")
    FAILED = "failed", pgettext_lazy("webhook", "Given up")


class Delivery(models.Model):
    """One event for one subscription. ``id`` is the ``webhook-id`` of every try and every replay,
    so that a receiver recognises what it has had. ``body`` is what was signed: ids and figures."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="deliveries"
    )
    event_id = models.UUIDField()
    event_name = models.CharField(max_length=100)
    body = models.TextField()
    status = models.CharField(
        max_length=9, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING.value
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    response_status = models.PositiveSmallIntegerField(null=True)
    response_text = models.CharField(max_length=300, blank=True)
    error = models.CharField(max_length=100, blank=True)
    duration_ms = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "webhooks_delivery"
        constraints = [
            # An event that the outbox hands over twice is told once.
            models.UniqueConstraint(
                fields=["subscription", "event_id"], name="webhooks_event_told_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["subscription", "next_try_at"],
                name="webhooks_waiting",
                condition=models.Q(status="waiting"),
            ),
            models.Index(fields=["created_at"], name="webhooks_delivery_created"),
        ]
