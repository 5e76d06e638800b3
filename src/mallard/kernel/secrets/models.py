"""Wrapped data keys, the register of erasures, and the mark of the key ring in use."""

from __future__ import annotations

from django.db import models


class WrappedKey(models.Model):
    """The data key of one subject (a member), encrypted under one key of the key ring.

    Deleting the row is the erasure: everything sealed under the key becomes noise, wherever
    copies of it lie. ``wrapped`` is bound to ``subject_id``, so a row cannot stand in for another.
    """

    subject_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    ring_version = models.PositiveIntegerField(db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "secrets_wrapped_key"


class Erasure(models.Model):
    """One line of the register of erasures: whose key was destroyed, when, by whom.

    Append-only. It is mirrored beside the key ring, so that a database restored from an older
    backup can be made to forget again.
    """

    subject_id = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "secrets_erasure"


class RingMark(models.Model):
    """Which key ring this database belongs to: a fingerprint of its index root, one row.

    With another ring, blind indexes would silently match nothing and members would be enrolled
    twice; the mark turns that into an error.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)
    marked_at = models.DateTimeField()

    class Meta:
        db_table = "secrets_ring_mark"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="secrets_ring_mark_one_row")
        ]
