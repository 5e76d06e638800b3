"""What an operator chooses about data quality."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

FRESH_DAYS = declare_setting(
    "quality.fresh_days",
    _("How long a fact about a member is fresh"),
    hint=_("What was said or confirmed longer ago counts as stale. Names and birthdays never do."),
    default=730,
    minimum=30,
    maximum=3_650,
    unit=_("days"),
)
