"""Exports: asking for one, one's own list of them, and the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import Invalid
from mallard.kernel.ui import formats
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.lists.opening import open_named_list
from mallard.kernel.ui.lists.reading import Reading
from mallard.kernel.ui.marks import Tone
from mallard.kernel.ui.parts import Badge
from mallard.kernel.ui.templatetags.ui import at
from mallard.kernel.workspace import queries
from mallard.kernel.workspace.forms import ClearExportForm, ExportForm
from mallard.kernel.workspace.models import Export, ExportFormat, ExportStatus
from mallard.kernel.workspace.services import exporting as services

_TONES: dict[str, Tone] = {
    "waiting": "info",
    "running": "accent",
    "ready": "success",
    "failed": "danger",
}
_MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _state(export: Export) -> Any:
    badge = Badge(ExportStatus(export.status).label, _TONES.get(export.status, "neutral"))
    if export.status == ExportStatus.FAILED:
        return format_html('{} <span class="muted">{}</span>', badge, export.failure)
    return badge


def _rows(export: Export) -> str:
    if export.status == ExportStatus.RUNNING:
        done, total = formats.number(export.rows_done), formats.number(export.rows_total)
        return f"{done} / {total}"
    return formats.number(export.rows_total)


def _what_next(export: Export) -> Any:
    if export.status == ExportStatus.READY:
        url = reverse("workspace:download_export", args=[export.id])
        return format_html('<a class="btn btn-small" href="{}">{}</a>', url, gettext("Download"))
    if export.status in services.OPEN:
        url = reverse("workspace:cancel_export", args=[export.id])
        shape = '<button class="btn btn-small" form="cancel-export" formaction="{}">{}</button>'
        return format_html(shape, url, gettext("Cancel"))
    return None


EXPORTS = ListPage(
    key="exports",
    title=_("My exports"),
    columns=(
        Column("title", _("List"), "title"),
        Column("format", _("Kind of file"), "get_format_display", from_width="md"),
        Column("state", _("State"), _state),
        Column("rows", _("Rows"), _rows, align="end", from_width="sm"),
        Column("created", _("Asked for"), lambda e: at(e.created_at), sort="created_at"),
        Column("expires", _("Kept until"), lambda e: at(e.expires_at), from_width="lg"),
        Column("next", _("File"), _what_next),
    ),
    default_sort="-created",
    empty=Empty(
        _("No exports yet"),
        _("Open a list and choose “Export”: the file is made in the background and waits here."),
        icon="download",
    ),
    template="workspace/exports.html",
)


@requires(SIGNED_IN)
@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """One's own exports; while one is under way the list looks again by itself."""
    rows = queries.exports_of(actor_of(request))
    is_busy = rows.filter(status__in=services.OPEN).exists()
    return EXPORTS.respond(request, rows, {"is_busy": is_busy})


@step_up
def _proof(request: HttpRequest) -> HttpResponse | None:
    """The page that asks who it is once more; None when that was proved just now."""
    return None


@requires(SIGNED_IN)
@require_POST
def new_export(request: HttpRequest) -> HttpResponse:
    """Choose the kind of file for a list as it stands; then a job makes it.

    By POST from the first step on: the address may hold searched words."""
    actor = actor_of(request)
    address = request.POST.get("address", "")
    opened = open_named_list(request.POST.get("list", ""), address, actor=actor)
    is_answer = "format" in request.POST
    initial = {"list": request.POST.get("list"), "address": address, "format": "xlsx"}
    reading = Reading(opened.page, opened.call)
    clear = services.revealable(reading.shown_columns(), actor)
    kind = ClearExportForm if clear else ExportForm
    form = kind(request.POST if is_answer else None, initial=initial)
    if is_answer and form.is_valid():
        is_clear = form.cleaned_data.get("is_clear", False)
        if is_clear and (asked := _proof(request)) is not None:
            return asked
        try:
            services.request_export(
                opened,
                address=address,
                file_format=form.cleaned_data["format"],
                purpose=form.cleaned_data["purpose"] if is_clear else "",
                actor=actor,
            )
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The file is being made. You may close this page."))
            return HttpResponseRedirect(reverse("workspace:exports"))
    _narrowed, chips = reading.narrowed(opened.rows)
    context = {
        "form": form,
        "back": address,
        "list_title": opened.page.title,
        "chips": chips,
        "columns": [column.label for column in reading.shown_columns()],
    }
    return render(request, "workspace/new_export.html", context, status=422 if form.errors else 200)


@requires(SIGNED_IN)
@require_POST
def cancel(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Stop an export that is not finished."""
    services.cancel_export(export_id, actor=actor_of(request))
    return HttpResponseRedirect(reverse("workspace:exports"))


@requires(SIGNED_IN)
@require_safe
@never_cache
def download(request: HttpRequest, export_id: UUID) -> StreamingHttpResponse:
    """The file, decrypted on its way."""
    export, content = services.hand_out(export_id, actor=actor_of(request))
    response = StreamingHttpResponse(
        content, content_type=_MEDIA_TYPES[ExportFormat(export.format)]
    )
    name = f"{export.list_key}-{export.created_at:%Y-%m-%d}.{export.format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
