"""How the ledger's pages call points that were given without a receipt."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.value.ledger.sources import register_reason, register_visibility
from mallard.value.loyalty.models import Grant, ReferralReward
from mallard.value.loyalty.services.granting import SOURCE_KIND
from mallard.value.loyalty.services.referring import SOURCE_KIND as REFERRAL_KIND
from mallard.world.malls.queries import whole_malls_in


def register() -> None:
    """Called once, when the app is ready."""
    register_reason("welcome", _("Welcome points"))
    register_reason("profile", _("Profile completed"))
    register_reason("check_in", _("Checked in"))
    register_reason("referral", _("A friend whom you brought bought something"))
    register_reason("referral_undone", _("A friend’s purchase was undone"))
    register_visibility(
        REFERRAL_KIND,
        lambda actor: ReferralReward.objects.filter(mall__in=whole_malls_in(actor.scope)).values(
            "referral"
        ),
    )
    register_visibility(
        SOURCE_KIND,
        lambda actor: Grant.objects.filter(mall__in=whole_malls_in(actor.scope)).values("pk"),
    )
