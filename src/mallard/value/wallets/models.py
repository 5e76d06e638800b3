"""Freezes, requests to change points, gifts between members, and notices of expiry.

What people write about a member is sealed under the member's data key.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ids import uuid7
from mallard.value.ledger.models import KEY_LENGTH, FunderKind


class Freeze(models.Model):
    """A member's points cannot be spent (冻结) from ``frozen_at`` until ``released_at``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="freezes")
    reason_sealed = models.BinaryField()
    release_reason_sealed = models.BinaryField(null=True)
    frozen_at = models.DateTimeField()
    frozen_by_label = models.CharField(max_length=200)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(released_at=None), name="wallets_frozen_once"
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(released_at__gte=F("frozen_at")),
                name="wallets_freeze_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"freeze of {self.member_id}"


class RequestKind(models.TextChoices):
    ADJUST = "adjust", _("Adjustment")
    EXTEND = "extend", _("Extension")
    REVIVE = "revive", _("Reinstatement")


class RequestStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for a second person")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class PointsRequest(models.Model):
    """Somebody wants a member's points changed; above a limit a second person decides.

    ``points`` is signed for adjustments, and for the others what the lot holds. ``asked_by`` is
    who asked; the database refuses the same person as ``decided_by``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    fingerprint = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=RequestKind)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="points_requests")
    points = models.BigIntegerField()
    funder_kind = models.CharField(max_length=8, choices=FunderKind, blank=True, default="")
    funder_id = models.UUIDField(null=True)
    lot = models.ForeignKey("ledger.Lot", models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True)
    reason_sealed = models.BinaryField()
    status = models.CharField(max_length=8, choices=RequestStatus)
    is_second_needed = models.BooleanField()
    asked_at = models.DateTimeField()
    asked_by_id = models.UUIDField(null=True)
    asked_by_label = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    decided_by_label = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["status", "-asked_at"], name="wallets_request_by_status")]
        constraints = [
            models.CheckConstraint(condition=~Q(points=0), name="wallets_request_moves"),
            models.CheckConstraint(
                condition=Q(is_second_needed=False)
                | Q(status="waiting", decided_at=None)
                | (Q(decided_at__isnull=False) & ~Q(decided_by_id=F("asked_by_id"))),
                name="wallets_request_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.points}: {self.status}"


class MemberGift(models.Model):
    """Points that a member gave another: what the daily and yearly limits count."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    giver = models.ForeignKey("members.Member", models.PROTECT, related_name="gifts_given")
    receiver = models.ForeignKey("members.Member", models.PROTECT, related_name="gifts_received")
    points = models.BigIntegerField()
    given_at = models.DateTimeField()
    actor_label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0), name="wallets_gift_gives"),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="wallets_gift_to_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"gift of {self.points}"


class FamilyRight(models.Model):
    """``spender`` may spend ``owner``'s points (家庭), from ``granted_at`` until ``ended_at``.

    A right, not a wallet: points stay their owner's, and the owner's wallet pays after the
    spender's own, where a redemption names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey("members.Member", models.PROTECT, related_name="family_spenders")
    spender = models.ForeignKey("members.Member", models.PROTECT, related_name="family_owners")
    granted_at = models.DateTimeField()
    granted_by_label = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "spender"], condition=Q(ended_at=None), name="wallets_family_once"
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("spender")), name="wallets_family_is_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.spender_id} may spend of {self.owner_id}"


class CoolDownLift(models.Model):
    """Somebody let a member spend again before the time after a change of phone was over.

    It holds for changes of phone until ``lifted_at``, not for later ones. Immutable.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField()
    lifted_by_label = models.CharField(max_length=200)
    reason_sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"cool-down of {self.member_id} lifted"


class ExpiryNotice(models.Model):
    """It was announced that points of a member expire on ``expires_on`` (UTC): once."""

    pk = models.CompositePrimaryKey("member_id", "expires_on")
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+", db_index=False)
    expires_on = models.DateField()
    points = models.BigIntegerField()
    announced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.points} of {self.member_id} on {self.expires_on}"
