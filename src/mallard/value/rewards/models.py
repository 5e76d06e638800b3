"""What points buy, where it lies, and who took it.

A desk's stock is a running figure under its row's lock; the movements behind it never change
(trigger), and `ledger verify` adds them up again. ``reserved`` is what open redemptions are waiting
for. A redemption keeps the price, the cost and the funder that held when it was made.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.bilingual import BilingualName, localised
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Provenance
from mallard.value.ledger.models import KEY_LENGTH, FunderKind
from mallard.world.malls.models import code_field


class Desk(BilingualName, Provenance):
    """Where members collect what they redeemed: a counter of a mall, with a stock of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = code_field()
    mall = models.ForeignKey(
        "malls.Mall", models.PROTECT, related_name="desks", verbose_name=_("mall")
    )
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta(BilingualName.Meta):
        pass

    @property
    def full_name(self) -> str:
        """The name with its mall, unless the name says it already."""
        mall = self.mall.name
        return self.name if mall in self.name else f"{self.name} · {mall}"


class Reward(BilingualName, Provenance):
    """A reward (兑换礼品): goods, a service, an event, a donation, or a kind of a higher app.

    ``price_minor`` is paid on top of ``points``, ``cost_minor`` is what one costs ``funder``; both
    in ``currency``. With ``is_counted`` there is only what desks have in stock (places of an event
    too). ``member_limit`` is how many one person may take within ``limit_days`` (None: ever).
    ``hold_minutes`` is how long a promise waits to be confirmed, ``collect_days`` how long a
    confirmed one waits to be collected; after that points and stock go back, unless
    ``keeps_uncollected`` (an event that nobody came to).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = code_field()
    kind = models.CharField(_("kind"), max_length=16)
    about_en = models.CharField(_("English description"), max_length=500, blank=True, default="")
    about_zh = models.CharField(_("Chinese description"), max_length=500, blank=True, default="")
    points = models.PositiveIntegerField(_("points"))
    price_minor = models.PositiveBigIntegerField(_("money on top"), default=0)
    cost_minor = models.PositiveBigIntegerField(_("cost of one"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    funder_kind = models.CharField(_("funder"), max_length=8, choices=FunderKind)
    funder_id = models.UUIDField()
    is_counted = models.BooleanField(_("only what is in stock"), default=True)
    least_tier = models.CharField(_("from tier"), max_length=16, blank=True, default="")
    member_limit = models.PositiveSmallIntegerField(_("for each member"), null=True, blank=True)
    limit_days = models.PositiveSmallIntegerField(_("within days"), null=True, blank=True)
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    hold_minutes = models.PositiveIntegerField(_("held for minutes"), default=30)
    collect_days = models.PositiveSmallIntegerField(_("to be collected within days"), default=30)
    keeps_uncollected = models.BooleanField(_("points stay spent if not collected"), default=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta(BilingualName.Meta):
        constraints = [
            *BilingualName.Meta.constraints,
            models.CheckConstraint(
                condition=Q(points__gt=0, hold_minutes__gt=0, collect_days__gt=0),
                name="rewards_reward_costs_points",
            ),
            models.CheckConstraint(
                condition=Q(member_limit=None, limit_days=None) | Q(member_limit__gt=0),
                name="rewards_reward_limit",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="rewards_reward_window",
            ),
        ]

    @property
    def about(self) -> str:
        return localised(self.about_en, self.about_zh)


class Stock(models.Model):
    """How many of a reward a desk has, and how many of those are promised."""

    pk = models.CompositePrimaryKey("reward_id", "desk_id")
    reward = models.ForeignKey(Reward, models.PROTECT, related_name="stocks", db_index=False)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="stocks")
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved__gte=0, on_hand__gte=F("reserved")),
                name="rewards_stock_never_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand} of {self.reward_id} at {self.desk_id}"

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


class MovementKind(models.TextChoices):
    RECEIVE = "receive", _("Received")
    COUNT = "count", _("Counted")
    SEND = "send", _("Sent to another desk")
    ARRIVE = "arrive", _("Came from another desk")
    CORRECT = "correct", _("Corrected")
    HAND_OUT = "hand_out", _("Handed out")
    TAKE_BACK = "take_back", _("Taken back")


class StockMovement(models.Model):
    """What changed a desk's stock by ``quantity``, to ``on_hand_after``. Immutable.

    Movements of one ``group_id`` happened together (the two ends of a transfer). A count that
    found what was expected stays too, with a quantity of 0: somebody looked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=KEY_LENGTH)
    part = models.SmallIntegerField(default=0)
    group_id = models.UUIDField()
    reward = models.ForeignKey(Reward, models.PROTECT, related_name="movements", db_index=False)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="movements", db_index=False)
    kind = models.CharField(max_length=12, choices=MovementKind)
    quantity = models.IntegerField()
    on_hand_after = models.IntegerField()
    reason = models.CharField(max_length=200, blank=True, default="")
    redemption = models.ForeignKey(
        "Redemption", models.PROTECT, null=True, related_name="movements", db_index=False
    )
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["reward", "desk", "-id"], name="rewards_movement_of_stock"),
            models.Index(
                fields=["redemption"],
                condition=Q(redemption__isnull=False),
                name="rewards_movement_of_redemption",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key", "part"], name="rewards_movement_key"),
            models.CheckConstraint(
                condition=~Q(quantity=0) | Q(kind=MovementKind.COUNT),
                name="rewards_movement_moves",
            ),
            models.CheckConstraint(
                condition=Q(on_hand_after__gte=0), name="rewards_movement_never_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} of {self.reward_id}"


class Status(models.TextChoices):
    HELD = "held", _("Held")
    CONFIRMED = "confirmed", _("To be collected")
    COLLECTED = "collected", _("Collected")
    CANCELLED = "cancelled", _("Cancelled")
    LAPSED = "lapsed", _("Lapsed")


OPEN_STATUSES = (Status.HELD, Status.CONFIRMED)


class Redemption(Provenance):
    """A member takes a reward: held, confirmed, collected; or cancelled, or lapsed by itself.

    ``code`` is what the member shows. ``key`` and ``fingerprint`` make placing it repeatable.
    ``hold_id`` and ``points_key`` lead to the points in the ledger, ``payers`` are the wallets that
    may pay after the member's own, in order.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=16, unique=True)
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    fingerprint = models.BigIntegerField()
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="redemptions")
    reward = models.ForeignKey(Reward, models.PROTECT, related_name="redemptions", db_index=False)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="redemptions", db_index=False)
    quantity = models.PositiveSmallIntegerField()
    points = models.PositiveBigIntegerField()
    price_minor = models.PositiveBigIntegerField()
    cost_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    funder_kind = models.CharField(max_length=8, choices=FunderKind)
    funder_id = models.UUIDField()
    is_counted = models.BooleanField()
    payers = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status, default=Status.HELD)
    hold_id = models.UUIDField(null=True)
    points_key = models.CharField(max_length=KEY_LENGTH, blank=True, default="")
    placed_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    collect_by = models.DateTimeField(null=True)
    collected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    is_points_given_back = models.BooleanField(default=False)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["reward", "-placed_at"], name="rewards_redemption_of_reward"),
            models.Index(fields=["desk", "-placed_at"], name="rewards_redemption_at_desk"),
            models.Index(
                fields=["deadline_at"], condition=Q(status="held"), name="rewards_redemption_due"
            ),
            models.Index(
                fields=["collect_by"],
                condition=Q(status="confirmed"),
                name="rewards_redemption_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, points__gt=0, deadline_at__gt=F("placed_at")),
                name="rewards_redemption_takes",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.HELD, confirmed_at=None, collected_at=None, ended_at=None)
                | Q(
                    status=Status.CONFIRMED,
                    confirmed_at__isnull=False,
                    collect_by__isnull=False,
                    collected_at=None,
                    ended_at=None,
                )
                | Q(status=Status.COLLECTED, confirmed_at__isnull=False, collected_at__isnull=False)
                | Q(status__in=[Status.CANCELLED, Status.LAPSED], ended_at__isnull=False),
                name="rewards_redemption_goes_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.status}"


class LiabilitySlice(models.Model):
    """Points outstanding of one funder by the month in which they were earned and end.

    A rollup of the lots, replaced as a whole by `services.slice_liability`; ``counted_at`` is when.
    Months are those of UTC, as their first day.
    """

    id = models.BigAutoField(primary_key=True)
    funder = models.ForeignKey("ledger.Account", models.PROTECT, related_name="+")
    earned_month = models.DateField()
    expires_month = models.DateField(null=True)
    points = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["funder", "earned_month", "expires_month"],
                nulls_distinct=False,
                name="rewards_liability_slice_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} of {self.funder_id} from {self.earned_month}"
