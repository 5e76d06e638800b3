"""The task that a mall, store or person below the target becomes."""

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
        ),
        "mall_below": Message(
            _("%(mall)s is at %(attainment)s of its target for %(month)s"),
            _(
                "Net sales so far: %(actual)s; target to date: %(target)s. Say what will be done"
                " about it. The task is done by itself once the mall is back at the threshold."
            ),
        ),
        "person_below": Message(
            _("%(person)s (%(store)s) is at %(attainment)s of the target for %(month)s"),
            _(
                "Net sales so far, an equal share of the store’s: %(actual)s; target to date:"
                " %(target)s. Agree what will help. The task is done by itself once the threshold"
                " is reached again."
            ),
        ),
        "below_members": Message(
            _("%(store)s is at %(attainment)s of its target of new members for %(month)s"),
            _(
                "New members so far: %(actual)s; target to date: %(target)s. Say what will be done"
                " about it. The task is done by itself once the store is back at the threshold."
            ),
        ),
        "mall_below_members": Message(
            _("%(mall)s is at %(attainment)s of its target of new members for %(month)s"),
            _(
                "New members so far: %(actual)s; target to date: %(target)s. Say what will be done"
                " about it. The task is done by itself once the mall is back at the threshold."
            ),
        ),
        "person_below_members": Message(
            _(
                "%(person)s (%(store)s) is at %(attainment)s of the target of new members for"
                " %(month)s"
            ),
            _(
                "New members so far, an equal share of the store’s: %(actual)s; target to date:"
                " %(target)s. Agree what will help. The task is done by itself once the threshold"
                " is reached again."
            ),
        ),
    },
)
