"""The way of a migration: files, control totals, posting, differences, signatures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.kernel.http.uploads import is_too_large
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact
from mallard.value.migration import services
from mallard.value.migration.forms import ExplainForm, NewForm, TotalsForm, UploadForm
from mallard.value.migration.models import Migration, MigrationRow, RowKind, Status
from mallard.value.migration.permissions import PREPARE, SIGN
from mallard.value.migration.queries import (
    Figure,
    figures,
    visible_migration,
    visible_migrations,
)
from mallard.value.migration.services.preparing import require_preparer
from mallard.value.migration.showing import csv_of, groups, problem, state
from mallard.value.migration.wording import PROBLEMS, problem_words

MIGRATIONS = ListPage(
    key="migrations",
    title=_("Migration"),
    template="migration/list.html",
    columns=(
        Column("name", _("Name"), "name"),
        Column("begun", _("Begun"), lambda row: formats.moment(row.created_at), sort="created_at"),
        Column("by", _("By"), "begun_by", from_width="md"),
        Column("state", _("State"), state),
    ),
    default_sort="-begun",
    filters=(ChoiceFilter("status", _("State"), choices=Status.choices, column="status"),),
    row_url=lambda row: reverse("migration:detail", args=[row.pk]),
    empty=Empty(
        _("No migration yet"),
        _("Bring points and tiers over from the system that you leave."),
        icon="upload",
    ),
)


def _row_state(row: MigrationRow) -> Badge | str:
    if row.problem:
        return Badge(problem_words(row.problem), "danger")
    return Badge(_("posted"), "success") if row.done_at else Badge(_("would be posted"), "info")


ROWS = ListPage(
    key="migration-rows",
    title=_("Rows of the files"),
    columns=(
        Column("number", _("Row"), "number", sort="number"),
        Column("kind", _("What"), lambda row: row.get_kind_display(), from_width="md"),
        Column("member", _("Member"), lambda row: row.member.number if row.member else None),
        Column(
            "what",
            _("Points or tier"),
            lambda row: row.tier if row.kind == RowKind.TIER else formats.number(row.points or 0),
            align="end",
        ),
        Column("funder", _("Funder"), "funder", from_width="lg"),
        Column("until", _("Live until the end of"), "expires_on", from_width="lg"),
        Column("state", _("What becomes of it"), _row_state),
    ),
    default_sort="number",
    filters=(
        ChoiceFilter("kind", _("What"), choices=RowKind.choices, column="kind"),
        ChoiceFilter(
            "problem", _("Refused because"), choices=tuple(PROBLEMS.items()), column="problem"
        ),
    ),
    empty=Empty(_("No rows"), _("Upload the files first."), icon="table"),
)


@requires(PREPARE)
def index(request: HttpRequest) -> HttpResponse:
    """Every migration, newest first."""
    context = {"may_begin": actor_of(request).scope.is_group}
    return MIGRATIONS.respond(request, visible_migrations(actor_of(request)), context)


@requires(PREPARE)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a migration."""
    actor = actor_of(request)
    require_preparer(actor)
    return form_page.respond(
        request,
        NewForm(request.POST or None),
        save=lambda data: services.create_migration(
            name=data["name"], mall_id=data["mall"].pk, actor=actor
        ),
        title=_("New migration"),
        done=_("It has begun: upload the files next."),
        next_url=lambda row: reverse("migration:detail", args=[row.pk]),
        back_url=reverse("migration:list"),
        back_label=_("Migration"),
    )


def _counts(found: Migration) -> list[dict[str, Any]]:
    counts = found.rows.values("kind").annotate(
        total=Count("pk"),
        refused=Count("pk", filter=~Q(problem="")),
        done=Count("pk", filter=Q(done_at__isnull=False)),
    )
    return [{**row, "label": RowKind(row["kind"]).label} for row in counts.order_by("kind")]


