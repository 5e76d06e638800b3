"""Where tasks appear: the menu, the home page, members' pages, and the account menu."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of
from mallard.kernel.ui import navigation, panels
from mallard.world.members.panels import (
    MemberAction,
    MemberInView,
    MemberPanel,
    register_action,
    register_panel,
)
from mallard.world.tasks import queries
from mallard.world.tasks.models import Task
from mallard.world.tasks.permissions import OPEN_TASK, VIEW_TASK
from mallard.world.tasks.showing import ShownTasks

PANEL_LENGTH = 6


def register() -> None:
    """Offer the inbox, the panel "To do", the member's tasks, and the problem report."""
    navigation.register(
        navigation.Entry(
            "home", _("Tasks"), "tasks:list", VIEW_TASK, order=5, go_key="t", waiting=_waiting
        )
    )
    navigation.register_act(navigation.Act(_("New task"), "tasks:new", OPEN_TASK, "checks"))
    navigation.register_help(
        navigation.HelpLink(_("Report a problem with this page"), "tasks:report_problem", "flag")
    )
    panels.register(panels.Panel("to-do", "tasks/parts/to_do.html", VIEW_TASK, _to_do, order=5))
    register_action(
        MemberAction("task", _("New task"), OPEN_TASK, _new_task_url, icon="plus", order=90)
    )
    register_panel(
        MemberPanel(
            "tasks", _("Tasks"), "tasks/parts/member_tasks.html", VIEW_TASK, _member_tasks,
            order=20, place="side",
        )
    )  # fmt: skip


def _waiting(request: HttpRequest) -> QuerySet[Task]:
    return queries.assigned_tasks(actor_of(request))


def _to_do(request: HttpRequest) -> dict[str, object]:
    actor = actor_of(request)
    rows = queries.open_tasks_for(actor)
    answered = queries.answered_lately(actor)
    return {
        "tasks": ShownTasks.of(rows.order_by("due_at", "id"), actor)[:PANEL_LENGTH],
        "answered": ShownTasks.of(answered, actor)[:PANEL_LENGTH],
        "counts": queries.to_do_counts(actor),
    }


def _new_task_url(view: MemberInView) -> str | None:
    if not view.member.is_open:
        return None
    return f"{reverse('tasks:new')}?subject=member:{view.member.id}"


def _member_tasks(view: MemberInView) -> dict[str, object] | None:
    rows = queries.tasks_about("member", view.member.id, view.actor)
    tasks = list(ShownTasks.of(rows, view.actor)[:PANEL_LENGTH])
    return {"tasks": tasks} if tasks else None
