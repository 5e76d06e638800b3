"""The task that a store below its target becomes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.world.tasks.kinds import Message, TaskKind

CORRECTIVE = TaskKind(
    "corrective",
    _("Corrective task"),
    "target",
    72,
    "tenant_manager",
    {
        "below": Message(
            _("%(store)s is at %(attainment)s of its target for %(month)s"),
            _(
                "Net sales so far: %(actual)s; target to date: %(target)s. Say what will be done"
                " about it. The task is done by itself once the store is back at the threshold."
            ),
        )
    },
)