@requires(PREPARE)
def detail(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """Where a migration stands, with its control totals; printed, it is the report to sign."""
    actor = actor_of(request)
    found = visible_migration(actor, migration_id)
    counts = _counts(found)
    lines = figures(found)
    is_posted = found.status == Status.POSTED
    has_signed = found.first_signed_by_id is not None and found.first_signed_by_id == actor.id
    context = {
        "found": found,
        "state": state(found),
        "problem": problem(found),
        "counts": counts,
        "good": sum(row["total"] - row["refused"] for row in counts),
        "groups": groups(lines),
        "open": sum(one.is_unexplained for one in lines),
        "facts": _facts(found, lines),
        "is_draft": found.status == Status.DRAFT,
        "is_busy": _is_busy(found),
        "is_posted": is_posted,
        "may_sign": is_posted and actor.may(SIGN) and not has_signed,
        "has_signed": is_posted and has_signed,
    } | _progress(found, counts)
    return render(request, "migration/detail.html", context)


def _facts(found: Any, lines: Sequence[Figure]) -> list[Fact]:
    def signature(label: str, at: Any) -> str | None:
        return f"{label} · {formats.moment(at)}" if at else None

    return [
        Fact(_("Begun by"), f"{found.begun_by} · {formats.moment(found.created_at)}"),
        Fact(_("Days are those of"), found.mall.name),
        Fact(_("Origin"), found.get_origin_display(), is_generated=found.is_generated),
        Fact(
            pgettext_lazy("migration", "Posted"),
            formats.moment(found.posted_at) if found.posted_at else None,
        ),
        Fact(_("First signature"), signature(found.signed_first_by, found.first_signed_at)),
        Fact(_("Second signature"), signature(found.signed_second_by, found.second_signed_at)),
        Fact(_("Control totals"), _differences(lines) if found.posted_at else None),
    ]


def _differences(lines: Sequence[Figure]) -> str:
    """What somebody who signs reads first."""
    differing = sum(one.differs for one in lines)
    unexplained = sum(one.is_unexplained for one in lines)
    if not differing:
        return gettext("All %(count)s agree") % {"count": len(lines)}
    said = {"count": len(lines), "differing": differing, "open": unexplained}
    if unexplained:
        return gettext("%(differing)s of %(count)s differ, %(open)s to be explained") % said
    return gettext("%(differing)s of %(count)s differ, all explained") % said


def _is_busy(found: Migration) -> bool:
    """Whether a job is at it; one that came to a stop waits for somebody."""
    return found.status in (Status.POSTING, Status.RETURNING) and not found.problem


def _progress(found: Migration, counts: list[dict[str, Any]]) -> dict[str, Any]:
    done = sum(row["done"] for row in counts)
    total = sum(row["total"] - row["refused"] for row in counts)
    return {"done": done, "total": total, "label": found.get_status_display()}


@requires(PREPARE)
@require_safe
def progress(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """How far the job is; the whole page again when it is through."""
    found = visible_migration(actor_of(request), migration_id)
    answer = render(
        request,
        "migration/parts/progress.html",
        {"found": found, **_progress(found, _counts(found))},
    )
    if not _is_busy(found):
        answer["HX-Refresh"] = "true"
    return answer


@requires(PREPARE)
def rows(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """Row by row: would be posted, was posted, or refused and why."""
    found = visible_migration(actor_of(request), migration_id)
    return ROWS.respond(request, found.rows.select_related("member"))


def _page(
    request: HttpRequest,
    found: Migration,
    form: Any,
    save: Callable[[dict[str, Any]], Any],
    title: Any,
    done: Any,
    template: str = form_page.TEMPLATE,
) -> HttpResponse:
    here = reverse("migration:detail", args=[found.pk])
    return form_page.respond(
        request, form, save=save, title=title, done=done,
        next_url=lambda _row: here, back_url=here, back_label=found.name,
        template=template,
    )  # fmt: skip


@requires(PREPARE)
def upload(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """A file of points or of tiers, tried row by row; it takes the place of the one before."""
    actor = actor_of(request)
    found = visible_migration(actor, migration_id)
    is_post = request.method == "POST"
    form = UploadForm(request.POST if is_post else None, request.FILES or None)
    if is_post and is_too_large(request.META):
        form.errors.pop("file", None)
        form.add_error("file", gettext("This file is larger than 30 MB. Please split it."))
    return _page(
        request,
        found,
        form,
        lambda data: services.receive_rows(
            found.pk, RowKind(data["kind"]), data["file"].read(), actor=actor
        ),
        _("Upload a file"),
        _("The file was read; nothing is posted yet."),
        "migration/upload.html",
    )


@requires(PREPARE)
def totals(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """The figures of the former system's own report."""
    actor = actor_of(request)
    found = visible_migration(actor, migration_id)
    form = TotalsForm(request.POST or None, lines=figures(found))
    return _page(
        request,
        found,
        form,
        lambda _data: services.set_control_totals(found.pk, form.totals(), actor=actor),
        _("Control totals of the former system"),
        _("It is noted."),
    )


@requires(PREPARE)
def explain(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """Why figures differ."""
    actor = actor_of(request)
    found = visible_migration(actor, migration_id)
    form = ExplainForm(request.POST or None, lines=figures(found))
    return _page(
        request,
        found,
        form,
        lambda _data: services.explain(found.pk, form.texts(), actor=actor),
        _("Explain the differences"),
        _("It is noted."),
    )


def _do(request: HttpRequest, migration_id: UUID, act: Callable[[], Any], done: str) -> Any:
    visible_migration(actor_of(request), migration_id)
    try:
        act()
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, error.sentence)
    else:
        messages.success(request, done)
    return redirect("migration:detail", migration_id)


@requires(PREPARE)
@require_POST
@step_up
def post(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """Post every good row."""
    actor = actor_of(request)
    done = gettext("It is being posted.")
    return _do(
        request, migration_id, lambda: services.start_posting(migration_id, actor=actor), done
    )


@requires(PREPARE)
@require_POST
def take_back(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """Take the whole migration back."""
    actor = actor_of(request)
    done = gettext("It is being taken back.")
    return _do(
        request, migration_id, lambda: services.start_taking_back(migration_id, actor=actor), done
    )


@requires(SIGN)
@require_POST
@step_up
def sign(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """Vouch for the control totals."""
    actor = actor_of(request)
    done = gettext("You signed.")
    return _do(request, migration_id, lambda: services.sign(migration_id, actor=actor), done)


@requires(PREPARE)
@require_safe
def totals_csv(request: HttpRequest, migration_id: UUID) -> HttpResponse:
    """The control totals as a file."""
    actor = actor_of(request)
    found = visible_migration(actor, migration_id)
    _note_download(found, actor)
    response = HttpResponse(csv_of(figures(found)), content_type="text/csv; charset=utf-8")
    name = f"migration-{found.created_at:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@atomic_retrying
def _note_download(found: Migration, actor: Any) -> None:
    record(actor, "migration.totals_downloaded", "migration", found.pk)
