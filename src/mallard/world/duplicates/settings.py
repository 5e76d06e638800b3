"""What an operator may set."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

MERGE_FROM = declare_setting(
    "duplicates.merge_from",
    _("Merge records by itself from"),
    hint=_(
        "Records that are at least this likely one person are merged every night. 0: never, "
        "somebody decides about each. A merge moves nothing and can be undone."
    ),
    default=0,
    minimum=0,
    maximum=100,
    unit=_("per cent"),
)
