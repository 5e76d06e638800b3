"""Columns that people keep of lists, and their saved views."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.kernel.ui import form_page, navigation
from mallard.kernel.ui.lists.opening import open_named_list
from mallard.kernel.ui.lists.reading import Reading
from mallard.kernel.workspace.forms import NewViewForm, ViewForm
from mallard.kernel.workspace.models import SavedView
from mallard.kernel.workspace.queries import is_default_view, may_change, visible_view
from mallard.kernel.workspace.services import lists as services


def _back(request: HttpRequest, address: str) -> str:
    """``address`` if it is a page of ours, the home page otherwise."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours and address.startswith("/") else navigation.home_url()


@requires(SIGNED_IN)
@require_POST
def keep_columns(request: HttpRequest, list_key: str) -> HttpResponse:
    """Remember the columns and the page size that the reader chose, or forget them."""
    actor = actor_of(request)
    address = _back(request, request.POST.get("address", ""))
    if request.POST.get("act") == "reset":
        services.reset_columns(list_key, actor=actor)
        return HttpResponseRedirect(address.partition("?")[0])
    if request.POST.get("act") == "keep":
        # Without a script: what the page shows is what is kept.
        columns = Reading.columns_of(address)
        services.keep_columns(list_key, columns=columns, size=None, actor=actor)
        return HttpResponseRedirect(address)
    size = request.POST.get("size", "")
    services.keep_columns(
        list_key,
        columns=request.POST.getlist("col"),
        size=int(size) if size.isascii() and size.isdigit() and len(size) < 5 else None,
        actor=actor,
    )
    return HttpResponse(status=204)


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new_view(request: HttpRequest) -> HttpResponse:
    """Save a list as it stands, under a name."""
    actor = actor_of(request)
    given = request.POST or request.GET
    address = given.get("address", "")
    opened = open_named_list(given.get("list", ""), address, actor=actor)
    reading = Reading(opened.page, opened.call)
    initial = {"list": given.get("list", ""), "address": address}
    form = NewViewForm(request.POST or None, initial=initial)

    def save(data: dict[str, Any]) -> SavedView:
        return services.save_view(
            opened.page.key,
            path=opened.call.path,
            name=data["name"],
            query=reading.plain_query().urlencode(),
            is_shared=data["is_shared"],
            is_default=data["is_default"],
            actor=actor,
        )

    return form_page.respond(
        request,
        form,
        save=save,
        title=_("Save this view"),
        done=_("The view is saved."),
        next_url=_address,
        back_url=address,
        back_label=opened.page.title,
    )


def _address(view: SavedView) -> str:
    return f"{view.path}?{view.query}&view={view.id}" if view.query else view.path


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Rename a view, share it, make it the one that the list opens with."""
    actor = actor_of(request)
    row = visible_view(actor, view_id)
    initial = {
        "name": row.name,
        "is_shared": row.is_shared,
        "is_default": is_default_view(actor, row),
    }
    form = ViewForm(request.POST or None, initial=initial)
    if not may_change(row, actor):
        for name in ("name", "is_shared"):
            form.fields[name].disabled = True

    def save(data: dict[str, Any]) -> SavedView:
        if may_change(row, actor):
            return services.change_view(row.id, **data, actor=actor)
        services.open_with_view(row, is_default=data["is_default"], actor=actor)
        return row

    return form_page.respond(
        request,
        form,
        save=save,
        title=row.name,
        done=_("The view is saved."),
        next_url=_address,
        back_url=_address(row),
        back_label=_("Back to the list"),
        template="workspace/view.html",
        context={"view": row, "may_change": may_change(row, actor)},
    )


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def delete_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Ask once, then delete a view."""
    actor = actor_of(request)
    row = visible_view(actor, view_id)
    if request.method == "POST":
        services.delete_view(view_id, actor=actor)
        messages.success(request, gettext("The view is deleted."))
        return HttpResponseRedirect(row.path)
    return render(request, "workspace/delete_view.html", {"view": row, "back": _address(row)})
