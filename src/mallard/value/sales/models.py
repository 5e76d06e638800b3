"""Visits, receipts, returns; the daily rollups that the receipt batch maintains, and the finer
ones that follow it within seconds (`rollups`).

Receipts and returns are facts: the database refuses to change or delete them. What came back of
a receipt is a return of its own; who owns a receipt after a merge is read through
``Member.merged_into``.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin, Provenance


class Source(models.TextChoices):
    """How a fact reached us. ``GENERATED`` ones were made up for a demonstration; ``PAPER`` is what
    a desk typed from a receipt of paper, until the till's own word takes its place."""

    POS = "pos"
    API = "api"
    FILE = "file"
    HISTORY = "history"
    STAFF = "staff"
    PAPER = "paper"
    GENERATED = "generated"


GENERATED = models.Q(source=Source.GENERATED)
"""Facts that a generator made: indexed on their own, so that a picture asks in no time."""


class Visit(models.Model):
    """A coming to a mall: one a day per member, or what the till's own reference says."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    mall = models.ForeignKey("malls.Mall", models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="visits")
    business_day = models.DateField()
    started_at = models.DateTimeField()
    reference = models.CharField(max_length=64, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mall", "reference", "member"],
                condition=models.Q(reference__isnull=False),
                nulls_distinct=False,
                name="visit_reference_once_per_mall",
            ),
            models.UniqueConstraint(
                fields=["member", "mall", "business_day"],
                condition=models.Q(reference__isnull=True),
                name="visit_one_a_day_without_reference",
            ),
        ]
        indexes = [models.Index(fields=["member", "business_day"], name="visit_by_member")]


class Receipt(models.Model):
    """A completed sale in a store. `(store, number)` is its key for ever.

    Immutable, but for two things that happen once (a trigger sees to it): a sale of nobody gets its
    member, and what a desk typed from paper is replaced by what the till says of the same sale.
    ``is_named_later``: the member was named at a desk, so the till may go on not knowing them.

    ``net_minor`` is what was paid, tax included, after discounts; ``eligible_minor`` leaves out
    restricted goods. ``fingerprint`` is a digest of the content without the member, so that a
    till that repeats itself is recognised and one that reuses a number is refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    store = models.ForeignKey("malls.Store", models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=64)
    member = models.ForeignKey(
        "members.Member", models.PROTECT, null=True, related_name="receipts", db_index=False
    )
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="receipts")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    business_day = models.DateField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    eligible_minor = models.BigIntegerField()
    fingerprint = models.BinaryField(max_length=16)
    source = models.CharField(max_length=12, choices=Source.choices)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    is_named_later = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="receipt_number_once"),
            models.CheckConstraint(
                condition=models.Q(eligible_minor__lte=models.F("net_minor")),
                name="receipt_eligible_within_net",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "occurred_at"], name="receipt_by_member"),
            models.Index(fields=["store", "occurred_at"], name="receipt_by_store"),
            models.Index(fields=["occurred_at", "id"], name="receipt_by_time"),
            models.Index(fields=["business_day"], name="receipt_generated", condition=GENERATED),
        ]


class ReceiptLine(models.Model):
    """Goods on a receipt. ``restricted`` records what the goods were on that day."""

    pk = models.CompositePrimaryKey("receipt_id", "line_no")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines", db_index=False)
    line_no = models.PositiveIntegerField()
    variant = models.ForeignKey("catalog.Variant", models.PROTECT, null=True, related_name="+")
    sku = models.CharField(max_length=64, null=True)
    name = models.CharField(max_length=200)
    quantity_milli = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    restricted = models.CharField(max_length=16, null=True)


class Tender(models.Model):
    """How (a part of) a receipt was paid."""

    pk = models.CompositePrimaryKey("receipt_id", "position")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="tenders", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    amount_minor = models.BigIntegerField()


class Return(models.Model):
    """Goods of one receipt that came back, and the money that went back. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="returns")
    store = models.ForeignKey("malls.Store", models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    business_day = models.DateField()
    refund_minor = models.BigIntegerField()
    fingerprint = models.BinaryField(max_length=16)
    source = models.CharField(max_length=12, choices=Source.choices)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="return_number_once"),
        ]
        indexes = [
            models.Index(fields=["store", "occurred_at"], name="return_by_store"),
            models.Index(fields=["business_day"], name="return_generated", condition=GENERATED),
        ]


class ReturnLine(models.Model):
    """What came back of one receipt line."""

    pk = models.CompositePrimaryKey("goods_return_id", "line_no")
    goods_return = models.ForeignKey(Return, models.PROTECT, related_name="lines", db_index=False)
    line_no = models.PositiveIntegerField()
    quantity_milli = models.BigIntegerField()
    amount_minor = models.BigIntegerField()


class PendingReturn(models.Model):
    """A return that arrived before its sale. It is applied when the sale arrives.

    ``problem`` holds the error code when the sale came and the return did not fit it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    store = models.ForeignKey("malls.Store", models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=64)
    receipt_number = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    lines = models.JSONField(null=True)
    fingerprint = models.BinaryField(max_length=16)
    source = models.CharField(max_length=12, choices=Source.choices)
    problem = models.CharField(max_length=64, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="pending_return_once"),
        ]
        indexes = [
            models.Index(fields=["store", "receipt_number"], name="pending_return_by_sale"),
        ]


