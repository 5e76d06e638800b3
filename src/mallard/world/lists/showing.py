"""Lists on members' screens: a filter of the members list, a panel, timeline entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.parts import TimelineEntry
from mallard.world.lists.models import ChangeKind, ListChange
from mallard.world.lists.permissions import VIEW_LIST
from mallard.world.lists.queries import entries_of, may_fill, on_list, visible_lists
from mallard.world.members import panels
from mallard.world.members.models import Member
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)


def register() -> None:
    panels.register_filter(
        panels.MemberFilterOffer(
            "list", _("List"), VIEW_LIST, choices=_choices, apply=_on, order=10
        )
    )
    panels.register_panel(
        panels.MemberPanel(
            "lists", _("Lists"), "lists/panel.html", VIEW_LIST, load=_panel, order=60, place="side"
        )
    )
    register_timeline(MemberTimeline("lists", _("Lists"), VIEW_LIST, load=_timeline))


def _choices(actor: Actor) -> list[tuple[str, Any]]:
    """Closed lists are no choice, but an address that names one still works for its readers."""
    lists = visible_lists(actor).order_by("closed_at", "name")
    return [
        (str(one.pk), gettext("%(list)s (closed)") % {"list": one.name})
        if one.closed_at
        else (str(one.pk), one.name)
        for one in lists
    ]


def _on(rows: QuerySet[Member], value: str, _actor: Actor) -> QuerySet[Member]:
    return rows.filter(on_list(UUID(value)))


def _panel(view: panels.MemberInView) -> Mapping[str, Any] | None:
    entries = list(entries_of(view.record_ids, view.actor))
    if not entries:
        return None
    # A survivor and a merged record may both be on it: one line.
    lines = {entry.list_id: entry for entry in entries}
    return {
        "member": view.member,
        "lines": [(entry, may_fill(entry.list, view.actor)) for entry in lines.values()],
    }


def _timeline(view: panels.MemberInView, window: Window) -> list[Happened]:
    changes = ListChange.objects.filter(
        member_ids__overlap=list(view.record_ids),
        list__in=visible_lists(view.actor).values("pk"),
    ).select_related("list", "changed_by")
    return [
        happened(change.pk, _entry(change))
        for change in window.newest(changes.defer("member_ids"), at="changed_at")
    ]


def _entry(change: ListChange) -> TimelineEntry:
    return TimelineEntry(
        change.changed_at,
        (
            gettext("Put on the list “%(list)s”")
            if change.kind == ChangeKind.ADDED
            else gettext("Taken off the list “%(list)s”")
        )
        % {"list": change.list.name},
        detail=change.changed_by.name if change.changed_by else change.changed_by_label,
        icon="list",
        url=reverse("lists:detail", args=[change.list_id]),
    )
