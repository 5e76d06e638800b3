"""The pages of footfall in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.world.footfall.permissions import VIEW_FOOTFALL


def register() -> None:
    """Offer footfall and entrances under Mall."""
    add(Entry("mall", _("Footfall"), "footfall:days", permission=VIEW_FOOTFALL, order=50))
    add(Entry("mall", _("Entrances"), "footfall:entrances", permission=VIEW_FOOTFALL, order=60))
