"""The way of a file: upload, match columns, try, take in, undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import DomainError, Invalid
from mallard.kernel.http.uploads import is_too_large
from mallard.kernel.ui.forms import add_refusal
from mallard.world.intake import services
from mallard.world.intake.files import header_of
from mallard.world.intake.forms import MatchingForm, SavedForm, UploadForm
from mallard.world.intake.models import ColumnMatching, ImportStatus, MemberImport
from mallard.world.intake.permissions import IMPORT_MEMBERS
from mallard.world.intake.queries import visible_import
from mallard.world.intake.services.matching import applied
from mallard.world.intake.showing import clean_cell, samples
from mallard.world.members.permissions import ERASE_MEMBER, VIEW_NAME


@requires(IMPORT_MEMBERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Upload a file."""
    actor = actor_of(request)
    form = UploadForm(
        request.POST if request.method == "POST" else None, request.FILES or None, actor=actor
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = services.receive_file(
                file.read(),
                name=file.name,
                mode=form.cleaned_data["mode"],
                language=form.cleaned_data["language"],
                is_merging=form.cleaned_data.get("is_merging", False),
                actor=actor,
                **form.place(),
            )
        except DomainError as error:
            if not error.fields:
                error.fields["file"] = error.sentence
            add_refusal(form, error)
        else:
            return redirect("intake:columns", found.pk)
    elif request.method == "POST" and is_too_large(request.META):
        form.errors.pop("file", None)
        form.add_error("file", gettext("This file is larger than 30 MB. Please split it."))
    return render(request, "intake/new.html", {"form": form}, status=422 if form.errors else 200)


@requires(IMPORT_MEMBERS)
@never_cache
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Which column is what; then the rows are tried."""
    actor = actor_of(request)
    actor.require(VIEW_NAME)  # the page shows what stands in the file
    found = visible_import(actor, import_id)
    if found.status not in (ImportStatus.MATCHING, ImportStatus.CHECKED):
        return redirect("intake:detail", found.pk)
    header = [clean_cell(heading) for heading in header_of(found)]
    if not header:
        return redirect("intake:detail", found.pk)
    data = request.POST if request.method == "POST" else None
    form = MatchingForm(data, headings=header, mapping=found.mapping)
    if request.method == "POST" and form.is_valid():
        try:
            services.match_columns(found.pk, form.mapping(), actor=actor)
            if form.cleaned_data["save_as"].strip():
                services.save_matching(found.pk, form.cleaned_data["save_as"], actor=actor)
            services.start_check(found.pk, actor=actor)
        except DomainError as error:
            add_refusal(form, error)
        else:
            return redirect("intake:detail", found.pk)
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "rows": list(zip(form.columns(), samples(found), strict=False)),
        "saved_form": SavedForm() if ColumnMatching.objects.exists() else None,
        "before": _before(found),
    }
    return render(request, "intake/columns.html", context, status=422 if form.errors else 200)


def _before(found: MemberImport) -> MemberImport | None:
    """The same file, taken in before."""
    same = MemberImport.objects.filter(digest=found.digest, status=ImportStatus.DONE)
    return same.exclude(pk=found.pk).first()


@requires(IMPORT_MEMBERS)
@require_POST
def use_saved(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Match the columns as a kept matching says."""
    actor = actor_of(request)
    found = visible_import(actor, import_id)
    form = SavedForm(request.POST)
    if form.is_valid():
        mapping = applied(form.cleaned_data["saved"], header_of(found))
        try:
            services.match_columns(found.pk, mapping, actor=actor)
        except Invalid as error:
            messages.error(request, str(next(iter(error.fields.values()), error.sentence)))
    return redirect("intake:columns", found.pk)


@requires(IMPORT_MEMBERS)
@require_POST
def run(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take the rows in, in the background."""
    found = visible_import(actor_of(request), import_id)
    services.start_run(found.pk, actor=actor_of(request))
    messages.success(request, gettext("The rows are being taken in. You may close this page."))
    return redirect("intake:detail", found.pk)


@requires(ERASE_MEMBER)
@require_POST
@step_up
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Undo the whole import, in the background, if nothing depends on it."""
    actor = actor_of(request)
    actor.require(IMPORT_MEMBERS)
    found = visible_import(actor, import_id)
    services.start_undo(found.pk, actor=actor)
    messages.success(request, gettext("The import is being undone. You may close this page."))
    return redirect("intake:detail", found.pk)


@requires(IMPORT_MEMBERS)
@require_POST
def cancel(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Discard the file."""
    found = visible_import(actor_of(request), import_id)
    services.cancel_import(found.pk, actor=actor_of(request))
    messages.success(request, gettext("The file is discarded."))
    return redirect("intake:list")
