"""When a mall, store or person behind the target becomes somebody's task."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings.declaration import declare_setting

ALERT_BELOW_PERCENT = declare_setting(
    "targets.alert_below_percent",
    _("Alert below this attainment"),
    hint=_(
        "What came from the first of the month in percent of the target to date: net sales or new"
        " members of a mall, store or person."
    ),
    default=90,
    minimum=1,
    maximum=100,
    unit=_("percent"),
)
ALERT_AFTER_DAYS = declare_setting(
    "targets.alert_after_days",
    _("Alert after so many days"),
    hint=_("How many business days in a row they are below before a task is opened."),
    default=3,
    minimum=1,
    maximum=20,
    unit=_("days"),
)
