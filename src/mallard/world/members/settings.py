"""What the group chooses about members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings import declare_setting

REFERRAL_DAYS = declare_setting(
    "members.referral_days",
    _("Time to say who brought a member"),
    hint=_("So many days after joining a friend can still be named; enrolment is the usual time."),
    default=30,
    minimum=0,
    maximum=365,
    unit=_("days"),
)

LEAST_AGE = declare_setting(
    "members.least_age",
    _("Members are at least"),
    hint=_(
        "A date of birth that makes somebody younger is refused wherever it comes from: data of"
        " children under 14 are sensitive and need a parent's consent (PIPL articles 28 and 31)."
        " 0: nobody is refused."
    ),
    default=14,
    minimum=0,
    maximum=18,
    unit=_("years"),
)

CLOSED_DAYS = declare_setting(
    "members.closed_days",
    _("Former members are erased after"),
    hint=_(
        "So long after a membership was closed, what is known of the person is erased; receipts and"
        " points stay without a name. 0: nobody is erased by age."
    ),
    default=1_095,
    minimum=0,
    maximum=36_500,
    unit=_("days"),
)

INACTIVE_DAYS = declare_setting(
    "members.inactive_days",
    _("Memberships without a visit are closed after"),
    hint=_(
        "Choose more than points live: a closed membership spends none. It can be reopened until it"
        " is erased. 0: none is closed by age."
    ),
    default=0,
    minimum=0,
    maximum=36_500,
    unit=_("days"),
)
