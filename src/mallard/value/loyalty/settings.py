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

EXPIRY_MODE = declare_setting(
    "loyalty.expiry_mode",
    _("When points expire"),
    hint=_(
        "Holds for points earned from now on; what was earned keeps its day. After the last"
        " purchase: every purchase that earns lets all of a member's points live on."
    ),
    default="rolling",
    choices={
        "rolling": _("The programme's months after the purchase"),
        "fixed_day": _("On the fixed day that follows those months"),
        "inactivity": _("The programme's months after the last purchase that earns"),
    },
)
EXPIRY_MONTH = declare_setting(
    "loyalty.expiry_month",
    _("Month of the fixed day"),
    hint=_("Points are gone on the first of this month, where a fixed day is chosen."),
    default=1,
    minimum=1,
    maximum=12,
)

WARN_BEFORE_FALL = declare_setting(
    "loyalty.warn_before_fall",
    _("Warn before a tier falls"),
    hint=_("So long before the day members and staff are warned and webhooks are told."),
    default=60,
    minimum=1,
    maximum=365,
    unit=_("days"),
)
