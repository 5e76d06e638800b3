"""Events waiting for whoever listens, and how far each listener has come."""

from __future__ import annotations

from django.db import models

from mallard.kernel.outbox.fields import TransactionIdField


class OutboxEvent(models.Model):
    """An event, written in the transaction of what it announces. No personal data in clear."""

    id = models.UUIDField(primary_key=True)
    transaction_id = TransactionIdField()
    recorded_at = models.DateTimeField()
    name = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    payload = models.JSONField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "outbox_event"
        indexes = [models.Index(fields=["transaction_id", "id"], name="outbox_event_cursor")]


class ConsumerCursor(models.Model):
    """How far one consumer has come: everything up to (``after_transaction``, ``after_id``).

    ``failures`` counts attempts on the same place since the last success; ``last_error`` names
    the kind of error only, never its text, which could quote personal data.
    """

    name = models.CharField(primary_key=True, max_length=100)
    after_transaction = models.PositiveBigIntegerField(default=0)
    after_id = models.UUIDField()
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "outbox_cursor"
