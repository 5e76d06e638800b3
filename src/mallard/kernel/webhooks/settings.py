"""What an operator chooses about webhooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

STOP_AFTER_DAYS = declare_setting(
    "webhooks.stop_after_days",
    _("Stop a failing webhook after"),
    hint=_("A receiver that has answered nothing for so long is not called any more."),
    default=5,
    minimum=1,
    maximum=30,
    unit=_("days"),
)
KEPT_DAYS = declare_setting(
    "webhooks.kept_days",
    _("Keep deliveries for"),
    hint=_("Until then a delivery can be looked at and sent again."),
    default=30,
    minimum=1,
    maximum=365,
    unit=_("days"),
)
