"""What an operator chooses about the programme."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

EXPECTED_REDEMPTION = declare_setting(
    "loyalty.expected_redemption",
    _("Points expected to be redeemed"),
    hint=_(
        "Values the points liability: the share of members' points that will be spent one day. "
        "Leave it at 100 until a year of redemptions shows less."
    ),
    default=100,
    minimum=0,
    maximum=100,
    unit=_("percent"),
)
