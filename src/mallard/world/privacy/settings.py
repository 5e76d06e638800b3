"""What an operator may set."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

ANSWER_DAYS = declare_setting(
    "privacy.answer_days",
    _("Answer privacy requests within"),
    hint=_("Monday to Friday count. Whatever stands here, 30 calendar days are the most."),
    default=15,
    minimum=1,
    maximum=22,
    unit=_("working days"),
)
