"""Paper receipts that members brought to the desk, and what came of each."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.ids import uuid7


class State(models.TextChoices):
    """``NAMED``: the till had told the sale, of nobody. ``REFUSED``: it was another member's."""

    WAITING = "waiting", _("Waiting for a second person")
    RECORDED = "recorded", pgettext_lazy("paper receipt", "Recorded from paper")
    NAMED = "named", pgettext_lazy("paper receipt", "Found at the till")
    DECLINED = "declined", pgettext_lazy("paper receipt", "Declined")
    REFUSED = "refused", pgettext_lazy("paper receipt", "Belongs to another member")


LIVE = (State.WAITING, State.RECORDED, State.NAMED)
"""A receipt is brought in once: of these there is one for each store and number."""


class PaperReceipt(models.Model):
    """What a desk typed from paper, who did, who agreed, and the receipt that it became.

    ``goods`` are ``[[code, amount], …]`` of what was typed line by line. ``met_at``: when the till
    told the same sale; ``told_minor`` what it came to there, ``names_another`` that it named
    somebody else. ``others_told``: how many receipts of that day the store's till had told, without
    this one, when it was brought in or decided. What a second person wrote is sealed under the
    member's data key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=100, unique=True)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="paper_receipts")
    store = models.ForeignKey("malls.Store", models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    business_day = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    restricted_minor = models.BigIntegerField(default=0)
    restricted_kind = models.CharField(max_length=16, blank=True, default="")
    goods = models.JSONField(default=list)
    tender = models.CharField(max_length=16, blank=True, default="")
    state = models.CharField(max_length=8, choices=State)
    receipt = models.ForeignKey("sales.Receipt", models.PROTECT, null=True, related_name="+")
    points = models.BigIntegerField(null=True)
    is_second_needed = models.BooleanField()
    others_told = models.PositiveIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()
    asked_by_id = models.UUIDField(null=True)
    asked_by_label = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    decided_by_label = models.CharField(max_length=200, blank=True, default="")
    answer_sealed = models.BinaryField(null=True)
    met_at = models.DateTimeField(null=True)
    told_minor = models.BigIntegerField(null=True)
    names_another = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["state", "-asked_at"], name="counter_paper_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "number"],
                condition=Q(state__in=[one.value for one in LIVE]),
                name="counter_paper_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                & Q(restricted_minor__gte=0)
                & Q(restricted_minor__lte=F("amount_minor")),
                name="counter_paper_amounts",
            ),
            models.CheckConstraint(
                condition=Q(is_second_needed=False)
                | Q(state__in=[State.WAITING, State.REFUSED])
                | (Q(decided_at__isnull=False) & ~Q(decided_by_id=F("asked_by_id"))),
                name="counter_paper_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RECORDED, State.NAMED]) | Q(receipt__isnull=False),
                name="counter_paper_became_a_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"paper receipt {self.number}: {self.state}"

    @property
    def is_at_odds(self) -> bool:
        """Whether the till told something else than the paper."""
        return self.met_at is not None and (
            self.names_another or self.told_minor != self.amount_minor
        )
