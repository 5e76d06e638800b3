"""The programme, its tiers and earning rules, and what each receipt was assessed to earn."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.bilingual import BilingualName, localised
from mallard.kernel.ids import uuid7
from mallard.value.loyalty.reasons import Reason


class Programme(BilingualName):
    """The members' programme of the group: one, in the first form.

    ``point_cost_micro`` is what one point costs its funder, in millionths of a minor unit of
    ``currency``. It values the liability and never moves points.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=16, unique=True)
    currency = models.CharField(max_length=3)
    maturing_days = models.PositiveSmallIntegerField(default=0)
    expiry_months = models.PositiveSmallIntegerField(default=12)
    point_cost_micro = models.BigIntegerField(default=1_000_000)

    class Meta(BilingualName.Meta):
        constraints = [
            *BilingualName.Meta.constraints,
            models.CheckConstraint(
                condition=Q(expiry_months__gte=1), name="programme_expiry_months"
            ),
        ]


class Tier(BilingualName):
    """A level. A member is in the highest tier whose spend *and* visits they have reached.

    Both count the 12 months before the business day. ``bonus_bp`` is what the tier adds to base
    points, in basis points (5,000 = half as much again).

    ``starts_on`` is the first business day of a tier that was added later: no earlier day knows it.
    A new name waits in ``coming_name_…`` until ``renamed_on``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="tiers")
    code = models.CharField(max_length=16)
    rank = models.PositiveSmallIntegerField()
    spend_minor = models.BigIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    bonus_bp = models.PositiveIntegerField(default=0)
    starts_on = models.DateField(null=True)
    coming_name_en = models.CharField(max_length=200, blank=True, default="", db_default="")
    coming_name_zh = models.CharField(max_length=200, blank=True, default="", db_default="")
    renamed_on = models.DateField(null=True)

    class Meta(BilingualName.Meta):
        ordering = ["rank"]
        constraints = [
            *BilingualName.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "code"], name="tier_code_once"),
            models.UniqueConstraint(fields=["programme", "rank"], name="tier_rank_once"),
            models.CheckConstraint(
                condition=Q(renamed_on=None) | ~Q(coming_name_en="", coming_name_zh=""),
                name="tier_coming_name",
            ),
        ]

    def has_begun(self, day: dt.date) -> bool:
        return self.starts_on is None or self.starts_on <= day

    def names_on(self, day: dt.date) -> tuple[str, str]:
        """What it is called on a day, in English and in Chinese."""
        if self.renamed_on is not None and self.renamed_on <= day:
            return self.coming_name_en, self.coming_name_zh
        return self.name_en, self.name_zh

    def name_on(self, day: dt.date) -> str:
        """What it is called on a day, in the reader's language."""
        return localised(*self.names_on(day))

    @property
    def name(self) -> str:
        """What it is called today, in the reader's language."""
        return self.name_on(clock.now().date())


class TierScheme(models.Model):
    """One version of what tiers take, in force from a business day on; it never changes.

    ``levels`` are the thresholds by tier code (``rules.schemes.scheme_to_json``). Before the first
    scheme the tiers' own figures hold, over the 12 months before each day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="tier_schemes")
    starts_on = models.DateField()
    window = models.CharField(max_length=12)
    grace_days = models.PositiveSmallIntegerField(default=0)
    value_per_minor = models.PositiveIntegerField(default=0)
    value_per_visit = models.PositiveIntegerField(default=0)
    levels = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "starts_on"], name="tier_scheme_once_a_day"
            ),
        ]


class TierOverride(models.Model):
    """A tier that staff gave a member: at least this one, from a business day to another.

    It may end sooner than was said, never later, and only from the next business day on.
    ``value`` is qualifying value that came with it from another system (`rules.schemes.Override`
    says how it counts); ``value_last_day`` is the last day on which it does, once taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="tier_overrides")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=300)
    given_by = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    value = models.PositiveBigIntegerField(default=0, db_default=0)
    value_last_day = models.DateField(null=True)

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="tier_override_period"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="tier_override_reason"),
        ]

    @property
    def value_counts(self) -> bool:
        """Whether value came with it that was not taken back."""
        return self.value > 0 and self.value_last_day is None


class TierWatch(models.Model):
    """What was told last of a member's tier, and the day on which it may be otherwise. It is not
    the tier: that is worked out from the facts.

    ``told_on`` is the day for which ``tier_code`` is what was told; ``is_known`` is False until it
    was looked at once, so that nothing is told of what was before. ``looks_on`` is None while
    nothing comes; ``warned_for`` is the fall that was told.
    """

    member = models.OneToOneField(
        "members.Member", models.PROTECT, primary_key=True, related_name="+"
    )
    told_on = models.DateField()
    is_known = models.BooleanField()
    tier_code = models.CharField(max_length=16, null=True)
    looks_on = models.DateField(null=True)
    warned_for = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["looks_on"], condition=Q(looks_on__isnull=False), name="tier_watch_due"
            ),
        ]


class BenefitKind(models.TextChoices):
    GIFT = "gift", _("Birthday gift")
    PARKING = "parking", _("Free parking")
    LOUNGE = "lounge", _("Lounge")
    PRIORITY = "priority", _("Priority service")
    OTHER = "other", _("Other")


