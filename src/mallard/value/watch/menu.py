"""The fraud watch in the console's menu, and a mark on members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.kernel.ui.parts import Badge
from mallard.value.watch.models import UNDECIDED
from mallard.value.watch.pages.alerts import undecided
from mallard.value.watch.permissions import VIEW_ALERT
from mallard.value.watch.queries import visible_alerts
from mallard.world.members.panels import MemberInView, MemberMark, register_mark


def register() -> None:
    """Offer the alerts under Loyalty, with how many wait; a member with one shows it."""
    add(
        Entry(
            "loyalty",
            _("Fraud watch"),
            "watch:alerts",
            permission=VIEW_ALERT,
            order=65,
            waiting=undecided,
        )
    )
    register_mark(MemberMark("fraud", VIEW_ALERT, _suspected, order=6))


def _suspected(view: MemberInView) -> Badge | None:
    rows = visible_alerts(view.actor).filter(member__in=view.record_ids, status__in=UNDECIDED)
    return Badge(_("Fraud alert"), "warning", "shield-lock") if rows.exists() else None
