"""What an operator chooses about staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

SIGN_IN_LOG_DAYS = declare_setting(
    "staff.sign_in_log_days",
    _("Keep the log of sign-ins for"),
    hint=_("Who signed in or tried to, when and from where."),
    default=180,
    minimum=30,
    maximum=730,
    unit=_("days"),
)
