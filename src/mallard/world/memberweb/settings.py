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
CARD_OFFLINE_DAYS = declare_setting(
    "memberweb.card_offline_days",
    _("Codes of a phone without a connection are good for"),
    hint=_(
        "Tills without a connection take the code of a phone that has been without one for so long."
    ),
    default=7,
    minimum=1,
    maximum=30,
    unit=_("days"),
)
CARD_SHOWN_MINUTES = declare_setting(
    "memberweb.card_shown_minutes",
    _("A code that was scanned is good for spending for"),
    hint=_("Whoever scanned it, till or desk, may spend once with it within this time."),
    default=10,
    minimum=1,
    maximum=60,
    unit=_("minutes"),
)
