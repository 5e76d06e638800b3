"""Imports: the list, one of them with its rows, the result file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import ChoiceFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.marks import Tone
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import at
from mallard.world.intake import errors
from mallard.world.intake.dependents import kind_words
from mallard.world.intake.files import names_of
from mallard.world.intake.models import ImportMode, ImportStatus, MemberImport, RowAction
from mallard.world.intake.permissions import IMPORT_MEMBERS
from mallard.world.intake.queries import visible_import, visible_imports
from mallard.world.intake.services.undoing import UNDOABLE
from mallard.world.intake.showing import ShownRows, result_lines
from mallard.world.members.permissions import ERASE_MEMBER, VIEW_NAME

_TONES: dict[str, Tone] = {
    "checking": "accent",
    "checked": "info",
    "running": "accent",
    "done": "success",
    "stopped": "danger",
    "undoing": "accent",
}
_ROW_TONES: dict[str, Tone] = {
    "create": "success",
    "change": "info",
    "merge": "warning",
    "refused": "danger",
}
_BUSY = (ImportStatus.CHECKING, ImportStatus.RUNNING, ImportStatus.UNDOING)
_STOPS = {
    refusal.code: refusal.message
    for refusal in (errors.SomebodyErased, errors.OwnerGone, errors.FileGone)
}


def status_badge(found: MemberImport) -> Badge:
    return Badge(ImportStatus(found.status).label, _TONES.get(found.status, "neutral"))


def _count(action: RowAction) -> Any:
    return lambda found: formats.number(found.counts.get(action.value, 0)) if found.counts else None


def _uploader(found: Any) -> str | None:
    return found.uploader or found.actor_label or None


IMPORTS = ListPage(
    key="imports",
    title=_("Imports of members"),
    columns=(
        Column("created", _("Uploaded"), lambda each: at(each.created_at), sort="created_at"),
        Column("by", _("By"), _uploader, from_width="md"),
        Column("status", _("State"), status_badge, sort="status"),
        Column("rows", _("Rows"), lambda e: formats.number(e.rows_total), sort="rows_total",
               align="end", from_width="sm"),
        Column("new", _("New"), _count(RowAction.CREATE), align="end", from_width="md"),
        Column("changed", _("Changed"), _count(RowAction.CHANGE), align="end", from_width="lg"),
        Column("refused", _("Refused"), _count(RowAction.REFUSED), align="end", from_width="md"),
    ),
    default_sort="-created",
    filters=(ChoiceFilter("status", _("State"), choices=ImportStatus.choices),),
    row_url=lambda each: reverse("intake:detail", args=[each.pk]),
    empty=Empty(
        _("No imports yet"),
        _("Bring members from another system as CSV or Excel. Every row is tried first."),
        icon="upload",
    ),
    template="intake/list.html",
)  # fmt: skip


@requires(IMPORT_MEMBERS)
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """One's own imports, or everybody's for the group."""
    return IMPORTS.respond(request, visible_imports(actor_of(request)))


def _why(row: Any) -> Any:
    if row.told:
        return format_html_join("", "<div>{}</div>", ((told,) for told in row.told))
    if row.changes:
        return format_html_join(
            "",
            "<div>{}: <del>{}</del> <ins>{}</ins></div>",
            ((what, old, new) for what, old, new in row.changes),
        )
    return None


def _cells(row: Any) -> Any:
    shown = [cell for cell in row.cells if cell]
    return format_html('<span class="muted">{}</span>', " · ".join(shown)[:160]) if shown else None


def _member(row: Any) -> Any:
    if row.member_id is None:
        return None
    url = reverse("members:detail", args=[row.member_id])
    return format_html('<a href="{}">{}</a>', url, row.member.number)


def _action(row: Any) -> Badge:
    if row.is_undone:
        return Badge(_("Undone"), "neutral")
    return Badge(RowAction(row.action).label, _ROW_TONES.get(row.action, "neutral"))


ROWS = ListPage(
    key="import-rows",
    title=_("Row by row"),
    columns=(
        Column("number", _("Row"), "number", sort="number", align="end"),
        Column("action", _("Outcome"), _action, sort="action"),
        Column("why", _("Why, or what changes"), _why, is_personal=True),
        Column("member", _("Member"), _member, from_width="md"),
        Column("cells", _("In the file"), _cells, from_width="lg", is_personal=True),
    ),
    default_sort="number",
    filters=(ChoiceFilter("action", _("Outcome"), choices=RowAction.choices),),
    empty=Empty(_("No rows"), _("Nothing here with these filters."), icon="table"),
    template="intake/detail.html",
)


def _facts(found: MemberImport) -> list[Fact]:
    place = found.store or found.mall
    name = names_of([found]).get(found.pk)
    return [
        Fact(_("File"), name or (_("deleted") if found.file_gone_at else None)),
        Fact(_("Uploaded"), at(found.created_at)),
        Fact(_("By"), _uploader(found)),
        Fact(_("What to do"), ImportMode(found.mode).label),
        Fact(
            _("Members whom one row names together"),
            _("Merged") if found.is_merging else _("Refused"),
        ),
        Fact(_("New members are enrolled at"), place.name if place else None),
    ]


def _taken(found: MemberImport) -> int:
    """How many rows do something."""
    actions = (RowAction.CREATE, RowAction.CHANGE, RowAction.MERGE)
    return sum(found.counts.get(action, 0) for action in actions)


def _stats(found: MemberImport) -> Sequence[tuple[Any, str, str]]:
    """Label, figure and address of the rows behind it, for each action."""
    url = reverse("intake:detail", args=[found.pk])
    is_forecast = found.status in (ImportStatus.CHECKING, ImportStatus.CHECKED)
    labels = {
        RowAction.CREATE: _("Would be enrolled") if is_forecast else _("Enrolled"),
        RowAction.CHANGE: _("Would change") if is_forecast else _("Changed"),
        RowAction.MERGE: _("Would merge") if is_forecast else _("Merged"),
        RowAction.UNCHANGED: _("Unchanged"),
        RowAction.REFUSED: _("Would be refused") if is_forecast else _("Refused"),
    }
    return [
        (label, formats.number(found.counts.get(action.value, 0)), f"{url}?action={action.value}")
        for action, label in labels.items()
    ]


@requires(IMPORT_MEMBERS)
@never_cache
@require_safe
def detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Where an import stands, what each row does, and what can be done next."""
    actor = actor_of(request)
    actor.require(VIEW_NAME)  # the rows are shown as they stand in the file
    found = visible_import(actor, import_id)
    rows = ShownRows.of(found.rows.select_related("member"), found)
    takes = _taken(found)
    context = {
        "badge": status_badge(found),
        "facts": _facts(found),
        "stats": _stats(found) if found.counts else (),
        "is_busy": found.status in _BUSY,
        **_progress(found),
        "may_match": found.status in (ImportStatus.MATCHING, ImportStatus.CHECKED),
        "may_run": found.status == ImportStatus.CHECKED and takes > 0,
        "takes": formats.number(takes),
        "may_cancel": found.status
        in (ImportStatus.MATCHING, ImportStatus.CHECKING, ImportStatus.CHECKED),
        "may_undo": found.status in UNDOABLE and takes > 0 and actor.may(ERASE_MEMBER),
        "problem": _STOPS.get(found.problem, _("Something went wrong on our side."))
        if found.status == ImportStatus.STOPPED
        else "",
        "blockers": [(kind_words(b["kind"]), b["count"], b["members"]) for b in found.blockers],
        "has_rows": bool(found.counts),
    }
    return ROWS.respond(request, rows, context)


@requires(IMPORT_MEMBERS)
@never_cache
@require_safe
def progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far a step is; when it ended the page is loaded anew."""
    found = visible_import(actor_of(request), import_id)
    if found.status not in _BUSY:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "intake/parts/progress.html", _progress(found))


def _progress(found: MemberImport) -> dict[str, Any]:
    total = found.rows_total
    if found.status == ImportStatus.UNDOING:
        total = _taken(found)
    return {"found": found, "total": total, "label": ImportStatus(found.status).label}


@requires(IMPORT_MEMBERS)
@never_cache
@require_safe
def result(request: HttpRequest, import_id: UUID) -> StreamingHttpResponse:
    """The result file: each row, what became of it and why."""
    actor = actor_of(request)
    actor.require(VIEW_NAME)
    found = visible_import(actor, import_id)
    _note_download(found, actor)
    response = StreamingHttpResponse(result_lines(found), content_type="text/csv; charset=utf-8")
    name = f"import-{found.created_at:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@atomic_retrying
def _note_download(found: MemberImport, actor: Any) -> None:
    record(actor, "intake.result_downloaded", "import", found.pk)
