"""Figures that take too long to reckon while somebody waits: read off by a job, kept by day."""

from __future__ import annotations

from uuid import UUID

from django.db import models

WHOLE_GROUP_ID = UUID(int=0)
"""Stands for the group where a place has no id."""


class Reading(models.Model):
    """What a figure came to at a place, as of the end of a business day.

    ``part`` of ``whole`` for a rate; ``whole`` is null for a count or an amount. Derived: today's
    is taken again every few minutes, an earlier day's stays as it was first taken.
    """

    pk = models.CompositePrimaryKey("figure", "place_kind", "place_id", "day")
    figure = models.CharField(max_length=64)
    place_kind = models.CharField(max_length=8)
    place_id = models.UUIDField()
    day = models.DateField(db_index=True)
    part = models.BigIntegerField()
    whole = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.figure} at {self.place_kind} {self.place_id} on {self.day}"
