"""What the group chooses about the member page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

SESSION_DAYS = declare_setting(
    "memberweb.session_days",
    _("Members stay signed in for"),
    hint=_("After so many days a member asks for a new code. It holds for new sign-ins."),
    default=30,
    minimum=1,
    maximum=180,
    unit=_("days"),
)
LINK_MINUTES = declare_setting(
    "memberweb.link_minutes",
    _("A link from the service desk is good for"),
    hint=_("The member scans it at the desk; it opens once."),
    default=15,
    minimum=2,
    maximum=120,
    unit=_("minutes"),
)
