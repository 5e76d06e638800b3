"""Pages of lists: which there are, one of them with its changes, filling it from a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.people import role_names
from mallard.kernel.bilingual import name_order
from mallard.kernel.errors import Conflict, Forbidden, Invalid
from mallard.kernel.ui.filters import BooleanFilter, SearchFilter
from mallard.kernel.ui.form_page import respond
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import day, number
from mallard.world.lists import services
from mallard.world.lists.filing import TOLD, FileResult, add_from_file
from mallard.world.lists.forms import FileForm, ListForm
from mallard.world.lists.models import ChangeSource, ListChange, MemberList
from mallard.world.lists.permissions import EDIT_LIST, VIEW_LIST
from mallard.world.lists.queries import (
    counts_of,
    may_edit,
    may_fill,
    members_of,
    visible_list,
    visible_lists,
)

CHANGES_SHOWN = 20


def members_url(found: MemberList) -> str:
    """The members list, narrowed to this list."""
    return f"{reverse('members:list')}?{urlencode({'list': str(found.pk)})}"


def _state(found: MemberList) -> Badge:
    return Badge(_("Closed"), "neutral") if found.closed_at else Badge(_("Open"), "success")


def _owner(found: MemberList) -> str | None:
    return found.owner.name if found.owner else None


def _shared(found: MemberList) -> Any:
    return Badge(_("Shared"), "info") if found.is_shared else _("Only the owner")


def _page(actor: Actor) -> ListPage:
    def count(found: Any) -> Any:
        return format_html('<a href="{}">{}</a>', members_url(found), number(_count(found, actor)))

    return ListPage(
        key="member-lists",
        title=_("Lists of members"),
        columns=(
            Column("name", _("Name"), "name", sort="name"),
            Column("members", _("Members"), count, align="end",
                   plain=lambda found: _count(found, actor)),
            Column("owner", _("Owner"), _owner, from_width="sm"),
            Column("shared", _("Who sees it"), _shared, from_width="md"),
            Column("made", _("Made"), lambda found: day(found.created_at), sort="created_at",
                   from_width="lg", plain=lambda found: found.created_at),
            Column("state", _("State"), _state, from_width="md"),
        ),
        default_sort="name",
        filters=(
            SearchFilter(
                label=_("Name or notes"),
                search=lambda rows, text: rows.filter(name__icontains=text)
                | rows.filter(notes__icontains=text),
            ),
            BooleanFilter(
                "closed", _("Closed"), apply=lambda rows: rows.filter(closed_at__isnull=False)
            ),
        ),
        row_url=lambda found: reverse("lists:detail", args=[found.pk]),
        empty=Empty(
            _("No lists yet"),
            _("Whom you choose by hand: guests of an evening, winners, people to call."),
            icon="list",
        ),
        template="lists/list.html",
    )  # fmt: skip


def _count(found: MemberList, actor: Actor) -> int:
    return counts_of([found], actor)[found.pk]


@requires(VIEW_LIST)
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """The lists that the reader may know of; closed ones only when asked for."""
    actor = actor_of(request)
    rows = visible_lists(actor).select_related("owner")
    if request.GET.get("closed") != "1":
        rows = rows.filter(closed_at=None)
    return _page(actor).respond(request, rows, {"may_make": actor.may(EDIT_LIST)})


@requires(VIEW_LIST)
@require_safe
def detail(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """One list: what it is for, with whom it is shared, what was changed."""
    actor = actor_of(request)
    found = visible_list(actor, list_id)
    total = members_of(found, actor).count()
    context = {
        "found": found,
        "facts": _facts(found, total),
        "state": _state(found),
        "total": total,
        "members_url": members_url(found),
        "changes": _changes(found, may=may_fill(found, actor)),
        "may_edit": may_edit(found, actor),
        "may_fill": may_fill(found, actor),
    }
    return render(request, "lists/detail.html", context)


def _facts(found: MemberList, total: int) -> list[Fact]:
    facts = [
        Fact(_("Members"), number(total), hint=_("of those whom you may see"),
             url=members_url(found)),
        Fact(_("What it is for"), found.notes),
        Fact(_("Owner"), _owner(found)),
    ]  # fmt: skip
    if not found.is_shared:
        return [*facts, Fact(_("Who sees it"), _("Only the owner"))]
    names = role_names()
    roles = ", ".join(names.get(code, code) for code in found.shared_roles)
    malls = ", ".join(mall.name for mall in found.shared_malls.order_by(*name_order()))
    return [
        *facts,
        Fact(_("Roles"), roles or _("every role that may see lists")),
        Fact(_("Malls"), malls or _("every mall")),
        Fact(
            _("Who fills it"),
            _("Everybody with whom it is shared")
            if found.is_filled_by_all
            else _("Only the owner"),
        ),
    ]


def _changes(found: MemberList, *, may: bool) -> Sequence[tuple[ListChange, int, bool]]:
    """The newest changes, each with the number of members and whether it can be undone."""
    rows = found.changes.select_related("changed_by", "undone_by")[:CHANGES_SHOWN]
    return [
        (
            row,
            len(row.member_ids),
            may
            and row.source != ChangeSource.UNDO
            and getattr(row, "undone_by", None) is None
            and bool(row.member_ids),
        )
        for row in rows
    ]


def _values(form: ListForm) -> dict[str, Any]:
    malls = [UUID(id_) for id_ in form.cleaned_data["shared_malls"]]
    return form.cleaned_data | {"shared_malls": malls}


@requires(EDIT_LIST)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a list."""
    actor = actor_of(request)
    form = ListForm(request.POST or None, actor=actor)

    def save(_data: dict[str, Any]) -> MemberList:
        values = _values(form)
        return services.make_list(values.pop("name"), actor=actor, **values)

    return respond(
        request,
        form,
        save=save,
        title=_("New list"),
        done=_("The list is made. Put members on it from the members list or a file."),
        next_url=lambda made: reverse("lists:detail", args=[made.pk]),
        back_url=reverse("lists:list"),
        back_label=_("Lists of members"),
    )


