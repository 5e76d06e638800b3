"""What an operator may set."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

EXPORT_DAYS = declare_setting(
    "workspace.export_days",
    _("Keep files of exports"),
    hint=_("Afterwards the file and its key are deleted; the list can be exported again."),
    default=7,
    minimum=1,
    maximum=30,
    unit=_("days"),
)
