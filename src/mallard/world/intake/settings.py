"""What an operator may set."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

FILE_DAYS = declare_setting(
    "intake.file_days",
    _("Keep imported files"),
    hint=_(
        "Afterwards the file and its key are deleted. What became of each row stays, and the "
        "import can still be undone."
    ),
    default=14,
    minimum=1,
    maximum=90,
    unit=_("days"),
)
ROW_DAYS = declare_setting(
    "intake.row_days",
    _("Keep what became of imported rows"),
    hint=_("As long as they are kept, an import can be undone."),
    default=400,
    minimum=30,
    maximum=3650,
    unit=_("days"),
)
