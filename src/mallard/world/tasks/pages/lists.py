"""The inbox: one's own tasks, one's team's, all of one's places, and what one asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.clock import now
from mallard.kernel.ui.filters import BooleanFilter, ChoiceFilter, SearchFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage, Rows
from mallard.kernel.ui.marks import icon
from mallard.kernel.ui.parts import Badge, Tab
from mallard.kernel.ui.templatetags.ui import day
from mallard.world.tasks import queries
from mallard.world.tasks.kinds import task_kinds
from mallard.world.tasks.models import Priority, Task, TaskStatus
from mallard.world.tasks.permissions import OPEN_TASK, VIEW_EVERY_TASK, VIEW_TASK
from mallard.world.tasks.showing import ShownTasks, priority_badge, status_badge

WEEK = dt.timedelta(days=7)
PRIORITIES = tuple((str(value), label) for value, label in Priority.choices)
DUE = (
    ("overdue", _("overdue by now")),
    ("today", _("due today")),
    ("week", _("within 7 days")),
)


def _title(task: Any) -> Any:
    mark = priority_badge(task)
    generated = Badge(_("Generated"), "generated", "sparkles") if task.is_generated else ""
    return format_html(
        "{} {} {}", task.card.title, mark.__html__() if mark else "", _html(generated)
    )


def _html(part: Any) -> Any:
    return part.__html__() if isinstance(part, Badge) else part


def _kind(task: Any) -> Any:
    return format_html("{} {}", icon(task.card.icon), task.card.kind_name)


def _about(task: Any) -> Any:
    subject = task.card.subject
    if subject is None:
        return task.card.place or None
    return format_html('<a href="{}">{}</a>', subject.url, subject.label)


def _due(task: Any) -> Any:
    if not task.is_open:
        return format_html("{}", day(task.closed_at))
    if task.card.is_overdue:
        return format_html("{} {}", day(task.due_at), _html(Badge(_("Overdue"), "danger")))
    return day(task.due_at)


def _due_filter(rows: Rows, wanted: str) -> Rows:
    at = now()
    open_rows = rows.filter(status=TaskStatus.OPEN)
    if wanted == "overdue":
        return open_rows.filter(due_at__lt=at)
    if wanted == "today":
        local = at.astimezone(timezone.get_current_timezone())
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return open_rows.filter(due_at__gte=midnight, due_at__lt=midnight + dt.timedelta(days=1))
    return open_rows.filter(due_at__gte=at, due_at__lt=at + WEEK)


def _kinds(_request: HttpRequest) -> list[tuple[str, Any]]:
    return [(kind.code, kind.name) for kind in task_kinds()]


TASKS = ListPage(
    key="tasks",
    title=_("Tasks"),
    columns=(
        Column("task", _("Task"), _title),
        Column("kind", _("Kind"), _kind, sort="kind", from_width="md"),
        Column("about", _("About"), _about, from_width="md"),
        Column("doer", _("For"), lambda task: task.card.doer, from_width="sm"),
        Column("due", _("Due"), _due, sort="due_at"),
        Column("status", _("Status"), status_badge, sort="status", from_width="lg"),
        Column(
            "opened", _("Opened"), lambda task: day(task.opened_at), sort="opened_at",
            from_width="xl",
        ),
        Column("opener", _("By"), lambda task: task.card.opener or None, is_shown=False),
        Column("place", _("Place"), lambda task: task.card.place or None, is_shown=False),
    ),
    default_sort="due",
    filters=(
        SearchFilter(label=_("Words, store or colleague"), search=queries.matching),
        ChoiceFilter("kind", _("Kind"), choices=_kinds),
        ChoiceFilter("due", _("Due"), choices=DUE, apply=_due_filter),
        ChoiceFilter("priority", _("Priority"), choices=PRIORITIES),
        BooleanFilter("closed", _("Done ones too"), apply=lambda rows: rows),
    ),
    row_url=lambda task: reverse("tasks:detail", args=[task.pk]),
    empty=Empty(
        _("Nothing to do here"),
        _("Tasks appear when somebody writes one, or when Mallard notices something."),
        icon="checks",
    ),
    template="tasks/list.html",
)  # fmt: skip


@requires(VIEW_TASK)
def own_tasks(request: HttpRequest) -> HttpResponse:
    """What the reader has to do."""
    return _respond(request, "list", queries.assigned_condition(actor_of(request)))


@requires(VIEW_TASK)
def team_tasks(request: HttpRequest) -> HttpResponse:
    """What was given to the reader's role at their places, taken or not."""
    return _respond(request, "team", queries.team_condition(actor_of(request)))


@requires(VIEW_TASK)
def asked_tasks(request: HttpRequest) -> HttpResponse:
    """What the reader asked of others."""
    actor = actor_of(request)
    own = queries.assigned_condition(actor)
    return _respond(request, "asked", queries.asked_condition(actor) & ~own)


@requires(VIEW_EVERY_TASK)
def every_task(request: HttpRequest) -> HttpResponse:
    """Every task of the reader's places."""
    return _respond(request, "all", Q())


def _respond(request: HttpRequest, name: str, condition: Q) -> HttpResponse:
    actor = actor_of(request)
    rows: QuerySet[Task] = queries.visible_tasks(actor).filter(condition)
    if request.GET.get("closed") != "1":
        rows = rows.filter(status=TaskStatus.OPEN)
    counts = queries.to_do_counts(actor)
    labels = [
        ("list", _("Mine"), counts.own),
        ("team", _("My team"), None),
        ("asked", _("Asked by me"), None),
    ]
    if actor.may(VIEW_EVERY_TASK):
        labels.append(("all", _("All"), None))
    tabs = [
        Tab(label, reverse(f"tasks:{key}"), is_current=key == name, count=count)
        for key, label, count in labels
    ]
    context = {"tabs": tabs, "may_open": actor.may(OPEN_TASK)}
    return TASKS.respond(request, ShownTasks.of(rows, actor), context)
