"""Tasks about a member, in the timeline: what was asked and how it ended."""

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
from mallard.world.tasks.models import TaskStatus
from mallard.world.tasks.permissions import VIEW_TASK
from mallard.world.tasks.queries import visible_tasks
from mallard.world.tasks.showing import shown_tasks


def register() -> None:
    """Called once, when the app is ready."""
    register_timeline(MemberTimeline("tasks", _("Tasks"), VIEW_TASK, _tasks, order=45))


def _tasks(view: MemberInView, window: Window) -> Iterable[Happened]:
    """Of the tasks that the reader may see, in the words that the reader may read."""
    rows = visible_tasks(view.actor).filter(member__in=view.record_ids)
    rows = rows.select_related("assignee", "opened_by", "closed_by", "store", "mall")
    opened = window.newest(rows, at="opened_at", part="opened")
    closed = window.newest(rows, at="closed_at", part="closed")
    shown = shown_tasks(list({task.pk: task for task in [*opened, *closed]}.values()), view.actor)
    for task in opened:
        card = shown[task.pk]
        title = gettext("Task: %(title)s") % {"title": card.title}
        url = reverse("tasks:detail", args=[task.pk])
        entry = TimelineEntry(
            task.opened_at, title, card.doer, card.icon, url, is_generated=task.is_generated
        )
        yield happened(task.pk, entry, "opened")
    for task in closed:
        if task.closed_at is None:
            continue
        card = shown[task.pk]
        said = (
            gettext("Task done: %(title)s")
            if task.status == TaskStatus.DONE
            else gettext("Task cancelled: %(title)s")
        )
        url = reverse("tasks:detail", args=[task.pk])
        by = task.closed_by.name if task.closed_by else ""
        detail = " · ".join(part for part in (by, card.outcome) if part)
        entry = TimelineEntry(
            task.closed_at,
            said % {"title": card.title},
            detail,
            "circle-check" if task.status == TaskStatus.DONE else "circle-x",
            url,
            is_generated=task.is_generated,
        )
        yield happened(task.pk, entry, "closed")
