"""The figures of tasks, for the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.figures import Figure, Unit, declare

FOLLOW_UP_RATE = declare(
    Figure(
        "tasks.follow_up_rate",
        _("Follow-up rate"),
        _("Follow-ups done within 48 hours ÷ follow-ups due."),
        Unit.PERCENT,
        _("7 days"),
        "sales_assistant",
    )
)
