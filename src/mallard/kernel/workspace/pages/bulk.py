"""Doing something to many rows of a list: the question, what came of it, and taking it back."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.kernel.errors import DomainError, NotFound
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists.bulk import BulkAction, action_of
from mallard.kernel.ui.lists.opening import open_named_list
from mallard.kernel.workspace import queries
from mallard.kernel.workspace.models import BulkRun, BulkStatus
from mallard.kernel.workspace.services import bulk as services


@requires(SIGNED_IN)
@require_POST
def new_bulk(request: HttpRequest) -> HttpResponse:
    """Ask once, with the number of rows; then do it.

    By POST from the first step on: the address may hold searched words."""
    actor = actor_of(request)
    address = request.POST.get("address", "")
    opened = open_named_list(request.POST.get("list", ""), address, actor=actor)
    action = action_of(request.POST.get("action", ""))
    if action is None or action.list_key != opened.page.key:
        raise NotFound()
    actor.require(action.permission)
    row_ids = _row_ids(request)
    is_everything = request.POST.get("all") == "1"
    ids = services.selected_ids(opened, row_ids, is_everything=is_everything)
    is_answer = "confirmed" in request.POST
    form = _form(action, actor, request if is_answer else None)
    if is_answer and form.is_valid():
        try:
            done = services.start(
                action, ids, params=form.cleaned_data, back=opened.call.path, actor=actor
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return _told(request, done, action)
    context = {
        "action": action,
        "form": form,
        "question": action.question(len(ids)),
        "is_job": len(ids) > services.AT_ONCE,
        "hidden": {"list": request.POST["list"], "address": address, "action": action.key},
        "row_ids": [] if is_everything else row_ids,
        "is_everything": is_everything,
        "back": address,
        "list_title": opened.page.title,
    }
    return render(request, "workspace/new_bulk.html", context, status=422 if form.errors else 200)


def _row_ids(request: HttpRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("row"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _form(action: BulkAction, actor: Actor, request: HttpRequest | None) -> forms.Form:
    data = request.POST if request is not None else None
    if action.form is None:
        return forms.Form(data)
    return action.form(actor, data)


def _told(request: HttpRequest, run: BulkRun, action: BulkAction) -> HttpResponse:
    """Back to the list with what came of it, or to the page that shows how far it is."""
    url = reverse("workspace:bulk_run", args=[run.id])
    if run.status == BulkStatus.RUNNING:
        return HttpResponseRedirect(url)
    sentence = action.done(len(run.changed_ids))
    left = len(run.item_ids) - len(run.changed_ids)
    more = gettext("%(rows)s were left as they are.") % {"rows": left} if left else ""
    link = gettext("Details and undo") if services.is_undoable(run) else gettext("Details")
    said = format_html('{} {} <a href="{}">{}</a>', sentence, more, url, link)
    messages.success(request, said)
    return HttpResponseRedirect(run.back)


@requires(SIGNED_IN)
@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far it is, what came of it, and the button that takes it back."""
    row = queries.own_bulk_run(actor_of(request), run_id)
    action = action_of(row.action)
    context = {
        "run": row,
        "title": action.label if action else row.action,
        "changed": len(row.changed_ids),
        "rows": len(row.item_ids),
        "left": row.done_count - len(row.changed_ids),
        "is_running": row.status == BulkStatus.RUNNING,
        "status": BulkStatus(row.status).label,
        "is_undoable": services.is_undoable(row),
    }
    is_part = request.headers.get("HX-Target") == "bulk-run"
    template = "workspace/bulk_run_part.html" if is_part else "workspace/bulk_run.html"
    response = render(request, template, context)
    if is_part and row.status != BulkStatus.RUNNING:
        # The whole page anew: what can be taken back now has a button above.
        response["HX-Refresh"] = "true"
    return response


@requires(SIGNED_IN)
@require_POST
def undo(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Take back what was done."""
    back = services.undo(run_id, actor=actor_of(request))
    if back.status != BulkStatus.RUNNING:
        messages.success(request, gettext("It is taken back."))
        return HttpResponseRedirect(back.back)
    return HttpResponseRedirect(reverse("workspace:bulk_run", args=[back.id]))
