"""The audit log and the seals that chain it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mallard.kernel.outbox.fields import TransactionIdField


class Entry(models.Model):
    """Who did what to which subject, from where, and what it was before and after. Append-only.

    When the change is personal (``personal_of`` names the member), before and after are not in
    clear: ``sealed`` holds both, encrypted under that member's data key. A batch leaves one entry
    whose ``ids`` name every row that it touched.
    """

    id = models.UUIDField(primary_key=True)
    transaction_id = TransactionIdField()
    recorded_at = models.DateTimeField()
    action = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=100)
    subject_id = models.UUIDField(null=True)
    ids = ArrayField(models.UUIDField(), default=list)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    personal_of = models.UUIDField(null=True)
    sealed = models.BinaryField(null=True)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    request_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["transaction_id", "id"], name="audit_entry_cursor"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_entry_subject"),
            models.Index(
                fields=["personal_of", "-id"],
                name="audit_entry_personal",
                condition=models.Q(personal_of__isnull=False),
            ),
            models.Index(fields=["actor_id", "-id"], name="audit_entry_actor"),
        ]


class Seal(models.Model):
    """One link of the hash chain: the entries after the previous seal, up to a cursor.

    ``digest`` covers the previous digest and every entry of the block in cursor order, so that an
    entry changed, removed or slipped in later breaks the chain from there on. Append-only.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    up_to_transaction = models.PositiveBigIntegerField()
    up_to_id = models.UUIDField()
    entries = models.PositiveIntegerField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_seal"


class Verification(models.Model):
    """Somebody asked whether the chain is intact, and what a job found. Kept as a record of it.

    ``faults`` name the first block at fault and why; empty when all was well. ``head`` is the last
    digest, to be noted somewhere else.
    """

    id = models.UUIDField(primary_key=True)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    seals = models.PositiveBigIntegerField(default=0)
    entries = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    faults = ArrayField(models.TextField(), default=list)

    class Meta:
        db_table = "audit_verification"
