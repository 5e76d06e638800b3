"""What an operator chooses about events."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

KEPT_DAYS = declare_setting(
    "outbox.kept_days",
    _("Keep events for"),
    hint=_("Events that every listener has received are deleted after this time."),
    default=30,
    minimum=7,
    maximum=365,
    unit=_("days"),
)
