"""A task: what it is about, what was said and done, and what can be done now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.audit.queries import HistoryEntry, history_of
from mallard.kernel.errors import DomainError, NotFound
from mallard.kernel.ui import formats
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.parts import Badge, Fact, TimelineEntry
from mallard.kernel.ui.templatetags.ui import at
from mallard.world.staff.models import StaffUser
from mallard.world.tasks import queries, services
from mallard.world.tasks.errors import TaskNotFound
from mallard.world.tasks.forms import (
    AssignForm,
    CancelForm,
    CommentForm,
    DueForm,
    OutcomeForm,
    doer_of,
    end_of_work,
)
from mallard.world.tasks.kinds import kind_of
from mallard.world.tasks.models import ProblemReport, Task
from mallard.world.tasks.permissions import VIEW_TASK, WORK_ON_TASK
from mallard.world.tasks.showing import (
    ShownTask,
    priority_badge,
    role_name,
    shown_comments,
    shown_task,
    status_badge,
)

# What the audit log calls a change: what people call it, and its mark.
_HAPPENED: dict[str, tuple[Any, str, Any]] = {
    "tasks.task_taken": (_("Taken by %(who)s"), "user-check", "accent"),
    "tasks.task_assigned": (_("Given to %(doer)s by %(who)s"), "users", "neutral"),
    "tasks.due_changed": (_("Due on %(due)s, says %(who)s"), "calendar", "neutral"),
    "tasks.task_finished": (_("Done by %(who)s"), "circle-check", "success"),
    "tasks.task_cancelled": (_("Cancelled by %(who)s"), "circle-x", "warning"),
    "tasks.task_reopened": (_("Opened again by %(who)s"), "refresh", "neutral"),
}

_WITHOUT_FIELDS = ("take", "reopen")  # buttons: what is wrong stands above the record


def _visible(request: HttpRequest, task_id: UUID) -> Task:
    rows = queries.visible_tasks(actor_of(request)).select_related(
        "assignee", "opened_by", "closed_by", "store", "mall"
    )
    task = rows.filter(pk=task_id).first()
    if task is None:
        raise TaskNotFound()
    return task


@requires(VIEW_TASK)
def task_detail(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One task."""
    return _page(request, _visible(request, task_id))


