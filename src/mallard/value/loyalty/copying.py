"""What a member's receipts earned and which tiers they were given, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mallard.value.loyalty.models import (
    Assessment,
    EarningRule,
    Grant,
    ReferralReward,
    Tier,
    TierOverride,
)
from mallard.world.members.copies import (
    Part,
    Row,
    Subject,
    Worded,
    leave_out,
    register_part,
    theirs,
)

_EARNINGS = {
    "business_day": _("Day"), "receipt": _("Receipt"), "tier": _("Tier"), "points": _("Points"),
}  # fmt: skip
_TIERS = {
    "tier": _("Tier"), "first_day": _("From"), "last_day": _("Until"), "reason": _("Reason"),
    "value": _("Qualifying value brought over"),
}  # fmt: skip
_REFERRALS = {"decided_at": _("When"), "rule": _("Rule"), "points": _("Points")}


def _earnings(subject: Subject) -> Iterable[Row]:
    found = theirs(Assessment, subject).select_related("receipt").order_by("business_day", "pk")
    tiers = {one.code: one.name for one in Tier.objects.all()}
    for row in found:
        yield {
            "business_day": row.business_day,
            "receipt": row.receipt.number,
            "tier": Worded(row.tier_code, tiers.get(row.tier_code, row.tier_code))
            if row.tier_code
            else "",
            "points": row.points,
        }


def _tiers(subject: Subject) -> Iterable[Row]:
    for row in theirs(TierOverride, subject).select_related("tier"):
        told = {code: getattr(row, code) for code in _TIERS}
        yield told | {"tier": Worded(row.tier.code, row.tier.name), "reason": row.reason}


def _grants(subject: Subject) -> Iterable[Row]:
    for row in theirs(Grant, subject):
        yield {"granted_at": row.granted_at, "points": row.points}


def _referrals(subject: Subject) -> Iterable[Row]:
    """What bringing friends gave, revision by revision; the friends are not named."""
    rules = {one.code: one.name for one in EarningRule.objects.all()}
    for row in theirs(ReferralReward, subject):
        rule = Worded(row.rule_code, rules.get(row.rule_code, row.rule_code))
        yield {"decided_at": row.decided_at, "rule": rule, "points": row.points}


def register() -> None:
    leave_out(
        "loyalty.TierWatch",
        because="when to look next at a tier that is worked out from what the copy shows anyway",
    )
    for part in (
        Part(
            "earnings", _("What receipts earned"), ("loyalty.Assessment",), _EARNINGS, _earnings, 50
        ),
        Part("tiers", _("Tiers given by hand"), ("loyalty.TierOverride",), _TIERS, _tiers, 51),
        Part(
            "grants", _("Points given without a purchase"), ("loyalty.Grant",),
            {"granted_at": _("When"), "points": _("Points")}, _grants, 52,
        ),
        Part(
            "referral_rewards", _("What bringing friends gave"), ("loyalty.ReferralReward",),
            _REFERRALS, _referrals, 53,
        ),
    ):  # fmt: skip
        register_part(part)
