"""A migration, what its files say row by row, and the control totals beside it.

Rows hold no identity: a row is matched to its member when the file is read, and the file is not
kept. Who could not be matched is a keyed digest that serves to count persons and nothing else.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Provenance
from mallard.value.ledger.models import FunderKind


class Status(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    POSTING = "posting", _("Being posted")
    POSTED = "posted", _("Posted, not signed")
    SIGNED = "signed", _("Signed and locked")
    RETURNING = "return", _("Being taken back")
    RETURNED = "returned", _("Taken back")


class Migration(Provenance):
    """One change-over from another system. Signed by two persons it never changes again
    (a trigger sees to it). ``mall`` gives the time zone of the files' days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    mall = models.ForeignKey("malls.Mall", models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    problem = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField()
    created_by_label = models.CharField(max_length=200)
    posted_at = models.DateTimeField(null=True)
    posted_by_id = models.UUIDField(null=True)
    first_signed_at = models.DateTimeField(null=True)
    first_signed_by_id = models.UUIDField(null=True)
    first_signed_by_label = models.CharField(max_length=200, blank=True, default="")
    second_signed_at = models.DateTimeField(null=True)
    second_signed_by_id = models.UUIDField(null=True)
    second_signed_by_label = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second_signed_by_id=None)
                | (
                    Q(first_signed_by_id__isnull=False)
                    & ~Q(second_signed_by_id=F("first_signed_by_id"))
                ),
                name="migration_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SIGNED) | Q(second_signed_by_id__isnull=False),
                name="migration_signed_by_both",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RowKind(models.TextChoices):
    LOT = "lot", _("Points")
    TIER = "tier", _("Tiers")


class MigrationRow(models.Model):
    """A row of a file as it was understood; ``problem`` says why it is refused, if it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    migration = models.ForeignKey(Migration, models.PROTECT, related_name="rows")
    kind = models.CharField(max_length=4, choices=RowKind)
    number = models.IntegerField()
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="+")
    stranger = models.BinaryField(null=True)
    problem = models.CharField(max_length=24, blank=True, default="")
    points = models.BigIntegerField(null=True)
    earned_on = models.DateField(null=True)
    matures_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    funder = models.CharField(max_length=60, blank=True, default="")
    funder_kind = models.CharField(max_length=8, choices=FunderKind, blank=True, default="")
    funder_owner_id = models.UUIDField(null=True)
    tier = models.CharField(max_length=60, blank=True, default="")
    value = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=60, blank=True, default="")
    done_at = models.DateTimeField(null=True)
    transfer_id = models.UUIDField(null=True)
    override_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["migration", "kind", "number"], name="migration_row"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(problem="", member__isnull=False),
                name="migration_row_done_is_sound",
            ),
        ]
        indexes = [
            models.Index(
                fields=["migration", "kind", "number"],
                condition=Q(done_at=None, problem=""),
                name="migration_row_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"row {self.number}"


class Measure(models.TextChoices):
    MEMBERS = "members", _("Members")
    POINTS = "points", _("Points")
    FUNDER = "funder", _("Points by funder")
    MONTH = "month", _("Points by month of expiry")
    TIER = "tier", _("Members by tier")
    VALUE = "value", _("Qualifying value")


WHOLE = (Measure.MEMBERS, Measure.POINTS, Measure.VALUE)
"""Measures that are one line each."""


class ControlTotal(models.Model):
    """What the former system reports (``expected``; unknown until it is entered), and the reason
    why the files or the ledger say something else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    migration = models.ForeignKey(Migration, models.PROTECT, related_name="totals")
    measure = models.CharField(max_length=8, choices=Measure)
    key = models.CharField(max_length=60, blank=True, default="")
    expected = models.BigIntegerField(null=True)
    explanation = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["migration", "measure", "key"], name="migration_total"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.key}"
