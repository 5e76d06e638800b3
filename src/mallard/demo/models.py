"""How far the demo's year has been loaded."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class DemoLoad(models.Model):
    """The one load of this installation. A load that was killed goes on where this row says.

    ``weeks`` is the shift of all dates, fixed when the load began: it is shown where the dates
    are, and subtracted for figures of accuracy. ``password`` opens the demo's logins; it is made
    for this installation and meant to be read by everybody who sees the sign-in page.
    """

    class Stage(models.TextChoices):
        PLACE = "place"
        CATALOGUE = "catalogue"
        PROGRAMME = "programme"
        STAFF = "staff"
        MEMBERS = "members"
        RECEIPTS = "receipts"
        STORY = "story"
        CLOSING = "closing"
        FINISHED = "finished"

    id = models.SmallIntegerField(primary_key=True, default=1)
    weeks = models.IntegerField()
    password = models.CharField(max_length=64)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PLACE)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="demo_load_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.stage}, shifted by {self.weeks} weeks"


class DemoFeed(models.Model):
    """One of the feeds that record receipts beside each other, each its own households.

    The visits of the year have numbers in the order of time. All of this feed's visits below
    ``done_visits`` are recorded; it changes in the same transaction as they are.
    """

    number = models.SmallIntegerField(primary_key=True)
    done_visits = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_visits__gte=0), name="demo_feed_visits_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"feed {self.number}: {self.done_visits} visits"
