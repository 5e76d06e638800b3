"""Accounts and transfers, after TigerBeetle's data model; and the life of points in lots.

A transfer moves a positive whole number of one unit from a debit account to a credit account, so
the books balance by construction. Transfers and lot uses are immutable (triggers); wallets,
receivables and lots are running figures that `ledger verify` derives again from them. Rows are
written only by the statements of this app's services, never through the ORM's `save`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ids import uuid7

POINTS = "points"

KEY_LENGTH = 200


class AccountKind(models.TextChoices):
    WALLET = "wallet", _("Wallet")
    RECEIVABLE = "receivable", _("Receivable")
    FUNDER = "funder", _("Funder")
    REDEMPTION = "redemption", _("Redemption")


class FunderKind(models.TextChoices):
    """Who bears the cost of points; also who accepts them when they are spent."""

    MALL = "mall", _("Mall")
    TENANT = "tenant", _("Tenant")
    BRAND = "brand", _("Brand")
    BANK = "bank", _("Bank")


class TransferKind(models.TextChoices):
    """What a transfer does. The comment names debit → credit."""

    ACCRUE = "accrue", _("Earned")  # funder → wallet, opens a lot
    ADJUST = "adjust", _("Adjusted")  # funder → wallet with a lot, or wallet → funder
    REDEEM = "redeem", _("Redeemed")  # wallet → redemption
    RESTORE = "restore", _("Redemption reversed")  # redemption → wallet, gives back to the lots
    EXPIRE = "expire", _("Expired")  # wallet → funder
    REVIVE = "revive", _("Expiry undone")  # funder → wallet, gives back to the lot
    REVERSE = "reverse", _("Reversed")  # wallet → funder, from the sale's own lots
    RECOVER = "recover", _("Recovered")  # wallet → funder, from the member's other lots
    OWE = "owe", _("Owed")  # receivable → funder
    SETTLE = "settle", _("Settled")  # wallet → receivable
    UNMERGE = "unmerge", _("Given back on unmerging")  # receivable → wallet, back to the lots


class Account(models.Model):
    """A place that value can be in. Who it belongs to is fixed for ever.

    A wallet belongs to a member; a receivable is what a member owes one funder; funder and
    redemption accounts belong to a mall, tenant, brand or bank (``owner_kind``, ``owner_id``).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=AccountKind)
    unit = models.CharField(max_length=8, default=POINTS)
    member = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="accounts"
    )
    owner_kind = models.CharField(max_length=8, choices=FunderKind, null=True)
    owner_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "unit", "owner_kind", "owner_id"],
                nulls_distinct=False,
                name="ledger_account_once",
            ),
            # What transfers refer to, so that the database refuses a transfer between units.
            models.UniqueConstraint(fields=["id", "unit"], name="ledger_account_unit"),
            models.CheckConstraint(
                condition=Q(
                    kind=AccountKind.WALLET,
                    member__isnull=False,
                    owner_kind=None,
                    owner_id=None,
                )
                | Q(
                    kind=AccountKind.RECEIVABLE,
                    member__isnull=False,
                    owner_kind__isnull=False,
                    owner_id__isnull=False,
                )
                | Q(
                    kind__in=[AccountKind.FUNDER, AccountKind.REDEMPTION],
                    member=None,
                    owner_kind__isnull=False,
                    owner_id__isnull=False,
                ),
                name="ledger_account_has_its_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Transfer(models.Model):
    """``amount`` of ``unit`` moved from ``debit_account`` to ``credit_account``. Immutable.

    Transfers of one ``group_id`` were posted together. ``key`` and ``part`` make a posting
    repeatable: all transfers of one posting carry its key and count their part from 0;
    ``fingerprint`` tells whether a repeated key carries the same content. ``member`` is whose act
    it was, which may differ from the wallet's owner after a merge. ``reverses`` names the
    transfer that this one corrects. ``matures_at`` and ``expires_at`` are the terms under which a
    lot was opened. ``transaction`` orders what a cursor has not seen yet (see `rollups`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group_id = models.UUIDField()
    debit_account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="debits",
        db_constraint=False,
        db_index=False,
    )
    credit_account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="credits",
        db_constraint=False,
        db_index=False,
    )
    # A copy of what the accounts say, checked by `verify`; its own foreign key would cost every
    # accrual another row lock.
    member = models.ForeignKey(
        "members.Member",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=8)
    kind = models.CharField(max_length=8, choices=TransferKind)
    reverses = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="reversed_by",
        db_index=False,
    )
    source_kind = models.CharField(max_length=24)
    source_id = models.UUIDField()
    reason = models.CharField(max_length=200)
    key = models.CharField(max_length=KEY_LENGTH)
    part = models.SmallIntegerField(default=0)
    fingerprint = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    matures_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    transaction = models.BigIntegerField(
        db_default=Cast(
            Cast(
                models.Func(function="pg_current_xact_id", output_field=models.TextField()),
                models.TextField(),
            ),
            models.BigIntegerField(),
        ),
        editable=False,
    )

    class Meta:
        indexes = [
            models.Index(fields=["member", "-id"], name="ledger_transfer_by_member"),
            models.Index(fields=["source_id"], name="ledger_transfer_by_source"),
            models.Index(fields=["group_id"], name="ledger_transfer_by_group"),
            models.Index(
                fields=["reverses"],
                condition=Q(reverses__isnull=False),
                name="ledger_transfer_reversing",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key", "part"], name="ledger_transfer_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_transfer_moves"),
            models.CheckConstraint(
                condition=~Q(debit_account=F("credit_account")), name="ledger_transfer_two_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.unit}"


class Wallet(models.Model):
    """The live balance of a member's wallet: its row is taken under the member's lock.

    ``balance`` is credits minus debits, ``held`` the part pinned by holds, ``owed`` what the
    member's receivables sum to. None is ever negative.
    """

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="wallet"
    )
    member = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, related_name="wallets", db_index=False
    )
    unit = models.CharField(max_length=8)
    balance = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    owed = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "unit"], name="ledger_wallet_once"),
            models.CheckConstraint(
                condition=Q(balance__gte=0, held__gte=0, owed__gte=0, held__lte=F("balance")),
                name="ledger_wallet_floor",
            ),
        ]

    def __str__(self) -> str:
        return f"wallet of {self.member_id}"


class Receivable(models.Model):
    """What a member owes one funder after a return; later accruals settle it first."""

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="receivable"
    )
    member = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, related_name="receivables", db_index=False
    )
    funder = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="receivables")
    unit = models.CharField(max_length=8)
    owed = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "unit", "funder"], name="ledger_receivable_once"
            ),
            models.CheckConstraint(condition=Q(owed__gte=0), name="ledger_receivable_floor"),
        ]

    def __str__(self) -> str:
        return f"receivable of {self.member_id}"


class Lot(models.Model):
    """What one credit transfer brought and what is left of it: ``amount`` minus its uses.

    ``held`` is pinned by holds. Can be spent from ``matures_at`` until ``expires_at`` (None:
    never expires). Restoring into an expired lot gives it a later ``expires_at``, once
    (``grace_ends_at``: it lives in grace until then); the terms under which it was opened stay on
    its transfer.
    """

    transfer = models.OneToOneField(
        Transfer, on_delete=models.PROTECT, primary_key=True, related_name="lot"
    )
    # Copies of the transfer's accounts and member, checked by `verify`.
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="lots",
        db_constraint=False,
        db_index=False,
    )
    member = models.ForeignKey(
        "members.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    funder = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="funded_lots",
        db_constraint=False,
        db_index=False,
    )
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    held = models.BigIntegerField(default=0)
    matures_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    grace_ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["member", "expires_at"],
                condition=Q(remaining__gt=0),
                name="ledger_lot_to_spend",
            ),
            models.Index(
                fields=["expires_at"], condition=Q(remaining__gt=0), name="ledger_lot_to_expire"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    amount__gt=0,
                    remaining__lte=F("amount"),
                    held__gte=0,
                    held__lte=F("remaining"),
                ),
                name="ledger_lot_within",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("matures_at")),
                name="ledger_lot_lives",
            ),
        ]

    def __str__(self) -> str:
        return f"lot {self.transfer_id}: {self.remaining} of {self.amount}"


class LotUse(models.Model):
    """What a transfer took from a lot (``amount`` > 0) or gave back to it (< 0). Immutable."""

    pk = models.CompositePrimaryKey("transfer_id", "lot_id")
    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, related_name="lot_uses", db_index=False
    )
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="uses")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_lot_use_moves"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of lot {self.lot_id}"


class HoldStatus(models.TextChoices):
    OPEN = "open", _("Held")
    POSTED = "posted", _("Posted")
    VOIDED = "voided", _("Voided")


class Hold(models.Model):
    """Points pinned for a basket until ``deadline_at``, then posted as a redemption or voided.

    ``key`` and ``fingerprint`` make placing it repeatable, as for transfers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    fingerprint = models.BigIntegerField()
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="holds")
    redemption_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit = models.CharField(max_length=8)
    points = models.BigIntegerField()
    status = models.CharField(max_length=8, choices=HoldStatus, default=HoldStatus.OPEN)
    source_kind = models.CharField(max_length=24)
    source_id = models.UUIDField()
    reason = models.CharField(max_length=200)
    placed_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    group_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["deadline_at"], condition=Q(status="open"), name="ledger_hold_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gt=0, deadline_at__gt=F("placed_at")), name="ledger_hold_holds"
            ),
            models.CheckConstraint(
                condition=Q(status=HoldStatus.OPEN, closed_at=None, group_id=None)
                | Q(status=HoldStatus.POSTED, closed_at__isnull=False, group_id__isnull=False)
                | Q(status=HoldStatus.VOIDED, closed_at__isnull=False),
                name="ledger_hold_closed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.id}: {self.points}"


class HoldLot(models.Model):
    """How much of a lot a hold pins. Kept after the hold closed: it says what was pinned."""

    pk = models.CompositePrimaryKey("hold_id", "lot_id")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="lots", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="holds")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_hold_lot_holds"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of lot {self.lot_id}"


class FunderDay(models.Model):
    """What one kind of transfer did to one funder's points on one UTC day of ``recorded_at``.

    ``points`` is what it added to the points outstanding (earned, restored) or, negative, took
    from them (redeemed, expired, reversed); for `OWE` what members came to owe. Filled by
    `rollups` behind a cursor.
    """

    pk = models.CompositePrimaryKey("funder_id", "day", "kind")
    funder = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="days", db_index=False
    )
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=TransferKind)
    points = models.BigIntegerField()
    transfers = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["day"], name="ledger_funder_day_by_day")]

    def __str__(self) -> str:
        return f"{self.funder_id} {self.day} {self.kind}: {self.points}"


class RollupCursor(models.Model):
    """How far a rollup has read: every transfer of a ``transaction`` below it is counted."""

    name = models.CharField(primary_key=True, max_length=24)
    transaction = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.transaction}"
