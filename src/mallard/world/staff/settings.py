"""What the group chooses about sign-ins, invitations and keys."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting
from mallard.world.staff.roles import ADMINISTRATOR, ROLES

SIGN_IN_LOG_DAYS = declare_setting(
    "staff.sign_in_log_days",
    _("Keep the log of sign-ins for"),
    hint=_("Who signed in or tried to, when and from where."),
    default=180,
    minimum=30,
    maximum=730,
    unit=_("days"),
)
INVITATION_DAYS = declare_setting(
    "staff.invitation_days",
    _("An invitation is good for"),
    hint=_("Its link opens nothing any more after so many days; it can be sent again."),
    default=7,
    minimum=1,
    maximum=30,
    unit=_("days"),
)
STEP_UP_MINUTES = declare_setting(
    "staff.step_up_minutes",
    _("Ask again before sensitive acts after"),
    hint=_("Who proved longer ago who they are types password or code once more."),
    default=15,
    minimum=1,
    maximum=720,
    unit=_("minutes"),
)
KEY_OLD_DAYS = declare_setting(
    "staff.key_old_days",
    _("An API key is old after"),
    hint=_("Old keys are marked on their list, to be renewed."),
    default=180,
    minimum=7,
    maximum=3650,
    unit=_("days"),
)
SECOND_FACTOR = {
    code: declare_setting(
        f"staff.second_factor_{code}",
        format_lazy(_("Codes from the phone for: {role}"), role=role.name),
        hint=_("Whoever holds this role sets up codes on the phone before anything else."),
        default=code in (ADMINISTRATOR, "finance", "crm_manager"),
    )
    for code, role in ROLES.items()
}
"""Whether a built-in role needs a second factor; an own role says so itself."""
