"""What an operator chooses about mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

KEPT_DAYS = declare_setting(
    "mail.kept_days",
    _("Keep mails for"),
    hint=_("Who was sent what kind of mail and when; the text is deleted with the sending."),
    default=180,
    minimum=7,
    maximum=730,
    unit=_("days"),
)