def _page(
    request: HttpRequest, task: Task, bound: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """The record; ``bound`` is a form that was refused, with what was typed in it."""
    actor = actor_of(request)
    card = shown_task(task, actor)
    given = bound or {}
    context = {
        "task": task,
        "card": card,
        "state": _state(task),
        "facts": _facts(task, card),
        "place_of_work": _place_of_work(task),
        "problem": _problem_facts(task),
        "timeline_entries": _timeline(task, card, actor),
        "standing": queries.standing_of(task, actor),
        "open_form": next(iter(given), ""),
        "problems": [
            str(problem)
            for name, form in given.items()
            if name in _WITHOUT_FIELDS
            for problem in form.non_field_errors()
        ],
        "assign_form": given.get("assign") or AssignForm(actor=actor),
        "comment_form": given.get("comment") or CommentForm(),
        "outcome_form": given.get("finish") or OutcomeForm(),
        "cancel_form": given.get("cancel") or CancelForm(),
        "due_form": given.get("due") or DueForm(),
    }
    return render(request, "tasks/detail.html", context, status=422 if bound else 200)


def _place_of_work(task: Task) -> str:
    kind = kind_of(task.kind)
    return kind.place_of_work(task.id) if kind and kind.place_of_work else ""


def _state(task: Task) -> SafeString:
    marks: list[Badge] = [status_badge(task)]
    priority = priority_badge(task)
    if priority is not None:
        marks.append(priority)
    return format_html_join(" ", "{}", ((mark,) for mark in marks))


def _facts(task: Task, card: ShownTask) -> list[Fact]:
    facts = [
        Fact(_("For"), card.doer, hint=role_name(task.role) if card.is_taken and task.role else ""),
        Fact(_("Due"), at(task.due_at)),
        Fact(_("Should be done by"), at(task.target_at)),
    ]
    if card.subject is not None:
        facts.insert(0, Fact(_("About"), card.subject.label, url=card.subject.url))
    if card.place:
        facts.append(Fact(_("Place"), card.place))
    opener = card.opener or _("Mallard")
    facts.append(Fact(_("Opened by"), opener, is_generated=task.is_generated))
    if task.closed_at is not None and task.status == "done":
        kept = _("yes") if task.is_within_target else _("no")
        facts.append(Fact(_("Within the target"), kept))
    return facts


def _problem_facts(task: Task) -> list[Fact]:
    report = ProblemReport.objects.filter(pk=task.pk).first()
    if report is None:
        return []
    return [
        Fact(_("Page"), report.page_path, url=report.page_path),
        Fact(_("Request"), report.request_id),
        Fact(_("Browser"), report.browser),
        Fact(_("Language"), report.language),
        Fact(_("Theme"), report.theme),
    ]


def _timeline(task: Task, card: ShownTask, actor: Actor) -> list[TimelineEntry]:
    opener = card.opener or gettext("Mallard")
    entries = [
        TimelineEntry(
            task.opened_at, gettext("Opened by %(who)s") % {"who": opener}, icon="plus",
            is_generated=task.is_generated,
        )
    ]  # fmt: skip
    entries += [
        TimelineEntry(
            one.written_at, one.author, one.body, icon="message", is_generated=one.is_generated
        )
        for one in shown_comments(task, actor)
    ]
    history = [one for one in history_of("task", task.id) if one.action in _HAPPENED]
    entries += _happened(task, card, history)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _happened(task: Task, card: ShownTask, history: list[HistoryEntry]) -> list[TimelineEntry]:
    ids = {one.actor_id for one in history if one.actor_kind == "staff"}
    ids |= {(one.after or {}).get("assignee_id") for one in history}
    people = StaffUser.objects.filter(pk__in=[id_ for id_ in ids if id_])
    names = {str(id_): name for id_, name in people.values_list("id", "name")}
    entries = []
    # What came of it stands beside the latest closing: the history is newest first.
    outcome = "" if task.is_open else card.outcome
    for one in history:
        title, icon, tone = _HAPPENED[one.action]
        after = one.after or {}
        when = one.recorded_at
        closing = one.action in ("tasks.task_finished", "tasks.task_cancelled")
        if closing and after.get("at"):
            when = dt.datetime.fromisoformat(after["at"])
        words = {
            "who": names.get(str(one.actor_id)) or one.actor_label or gettext("Mallard"),
            "doer": names.get(str(after.get("assignee_id"))) or role_name(after.get("role", "")),
            "due": formats.day(dt.datetime.fromisoformat(after["due_at"]))
            if "due_at" in after
            else "",
        }
        detail = outcome if closing else ""
        outcome = "" if closing else outcome
        entries.append(TimelineEntry(when, str(title) % words, detail, icon=icon, tone=tone))
    return entries


def _apply(
    request: HttpRequest,
    task_id: UUID,
    name: str,
    form: forms.Form,
    work: Callable[[dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """Do ``work``; otherwise the page again, with the form open and nothing lost."""
    task = _visible(request, task_id)
    if form.is_valid():
        try:
            work(form.cleaned_data)
        except NotFound:
            raise
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, done)
            # Handed on, it may be out of the reader's sight.
            if queries.visible_tasks(actor_of(request)).filter(pk=task_id).exists():
                return redirect("tasks:detail", task_id)
            return redirect("tasks:list")
    return _page(request, task, {name: form})


@requires(WORK_ON_TASK)
@require_POST
def take(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Make it one's own."""
    actor = actor_of(request)
    return _apply(
        request,
        task_id,
        "take",
        forms.Form(request.POST),
        lambda _data: services.take_task(task_id, actor=actor),
        gettext("The task is yours."),
    )


@requires(WORK_ON_TASK)
@require_POST
def assign(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Hand it on."""
    actor = actor_of(request)

    def work(data: dict[str, Any]) -> None:
        assignee_id, role = doer_of(data["doer"])
        services.assign_task(task_id, assignee_id=assignee_id, role=role, actor=actor)

    form = AssignForm(request.POST, actor=actor)
    return _apply(request, task_id, "assign", form, work, gettext("The task is handed on."))


@requires(VIEW_TASK)
@require_POST
def comment(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Say something about it."""
    actor = actor_of(request)
    return _apply(
        request,
        task_id,
        "comment",
        CommentForm(request.POST),
        lambda data: services.comment_on_task(task_id, data["body"], actor=actor),
        gettext("The comment is kept."),
    )


@requires(WORK_ON_TASK)
@require_POST
def change_due(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Agree on another day."""
    actor = actor_of(request)

    def work(data: dict[str, Any]) -> None:
        services.change_due(task_id, due_at=end_of_work(data["due_at"]), actor=actor)

    form = DueForm(request.POST)
    return _apply(request, task_id, "due", form, work, gettext("The task has another due day."))


@requires(WORK_ON_TASK)
@require_POST
def finish(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """It is done."""
    actor = actor_of(request)
    return _apply(
        request,
        task_id,
        "finish",
        OutcomeForm(request.POST),
        lambda data: services.finish_task(task_id, outcome=data["outcome"], actor=actor),
        gettext("The task is done."),
    )


@requires(WORK_ON_TASK)
@require_POST
def cancel(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """It need not be done."""
    actor = actor_of(request)
    return _apply(
        request,
        task_id,
        "cancel",
        CancelForm(request.POST),
        lambda data: services.cancel_task(task_id, reason=data["reason"], actor=actor),
        gettext("The task is cancelled."),
    )


@requires(WORK_ON_TASK)
@require_POST
def reopen(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """It is to be done after all."""
    actor = actor_of(request)
    return _apply(
        request,
        task_id,
        "reopen",
        forms.Form(request.POST),
        lambda _data: services.reopen_task(task_id, actor=actor),
        gettext("The task is open again."),
    )