def _derived_from(model: str) -> models.ForeignKey[Any, Any]:
    """What a rollup is about. The facts that it adds up name the same row and are held to it, and
    `ledger verify` derives it anew: checking it once more took as long as adding up."""
    return models.ForeignKey(
        model, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )


class StoreDay(models.Model):
    """A store's business day in figures; what consoles read instead of the receipts.

    Refunds count on the day of the refund: net sales = ``net_minor - refund_minor``.
    """

    pk = models.CompositePrimaryKey("store_id", "business_day")
    store = _derived_from("malls.Store")
    business_day = models.DateField(db_index=True)
    receipts = models.BigIntegerField(default=0)
    member_receipts = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField(default=0)
    member_net_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0)
    returns = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)
    member_refund_minor = models.BigIntegerField(default=0)


class MemberDay(models.Model):
    """What a member bought at a mall on a business day; tiers are sums of these rows."""

    pk = models.CompositePrimaryKey("member_id", "business_day", "mall_id")
    member = _derived_from("members.Member")
    business_day = models.DateField()
    mall = _derived_from("malls.Mall")
    visits = models.BigIntegerField(default=0)
    receipts = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)


class StoreHour(models.Model):
    """A store's business day hour by hour, by the clock of its mall: 0 to 23.

    Refunds count in the hour of the refund. Follows the facts (`rollups`): a till would pay for
    every further row that its receipt must change.
    """

    pk = models.CompositePrimaryKey("store_id", "business_day", "hour")
    store = _derived_from("malls.Store")
    business_day = models.DateField(db_index=True)
    hour = models.PositiveSmallIntegerField()
    receipts = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)


class MemberStoreDay(models.Model):
    """What a member bought in a store on a business day, and how much of it came back since.

    ``returned_minor`` belongs to the day of the sale, unlike refunds elsewhere: a purchase is valid
    as long as something of it was kept. Follows the facts (`rollups`).
    """

    pk = models.CompositePrimaryKey("member_id", "store_id", "business_day")
    member = _derived_from("members.Member")
    store = _derived_from("malls.Store")
    business_day = models.DateField()
    receipts = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["business_day", "store"], name="member_store_day_by_day"),
        ]


class ProductMonth(models.Model):
    """What a product brought in a store in a month, ``month`` its first day; returns count in the
    month of the return. Goods that the catalogue does not know are not told. See `goods`."""

    pk = models.CompositePrimaryKey("store_id", "product_id", "month")
    store = _derived_from("malls.Store")
    product = _derived_from("catalog.Product")
    month = models.DateField(db_index=True)
    lines = models.BigIntegerField(default=0)
    quantity_milli = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0)
    returned_milli = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["product", "month"], name="product_month_by_product")]


class GoodsCursor(models.Model):
    """How far `ProductMonth` has come: facts recorded by transactions below this id are in it."""

    name = models.CharField(primary_key=True, max_length=40)
    transaction = models.PositiveBigIntegerField(default=0)


class DeclarationStatus(models.TextChoices):
    """What has become of a declaration."""

    DECLARED = "declared", _("Declared")
    CONFIRMED = "confirmed", _("Confirmed")
    DISPUTED = "disputed", _("Disputed")


class SalesDeclaration(Provenance):
    """What a tenant says a store sold on a business day (GTO): net sales, tax included.

    It stands beside what receipts say and never replaces it. ``declared_at`` is when the tenant
    said so, ``recorded_at`` when we learned of it. Each word is kept as a revision.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    store = models.ForeignKey(
        "malls.Store", models.PROTECT, related_name="declarations", db_index=False
    )
    business_day = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    receipts = models.PositiveIntegerField(null=True)
    status = models.CharField(
        max_length=9, choices=DeclarationStatus.choices, default=DeclarationStatus.DECLARED
    )
    reason = models.CharField(max_length=500, blank=True, default="")
    source = models.CharField(max_length=12, choices=Source.choices)
    declared_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "business_day"], name="sales_declaration_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=DeclarationStatus.values),
                name="sales_declaration_status_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=DeclarationStatus.DISPUTED, reason=""),
                name="sales_declaration_disputed_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["business_day", "id"], name="declaration_by_day")]


class DeclarationRevision(models.Model):
    """What was said of a declaration: by the tenant, or by who reviewed it. Append-only."""

    pk = models.CompositePrimaryKey("declaration_id", "revision")
    declaration = models.ForeignKey(
        SalesDeclaration, models.PROTECT, related_name="revisions", db_index=False
    )
    revision = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    receipts = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=9, choices=DeclarationStatus.choices)
    reason = models.CharField(max_length=500, blank=True, default="")
    source = models.CharField(max_length=12, choices=Source.choices)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    said_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
