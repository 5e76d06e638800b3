"""Two records that may be one person: how likely, why, and what somebody decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class PairStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("pair", "To be looked at")
    MERGED = "merged", pgettext_lazy("pair", "Merged")
    DIFFERENT = "different", pgettext_lazy("pair", "Not the same")
    GONE = "gone", pgettext_lazy("pair", "Settled otherwise")


class DuplicatePair(models.Model):
    """``first`` and ``second`` in the order of their ids, once for ever: what was decided is
    remembered. ``evidence`` are codes of `rules` with their weights; it holds no value."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey("members.Member", models.PROTECT, related_name="+")
    second = models.ForeignKey("members.Member", models.PROTECT, related_name="+")
    permille = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)
    status = models.CharField(max_length=9, choices=PairStatus, default="open")
    found_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    is_automatic = models.BooleanField(default=False)

    class Meta:
        db_table = "duplicates_pair"
        ordering = ["-permille", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicates_pair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="duplicates_pair_in_order"
            ),
            models.CheckConstraint(
                condition=Q(permille__lte=1000), name="duplicates_pair_probability"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-permille", "id"], name="duplicates_pair_likeliest")
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"
