"""Why a receipt earns what it earns, as a code and as a sentence for desk and member."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reason(TextChoices):
    EARNED = "earned", _("Points earned")
    NO_MEMBER = "no_member", _("No member was named on the receipt")
    MEMBER_CLOSED = "member_closed", _("The membership was closed")
    BEFORE_JOINING = "before_joining", _("Bought before joining the programme")
    RESTRICTED = "restricted", _("Only restricted goods, which never earn")
    NOTHING_PAID = "nothing_paid", _("Nothing was paid")
    PAID_IN_POINTS = "paid_in_points", _("Paid with points, which earn nothing")
    BELOW_ONE_POINT = "below_one_point", _("The amount is too small for one point")
    NO_RULE = "no_rule", _("No earning rule covers these goods")
    OTHER_CURRENCY = "other_currency", _("Paid in a currency that the programme does not cover")
    NO_PROGRAMME = "no_programme", _("There was no member programme yet")
    LIMIT_REACHED = "limit_reached", _("The limit of the rule was reached")
    RETURNED = "returned", _("Everything was returned")
