"""What the fraud watch found, what gives it away, what was decided, what is not said again.

Alerts are about facts that others keep: receipts, returns and transfers stay where they are and are
named by their ids. What people write about a member is sealed under the member's data key.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7

MOST_SCORE = 100


class AlertStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("fraud alert", "Open")
    LOOKING = "looking", pgettext_lazy("fraud alert", "Being looked into")
    CONFIRMED = "confirmed", pgettext_lazy("fraud alert", "Confirmed")
    FALSE_ALARM = "false", pgettext_lazy("fraud alert", "False alarm")


UNDECIDED = (AlertStatus.OPEN, AlertStatus.LOOKING)


class Alert(models.Model):
    """One finding of one pattern, which grows while it is undecided: ``key`` says about whom.

    ``member`` is the record that stood for the person when it was found; ``staff`` or ``till`` who
    attributed the receipts; ``store`` is None when more than one store is involved, ``mall`` when
    more than one mall is. ``why`` holds the figures of the pattern's sentence, never a name.
    ``points`` is what the evidence gave, ``cost_minor`` what these points cost the programme.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pattern = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    till = models.ForeignKey("staff.ApiKey", models.PROTECT, null=True, related_name="+")
    store = models.ForeignKey("malls.Store", models.PROTECT, null=True, related_name="+")
    mall = models.ForeignKey("malls.Mall", models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=9, choices=AlertStatus, default=AlertStatus.OPEN)
    score = models.PositiveSmallIntegerField()
    why = models.JSONField(default=dict)
    points = models.BigIntegerField(default=0)
    cost_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    found_at = models.DateTimeField(default=now)
    grown_at = models.DateTimeField(null=True)
    owner = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True, default="")
    reason_sealed = models.BinaryField(null=True)
    frozen_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-score", "-last_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(status__in=UNDECIDED), name="watch_alert_undecided_once"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=MOST_SCORE), name="watch_alert_score"
            ),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="watch_alert_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNDECIDED, decided_at=None)
                | Q(status__in=["confirmed", "false"], decided_at__isnull=False),
                name="watch_alert_decided_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(member=None) | Q(reason=""), name="watch_alert_words_are_sealed"
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(frozen_at__isnull=False),
                name="watch_alert_released_what_was_frozen",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-score", "id"], name="watch_alert_by_status"),
            models.Index(fields=["pattern", "status"], name="watch_alert_by_pattern"),
            models.Index(fields=["key"], name="watch_alert_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.pattern} {self.id}"

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    @property
    def is_frozen(self) -> bool:
        """Whether this alert froze the member's points and nobody released them from here."""
        return self.frozen_at is not None and self.released_at is None


class FactKind(models.TextChoices):
    RECEIPT = "receipt", _("Receipt")
    RETURN = "return", _("Return")
    TRANSFER = "transfer", _("Redemption")
    CHANGE = "change", _("Change of points")


class Evidence(models.Model):
    """One fact behind an alert. ``points`` is what a receipt earned, a change gave or a redemption
    took."""

    pk = models.CompositePrimaryKey("alert_id", "kind", "fact_id")
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="evidence", db_index=False)
    kind = models.CharField(max_length=8, choices=FactKind)
    fact_id = models.UUIDField()
    store = models.ForeignKey("malls.Store", models.PROTECT, null=True, related_name="+")
    occurred_at = models.DateTimeField()
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    points = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind} {self.fact_id}"


class Exemption(models.Model):
    """This is not to be said again until ``ends_at``: of a member, a member of staff, a till or a
    store, alone or together. Made from a false alarm; ended early by somebody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pattern = models.CharField(max_length=20)
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    till = models.ForeignKey("staff.ApiKey", models.PROTECT, null=True, related_name="+")
    store = models.ForeignKey("malls.Store", models.PROTECT, null=True, related_name="+")
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="exemptions")
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ends_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False)
                | Q(staff__isnull=False)
                | Q(till__isnull=False)
                | Q(store__isnull=False),
                name="watch_exemption_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("made_at")), name="watch_exemption_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pattern} until {self.ends_at:%Y-%m-%d}"


class TermsStatus(models.TextChoices):
    COUNTING = "counting", pgettext_lazy("thresholds", "Being counted")
    COUNTED = "counted", pgettext_lazy("thresholds", "Not in force")
    IN_FORCE = "in_force", pgettext_lazy("thresholds", "In force")


class PatternTerms(models.Model):
    """Thresholds of a pattern that somebody typed: counted over the last year first (``found``; of
    these ``found_confirmed`` and ``found_false`` have been decided so), then put in force from
    ``since`` on, or left. Of a pattern the latest in force holds; without one, the defaults."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pattern = models.CharField(max_length=20)
    is_on = models.BooleanField(default=True)
    thresholds = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=TermsStatus, default=TermsStatus.COUNTING)
    found = models.PositiveIntegerField(null=True)
    found_confirmed = models.PositiveIntegerField(null=True)
    found_false = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(null=True)
    set_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pattern", "-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="in_force", since__isnull=False, found__isnull=False)
                | Q(status="counted", since=None, found__isnull=False)
                | Q(status="counting", since=None),
                name="watch_terms_counted_before_in_force",
            ),
        ]
        indexes = [models.Index(fields=["pattern", "-since"], name="watch_terms_latest")]

    def __str__(self) -> str:
        return f"{self.pattern}: {self.status}"


class WatchRun(models.Model):
    """That the watch looked, when, over which time, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    new = models.PositiveIntegerField()
    grown = models.PositiveIntegerField()
    exempted = models.PositiveIntegerField()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="watch_run_of_a_time"),
        ]

    def __str__(self) -> str:
        return f"watch of {self.started_at:%Y-%m-%d}"
