"""How members know one another: who brought whom. Families are rights and live with the wallets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.world.members.models.people import Member


class RelationKind(models.TextChoices):
    REFERRAL = "referral", _("Brought by a friend")


class RelationSource(models.TextChoices):
    PORTAL = "portal", _("On the member page")
    DESK = "desk", _("At the desk")
    API = "api", _("By another system")
    IMPORT = "import", _("From a file")


class Relation(models.Model):
    """``from_member`` stands to ``to_member`` as ``kind`` says: a referrer to the friend whom they
    brought. Never oneself, and a friend was brought by one person. Ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=RelationKind)
    from_member = models.ForeignKey(Member, models.PROTECT, related_name="relations_from")
    to_member = models.ForeignKey(Member, models.PROTECT, related_name="relations_to")
    since = models.DateTimeField(default=now)
    source = models.CharField(max_length=8, choices=RelationSource)
    recorded_by_label = models.CharField(max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-since", "-id"]
        indexes = [models.Index(fields=["from_member", "kind"], name="members_relation_from")]
        constraints = [
            models.UniqueConstraint(
                fields=["to_member"],
                condition=Q(kind="referral", ended_at=None),
                name="members_brought_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(from_member=F("to_member")), name="members_relation_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_member_id} {self.kind} {self.to_member_id}"


class ReferralCode(models.Model):
    """What a member gives to friends: short, random, and telling nothing about them."""

    member = models.OneToOneField(
        Member, models.CASCADE, primary_key=True, related_name="referral_code"
    )
    code = models.CharField(max_length=12, unique=True)
    made_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"referral code of {self.member_id}"
