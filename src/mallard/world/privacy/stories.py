"""Privacy requests in a member's timeline: when one came, and how it was answered."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.parts import TimelineEntry
from mallard.world.members.panels import MemberInView
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)
from mallard.world.privacy.permissions import VIEW_REQUEST
from mallard.world.privacy.queries import visible_requests


def register() -> None:
    """Called once, when the app is ready."""
    register_timeline(
        MemberTimeline("privacy", _("Privacy requests"), VIEW_REQUEST, _requests, order=55)
    )


def _requests(view: MemberInView, window: Window) -> Iterable[Happened]:
    rows = visible_requests(view.actor).filter(member__in=view.record_ids)
    for row in window.newest(rows, at="received_at", part="asked"):
        title = gettext("Privacy request: %(kind)s") % {"kind": row.get_kind_display()}
        url = reverse("privacy:request", args=[row.pk])
        entry = TimelineEntry(row.received_at, title, row.get_source_display(), "shield-lock", url)
        yield happened(row.pk, entry, "asked")
    for row in window.newest(rows, at="closed_at", part="closed"):
        if row.closed_at is not None:
            title = gettext("Privacy request ended: %(kind)s") % {"kind": row.get_kind_display()}
            by = row.handled_by.name if row.handled_by else ""
            detail = " · ".join(part for part in (str(row.get_status_display()), by) if part)
            url = reverse("privacy:request", args=[row.pk])
            yield happened(
                row.pk, TimelineEntry(row.closed_at, title, detail, "shield-check", url), "closed"
            )
