"""How long imports are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for, keep_for_ever
from mallard.world.intake.services.keeping import prune_rows
from mallard.world.intake.settings import ROW_DAYS

keep_for_ever(
    "intake.MemberImport",
    because=_("who took in how many members when stays known; the file itself goes after days"),
)
keep_for("intake.ImportRow", ROW_DAYS, prune=prune_rows)
keep_for_ever("intake.ColumnMatching", because=_("what people arranged for themselves"))
