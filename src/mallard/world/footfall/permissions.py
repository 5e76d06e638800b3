"""What an actor may do with footfall."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_FOOTFALL = declare("footfall.view_footfall", _("See how many people came in"))
RECORD_FOOTFALL = declare("footfall.record_footfall", _("Record and correct footfall"))
EDIT_ENTRANCE = declare("footfall.edit_entrance", _("Change entrances"))
