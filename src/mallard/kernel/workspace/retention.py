"""How long what people arranged for themselves is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for, keep_for_ever
from mallard.kernel.workspace.services.bulk import remove_old_runs
from mallard.kernel.workspace.services.notifying import remove_old_notifications
from mallard.kernel.workspace.services.recents import remove_old_recents

keep_for_ever("workspace", because=_("what people arranged for themselves; they delete it"))
keep_for_ever(
    "workspace.Export",
    because=_("who took which list out stays known; the file itself goes after some days"),
)
keep_for("workspace.BulkRun", _("30 days"), prune=remove_old_runs)
keep_for("workspace.RecentItem", _("90 days"), prune=remove_old_recents)
keep_for("workspace.Notification", _("90 days"), prune=remove_old_notifications)
