"""When somebody is told that points or rewards are worth too much or too little."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

BURN_BELOW = declare_setting(
    "rewards.alert_burn_below",
    _("Alert when the burn ratio is below"),
    hint=_("Points redeemed ÷ issued in 12 months: below this, points mean little. 0: never."),
    default=10,
    minimum=0,
    maximum=100,
    unit=_("percent"),
)
VALUE_ABOVE = declare_setting(
    "rewards.alert_value_above",
    _("Alert when a reward is worth more than"),
    hint=_("What a reward costs ÷ what its points cost the programme. 0: never."),
    default=150,
    minimum=0,
    maximum=10_000,
    unit=_("percent"),
)
LIABILITY_ABOVE = declare_setting(
    "rewards.alert_liability_above",
    _("Alert when the points liability is above"),
    hint=_("In whole units of the programme's currency. 0: never."),
    default=0,
    minimum=0,
    maximum=1_000_000_000,
)
CODE_AT_TILLS = declare_setting(
    "rewards.code_at_tills",
    _("Tills redeem only with the member’s code that changes"),
    hint=_("Tills and apps send the code from the card on the member’s phone; it pays once."),
    default=False,
)
CODE_AT_DESKS = declare_setting(
    "rewards.code_at_desks",
    _("Desks redeem only with the member’s code that changes"),
    hint=_(
        "Staff scan the code from the card on the member’s phone first. Who may redeem without one"
        " is a permission, for members who have no phone with them."
    ),
    default=False,
)
