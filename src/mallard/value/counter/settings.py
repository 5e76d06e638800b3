"""What an operator chooses about points from paper receipts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

DAYS_BACK = declare_setting(
    "counter.days_back",
    _("Paper receipts are taken for so many days"),
    hint=_("Counted from the day on the receipt. Older ones are refused at the desk."),
    default=30,
    minimum=1,
    maximum=366,
    unit=_("days"),
)
ALONE_UP_TO = declare_setting(
    "counter.alone_up_to",
    _("Amount of a paper receipt that one person may bring in alone"),
    hint=_("In the store's currency. Above this a second person approves."),
    default=1_000,
    minimum=0,
    maximum=1_000_000,
    unit=_("units of the currency"),
)