@requires(EDIT_LIST)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Rename a list, or share it otherwise."""
    actor = actor_of(request)
    found = visible_list(actor, list_id)
    names = ("name", "notes", "is_shared", "shared_roles", "is_filled_by_all")
    initial = {name: getattr(found, name) for name in names} | {
        "shared_malls": [str(id_) for id_ in found.shared_malls.values_list("pk", flat=True)]
    }
    form = ListForm(request.POST or None, actor=actor, initial=initial)
    url = reverse("lists:detail", args=[found.pk])
    return respond(
        request,
        form,
        save=lambda _data: services.change_list(found.pk, actor=actor, **_values(form)),
        title=gettext("Change “%(list)s”") % {"list": found.name},
        done=_("The list is saved."),
        next_url=lambda _saved: url,
        back_url=url,
        back_label=found.name,
    )


@requires(EDIT_LIST)
@require_POST
def close(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Take a list out of use, or use it again."""
    actor = actor_of(request)
    found = visible_list(actor, list_id)
    if found.closed_at is None:
        services.close_list(found.pk, actor=actor)
        messages.success(request, gettext("The list is closed."))
    else:
        services.reopen_list(found.pk, actor=actor)
        messages.success(request, gettext("The list is open again."))
    return redirect("lists:detail", found.pk)


@requires(EDIT_LIST)
@require_POST
def undo(request: HttpRequest, list_id: UUID, change_id: UUID) -> HttpResponse:
    """Take a change back."""
    actor = actor_of(request)
    count = services.undo_change(change_id, list_id=list_id, actor=actor)
    messages.success(
        request, ngettext("Undone for %(n)s member.", "Undone for %(n)s members.", count)
        % {"n": count},
    )  # fmt: skip
    return redirect("lists:detail", list_id)


@requires(EDIT_LIST)
@require_POST
def remove(request: HttpRequest, list_id: UUID, member_id: UUID) -> HttpResponse:
    """Take one member off, on their page."""
    services.remove_members(
        list_id, [member_id], source=ChangeSource.RECORD, actor=actor_of(request)
    )
    messages.success(request, gettext("The member is off the list."))
    return redirect("members:detail", member_id)


@requires(EDIT_LIST)
@never_cache
@require_http_methods(["GET", "POST"])
def from_file(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Put the members on the list whom a file names, and tell what became of its rows."""
    actor = actor_of(request)
    found = visible_list(actor, list_id)
    form = FileForm(request.POST or None, request.FILES or None)
    result: FileResult | None = None
    if form.is_bound and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            result = add_from_file(found.pk, content, actor=actor)
        except (Invalid, Conflict, Forbidden) as error:
            add_refusal(form, error)
    status = 422 if form.is_bound and result is None else 200
    context = {
        "found": found,
        "form": FileForm() if result is not None else form,
        "result": result,
        "problems": _problems(result) if result is not None else [],
        "members_url": members_url(found),
    }
    return render(request, "lists/file.html", context, status=status)


def _problems(result: FileResult) -> list[tuple[str, int, str]]:
    """Why rows were left out: the reason, how many, the first of their numbers."""
    kinds = (
        (_("Nobody whom you may see has this number or identity."), result.unknown),
        (_("The row names several members."), result.several),
        (_("What says who it is cannot be read."), result.unreadable),
    )
    return [
        (
            str(reason),
            len(rows),
            ", ".join(str(row) for row in rows[:TOLD]) + (" …" if len(rows) > TOLD else ""),
        )
        for reason, rows in kinds
        if rows
    ]
