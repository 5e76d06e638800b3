"""What was measured: names of fields for each member, and a few figures for each day."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class MemberQuality(models.Model):
    """Which fields of an open member lack a value, hold none that makes sense, or are stale.

    Names of fields, never what they hold: the values stay sealed under the member's key.
    """

    member = models.OneToOneField(
        "members.Member", models.CASCADE, primary_key=True, related_name="quality"
    )
    missing = ArrayField(models.CharField(max_length=40), default=list)
    invalid = ArrayField(models.CharField(max_length=40), default=list)
    stale = ArrayField(models.CharField(max_length=40), default=list)
    checked_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            GinIndex(fields=["missing"], name="quality_by_missing"),
            GinIndex(fields=["invalid"], name="quality_by_invalid"),
            GinIndex(fields=["stale"], name="quality_by_stale"),
        ]

    def __str__(self) -> str:
        return f"quality of {self.member_id}"


class Source(models.TextChoices):
    MALL = "mall", _("By field")
    CHANNEL = "channel", pgettext_lazy("quality", "By channel")
    FILE = "file", _("By imported file")


class QualityDay(models.Model):
    """One field's figures of one day, of the members who enrolled in one mall (None: nowhere).

    ``source`` and ``key`` say of which of them: all, those who came in through a channel (the
    origin of their record), those of an imported file (its id).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day = models.DateField()
    mall = models.ForeignKey("malls.Mall", models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=8, choices=Source)
    key = models.CharField(max_length=40, blank=True, default="")
    field = models.CharField(max_length=40)
    members = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    valid = models.PositiveIntegerField()
    fresh = models.PositiveIntegerField()

    class Meta:
        ordering = ["day", "field"]
        indexes = [models.Index(fields=["source", "day"], name="quality_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "mall", "source", "key", "field"],
                name="quality_figures_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(filled__lte=F("members"), valid__lte=F("filled"))
                & Q(fresh__lte=F("filled")),
                name="quality_parts_within_the_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} on {self.day}"
