"""What malls, stores and people are to reach in a month."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Provenance


class Metric(models.TextChoices):
    NET_SALES = "net_sales", _("Net sales")
    NEW_MEMBERS = "new_members", _("New members")


class Target(Provenance):
    """A target of a mall, of a store of it, or of somebody at such a store, for one month.

    ``amount`` is minor units of the mall's currency for net sales, a count for new members.
    ``month`` is the first of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    month = models.DateField()
    metric = models.CharField(max_length=12, choices=Metric, default=Metric.NET_SALES)
    mall = models.ForeignKey("malls.Mall", models.PROTECT, related_name="+")
    store = models.ForeignKey("malls.Store", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField()
    set_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["month", "id"]
        indexes = [models.Index(fields=["store", "month"], name="targets_by_store")]
        constraints = [
            models.UniqueConstraint(
                fields=["mall", "month", "metric", "store", "person"],
                nulls_distinct=False,
                name="targets_once_a_month",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="targets_positive"),
            models.CheckConstraint(condition=Q(month__day=1), name="targets_first_of_month"),
            models.CheckConstraint(
                condition=Q(person=None) | Q(store__isnull=False), name="targets_person_at_a_store"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.month:%Y-%m}"