class Benefit(BilingualName):
    """What members of a tier, or of a segment, are entitled to; ``amount`` by its kind (parking:
    hours a month). Whoever grants it (parking, service, shop) asks `queries.benefits_of`."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="benefits")
    kind = models.CharField(max_length=12, choices=BenefitKind.choices)
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="benefits")
    segment = models.CharField(max_length=100, blank=True, default="")
    amount = models.PositiveIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(BilingualName.Meta):
        constraints = [
            *BilingualName.Meta.constraints,
            models.CheckConstraint(
                condition=Q(tier__isnull=False, segment="") | (Q(tier=None) & ~Q(segment="")),
                name="benefit_of_a_tier_or_a_segment",
            ),
        ]


class EarningRule(BilingualName):
    """One version of a rule: so many points for so much spent, on some goods in some stores.

    A filter that is empty matches everything. Where several rules match a line, the most
    specific one applies (see ``rules.specificity``). A version that has begun never changes; a
    change is a new version from a later moment on. ``terms`` hold what a rule says beyond that
    (``rules.Terms``: kind, basis, conditions, limits); empty terms are those of the first form.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="earning_rules")
    code = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    store = models.ForeignKey("malls.Store", models.PROTECT, null=True, related_name="+")
    trade_category = models.ForeignKey(
        "malls.TradeCategory", models.PROTECT, null=True, related_name="+"
    )
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, related_name="+")
    points = models.PositiveIntegerField()
    per_minor = models.PositiveIntegerField()
    terms = models.JSONField(null=True)
    tenant_share_bp = models.PositiveIntegerField(default=10_000)

    class Meta(BilingualName.Meta):
        constraints = [
            *BilingualName.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "code", "version"], name="earning_rule_version_once"
            ),
            models.CheckConstraint(condition=Q(per_minor__gt=0), name="earning_rule_per_minor"),
            models.CheckConstraint(
                condition=Q(tenant_share_bp__lte=10_000), name="earning_rule_tenant_share"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="earning_rule_period",
            ),
        ]


class PointsBudget(BilingualName):
    """The most points that rules may give altogether: a budget that several rules share, or (code
    ``rule:…``) the total of one rule.

    ``used_points`` is changed by one conditional UPDATE, last before the commit; the CHECK is the
    condition, and who loses the race for the last points is assessed again with what is left.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="budgets")
    code = models.CharField(max_length=40, unique=True)
    limit_points = models.BigIntegerField()
    used_points = models.BigIntegerField(default=0)

    class Meta(BilingualName.Meta):
        constraints = [
            *BilingualName.Meta.constraints,
            models.CheckConstraint(
                condition=Q(used_points__gte=0) & Q(used_points__lte=F("limit_points")),
                name="points_budget_within_limit",
            ),
        ]


class Assessment(models.Model):
    """What a receipt earns and why. Immutable; a reassessment is a further revision.

    ``explanation`` is ``[[rule code, version, line numbers, amount, points, tenant points], …]``,
    with what the rule wanted to give as a seventh figure where a limit left less.
    Returns are assessed again under the same attribution of lines to rules: the rules of the sale.
    """

    pk = models.CompositePrimaryKey("receipt_id", "revision")
    receipt = models.ForeignKey(
        "sales.Receipt", models.PROTECT, related_name="assessments", db_index=False
    )
    revision = models.PositiveIntegerField()
    member = models.ForeignKey(
        "members.Member", models.PROTECT, null=True, related_name="+", db_index=False
    )
    business_day = models.DateField()
    tier_code = models.CharField(max_length=16, null=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    tenant_points = models.BigIntegerField()
    mall_points = models.BigIntegerField()
    bonus_points = models.BigIntegerField()
    explanation = models.JSONField()
    assessed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["member", "business_day"],
                condition=Q(member__isnull=False),
                name="assessment_by_member_day",
            ),
        ]

    @property
    def points(self) -> int:
        """All the receipt's points, whoever funds them (the bonus is within the mall's)."""
        return self.tenant_points + self.mall_points


class Grant(models.Model):
    """Points given without a receipt: for joining, for a completed profile, for checking in.
    Immutable.

    Once per rule, member record and occasion, whatever the rule's versions; the mall of enrolment
    bears the cost. ``occasion`` is the business day of a check-in; empty: once for ever.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+", db_index=False)
    mall = models.ForeignKey("malls.Mall", models.PROTECT, related_name="+")
    rule_code = models.CharField(max_length=32)
    rule_version = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    granted_at = models.DateTimeField()
    occasion = models.CharField(max_length=10, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "rule_code", "occasion"], name="grant_once_per_occasion"
            ),
        ]


class ReferralReward(models.Model):
    """What bringing a friend gives under a rule. Immutable; the latest revision counts.

    It follows the friend's purchases: ``receipt`` is the first that earned points and of which
    goods remain; without one, or when the two turn out to be one person, it gives nothing. The
    mall of that purchase bears the cost, for all revisions. ``member``: whose wallet was credited.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    referral = models.ForeignKey("members.Relation", models.PROTECT, related_name="+")
    rule_code = models.CharField(max_length=32)
    rule_version = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+")
    mall = models.ForeignKey("malls.Mall", models.PROTECT, related_name="+")
    receipt = models.ForeignKey("sales.Receipt", models.PROTECT, null=True, related_name="+")
    points = models.PositiveIntegerField()
    happened_at = models.DateTimeField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "rule_code", "revision"], name="referral_reward_revision_once"
            ),
        ]


class WhatIfStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class WhatIf(models.Model):
    """A past period replayed under other rules or tiers, and what came of it. Moves no point.

    ``draft`` holds ``{"rules": [rule…], "left_out": [code…], "tiers": [{code, spend_minor, visits,
    bonus_bp, value, by_invitation}…], "counting": {window, grace_days, value_per_minor,
    value_per_visit}, "expiry_months": …}``; ``result`` what ``whatif.replay`` adds up.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    draft = models.JSONField()
    status = models.CharField(
        max_length=8, choices=WhatIfStatus.choices, default=WhatIfStatus.DRAFT
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="what_if_period"
            ),
        ]
