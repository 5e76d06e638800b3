"""Entrances of malls, how many people passed them each quarter of an hour, and what that adds up
to.

Heads are counted, never faces: nothing here says, or could say, who came.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.bilingual import BilingualName
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin, Provenance
from mallard.world.malls.models import code_field


class CounterSource(models.TextChoices):
    """How a count reached us."""

    API = "api", _("Counter")
    FILE = "file", _("File")
    HISTORY = "history", _("History")
    STAFF = "staff", _("Entered by staff")


class Entrance(BilingualName, Provenance):
    """A way into a mall that is counted. ``x_dm`` and ``y_dm`` are its place on the floor's plan,
    in the plan's own decimetres; both are empty until somebody puts it there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(
        "malls.Mall", on_delete=models.PROTECT, related_name="entrances", verbose_name=_("mall")
    )
    floor = models.ForeignKey(
        "malls.Floor", on_delete=models.PROTECT, related_name="entrances", verbose_name=_("floor")
    )
    code = code_field(unique=False)
    x_dm = models.PositiveIntegerField(_("from the left"), null=True, blank=True)
    y_dm = models.PositiveIntegerField(_("from the top"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta(BilingualName.Meta):
        verbose_name = _("entrance")
        verbose_name_plural = _("entrances")
        constraints = [
            *BilingualName.Meta.constraints,
            models.UniqueConstraint(fields=["mall", "code"], name="footfall_entrance_code_once"),
            models.CheckConstraint(
                condition=Q(x_dm__isnull=True, y_dm__isnull=True)
                | Q(x_dm__isnull=False, y_dm__isnull=False),
                name="footfall_entrance_placed_or_not",
            ),
        ]


def _quarter_of(column: str) -> Func:
    """The beginning of the quarter of an hour, whatever time zone the session has."""
    return Func(
        F(column),
        template="date_bin('15 minutes', %(expressions)s, '2000-01-01 00:00+00')",
        output_field=models.DateTimeField(),
    )


class FootfallCount(models.Model):
    """How many people passed an entrance in the quarter of an hour that begins at ``quarter_at``.

    A count that turns out wrong is corrected: ``revision`` goes up, what stood before is kept as a
    `FootfallCorrection`. ``business_day`` and ``hour`` (of the mall's local time) are where it is
    added up; they stay what they were when the count arrived, whatever becomes of the mall's zone.
    """

    pk = models.CompositePrimaryKey("entrance_id", "quarter_at")
    entrance = models.ForeignKey(Entrance, models.PROTECT, related_name="counts", db_index=False)
    quarter_at = models.DateTimeField()
    entries = models.PositiveIntegerField()
    exits = models.PositiveIntegerField()
    business_day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=CounterSource.choices)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quarter_at=_quarter_of("quarter_at")),
                name="footfall_count_of_a_quarter",
            ),
            models.CheckConstraint(condition=Q(hour__lt=24), name="footfall_count_hour_of_day"),
            models.CheckConstraint(
                condition=Q(source__in=CounterSource.values), name="footfall_count_source_known"
            ),
        ]


class FootfallCorrection(models.Model):
    """What a count said before it was corrected. Append-only."""

    pk = models.CompositePrimaryKey("entrance_id", "quarter_at", "revision")
    entrance = models.ForeignKey(Entrance, models.PROTECT, related_name="+", db_index=False)
    quarter_at = models.DateTimeField()
    revision = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    exits = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    origin = models.CharField(max_length=12, choices=Origin.choices)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    corrected_at = models.DateTimeField()


class Sums(models.Model):
    """What counts add up to. ``quarters`` is of how many counts, ``generated`` how many of those a
    generator made up."""

    business_day = models.DateField()
    entries = models.BigIntegerField(default=0)
    exits = models.BigIntegerField(default=0)
    quarters = models.BigIntegerField(default=0)
    generated = models.BigIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def is_generated(self) -> bool:
        """Whether any of it was made up; screens show a badge."""
        return self.generated > 0


class FootfallHour(Sums):
    """A mall's local hour. The hour that a clock repeats in autumn holds both."""

    pk = models.CompositePrimaryKey("mall_id", "business_day", "hour")
    mall = models.ForeignKey("malls.Mall", models.PROTECT, related_name="+", db_index=False)
    hour = models.PositiveSmallIntegerField()


class FootfallDay(Sums):
    """A mall's business day: what screens read instead of the counts."""

    pk = models.CompositePrimaryKey("mall_id", "business_day")
    mall = models.ForeignKey("malls.Mall", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["business_day", "mall"], name="footfall_day_by_day")]
