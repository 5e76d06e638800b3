"""What an actor may do with the programme."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_PROGRAMME = declare("loyalty.view_programme", _("See tiers and earning rules"))
EDIT_PROGRAMME = declare("loyalty.edit_programme", _("Change tiers and earning rules"))
SIMULATE = declare("loyalty.simulate", _("Try rules and tiers on past receipts"))
GIVE_TIER = declare("loyalty.give_tier", _("Give a member a tier, with a reason and an end"))
