"""What an operator chooses about changes of points."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

ALONE_UP_TO = declare_setting(
    "wallets.alone_up_to",
    _("Points that one person may change alone"),
    hint=_("Above this a second person approves an adjustment, extension or reinstatement."),
    default=1_000,
    minimum=0,
    maximum=1_000_000_000,
    unit=_("points"),
)
GIFT_DAY_LIMIT = declare_setting(
    "wallets.gift_day_limit",
    _("Points that a member may give away in 24 hours"),
    hint=_("0: members cannot give points to each other."),
    default=2_000,
    minimum=0,
    maximum=1_000_000_000,
    unit=_("points"),
)
GIFT_YEAR_LIMIT = declare_setting(
    "wallets.gift_year_limit",
    _("Points that a member may give away in 365 days"),
    hint=_("Counts what the member gave at any desk."),
    default=20_000,
    minimum=0,
    maximum=1_000_000_000,
    unit=_("points"),
)
COOL_DOWN_HOURS = declare_setting(
    "wallets.cool_down_hours",
    _("Hours after a change of phone in which no points can be given away"),
    hint=_("Protects members whose phone number was taken over."),
    default=72,
    minimum=0,
    maximum=2_160,
    unit=_("hours"),
)
SPEND_COOL_DOWN_HOURS = declare_setting(
    "wallets.spend_cool_down_hours",
    _("Hours after a change of phone in which no points can be spent"),
    hint=_("Rewards are not handed over either. 0: points can be spent at once."),
    default=24,
    minimum=0,
    maximum=2_160,
    unit=_("hours"),
)
