"""What an operator chooses about sales."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

DECLARATION_HOURS = declare_setting(
    "sales.declaration_hours",
    _("Sales are declared within"),
    hint=_("Counted from the end of the business day. What comes later is late, not refused."),
    default=24,
    minimum=1,
    maximum=24 * 31,
    unit=_("hours"),
)
