"""How far the demo's year has been loaded."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class DemoLoad(models.Model):
    """The one load of this installation. A load that was killed goes on where this row says.

    ``weeks`` is the shift of all dates, fixed when the load began: it is shown where the dates
    are, and subtracted for figures of accuracy. ``done_visits`` counts the visits, in the order
    of the feed, whose receipts are recorded; it changes in the same transaction as they do.
    """

    class Stage(models.TextChoices):
        PLACE = "place"
        CATALOGUE = "catalogue"
        PROGRAMME = "programme"
        MEMBERS = "members"
        RECEIPTS = "receipts"
        FINISHED = "finished"

    id = models.SmallIntegerField(primary_key=True, default=1)
    weeks = models.IntegerField()
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PLACE)
    done_visits = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="demo_load_is_one"),
            models.CheckConstraint(
                condition=Q(done_visits__gte=0), name="demo_load_visits_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage}, shifted by {self.weeks} weeks"
