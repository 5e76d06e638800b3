"""Changes of a member's tier, in the timeline. They are worked out from the facts, never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.ui.parts import TimelineEntry
from mallard.value.loyalty.pages.tiers import told
from mallard.value.loyalty.permissions import VIEW_PROGRAMME
from mallard.value.loyalty.standing import tier_history
from mallard.world.members.panels import MemberInView
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)


def register() -> None:
    """Called once, when the app is ready."""
    register_timeline(MemberTimeline("tiers", _("Tiers"), VIEW_PROGRAMME, _tiers, order=28))


def _tiers(view: MemberInView, window: Window) -> Iterable[Happened]:
    """A change counts from the start of a business day; a day is no moment, so it stands at
    midnight of its date. When a member spent elsewhere is not a tenant's business."""
    if not (view.actor.scope.is_group or view.actor.scope.mall_ids):
        return
    changes = tier_history(view.member.pk, until=clock.now().date())
    url = reverse("loyalty:member_tier", args=[view.member.pk])
    for change, row in zip(changes, told(changes), strict=True):
        title = gettext("Tier: %(was)s → %(now)s") % {"was": row.was, "now": row.now}
        at = dt.datetime.combine(change.day, dt.time.min, dt.UTC)
        entry = TimelineEntry(at, title, row.why, "award", url, "accent", zone=dt.UTC)
        yield happened(UUID(int=change.day.toordinal()), entry, "tier")
