"""Privacy requests: what waits, one of them, and what is done about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.clock import now
from mallard.kernel.errors import DomainError
from mallard.kernel.ui import form_page
from mallard.kernel.ui.filters import ChoiceFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import at, day
from mallard.world.members.permissions import CHANGE_MEMBER, ERASE_MEMBER, VIEW_NAME
from mallard.world.members.queries import visible_member
from mallard.world.privacy import services
from mallard.world.privacy.copying import Copy, make_copy
from mallard.world.privacy.errors import RequestClosed
from mallard.world.privacy.forms import NewForm, OutcomeForm, RefuseForm, StopForm
from mallard.world.privacy.models import (
    PrivacyRequest,
    RequestKind,
    RequestSource,
    RequestStatus,
)
from mallard.world.privacy.permissions import HANDLE_REQUEST, VIEW_REQUEST
from mallard.world.privacy.queries import visible_request, visible_requests, words_of
from mallard.world.privacy.rules import days_left

_SOON = 5
_ASKED_FOR = pgettext_lazy("privacy", "Asked for")
_RECEIVED = pgettext_lazy("privacy", "Received")
_TONES: dict[str, Any] = {"open": "info", "done": "success", "refused": "warning"}


def waiting(request: HttpRequest) -> QuerySet[PrivacyRequest]:
    """The requests that wait for an answer, for the menu."""
    return visible_requests(actor_of(request)).filter(status=RequestStatus.OPEN)


def _state(row: PrivacyRequest) -> Badge:
    return Badge(RequestStatus(row.status).label, _TONES.get(row.status, "neutral"))


def _left(row: PrivacyRequest) -> Any:
    """How many days are left, or by how many it is late."""
    if not row.is_open:
        return None
    left = days_left(row.due_at, now())
    if left < 0:
        late = ngettext("%(days)d day overdue", "%(days)d days overdue", -left) % {"days": -left}
        return Badge(late, "danger")
    text = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    return Badge(text, "warning" if left <= _SOON else "neutral")


REQUESTS = ListPage(
    key="privacy_requests",
    title=_("Privacy requests"),
    columns=(
        Column("kind", _ASKED_FOR, lambda r: RequestKind(r.kind).label, sort="kind"),
        Column("member", _("Member"), "member.number", sort="member__number"),
        Column("left", _("Time left"), _left),
        Column("due", _("Answer by"), lambda r: day(r.due_at), sort="due_at", from_width="sm"),
        Column(
            "received", _RECEIVED, lambda r: day(r.received_at), sort="received_at",
            from_width="md",
        ),
        Column("state", _("State"), _state, sort="status"),
        Column(
            "handled", _("Handled by"), lambda r: str(r.handled_by) if r.handled_by else None,
            from_width="lg",
        ),
    ),
    default_sort="due",
    filters=(
        ChoiceFilter("status", _("State"), choices=RequestStatus.choices),
        ChoiceFilter("kind", _ASKED_FOR, choices=RequestKind.choices),
    ),
    row_url=lambda row: reverse("privacy:request", args=[row.pk]),
    empty=Empty(
        _("No privacy request waits"),
        _("What members ask about their data, on their page or at the desk, appears here."),
        icon="shield-lock",
    ),
)  # fmt: skip


@requires(VIEW_REQUEST)
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """What members ask, the most urgent first; at first what waits."""
    rows = visible_requests(actor_of(request))
    if "status" not in request.GET:
        rows = rows.filter(status=RequestStatus.OPEN)
    return REQUESTS.respond(request, rows)


@requires(HANDLE_REQUEST)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Record what a member asks through the desk."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    return form_page.respond(
        request,
        NewForm(request.POST or None),
        save=lambda data: services.ask(member.pk, data["kind"], words=data["detail"], actor=actor)[
            0
        ],
        title=_("Record a privacy request"),
        submit=_("Record"),
        done=_("It is recorded, with the day by which it must be answered."),
        next_url=lambda saved: reverse("privacy:request", args=[saved.pk]),
        back_url=reverse("members:detail", args=[member.pk]),
        back_label=member.number,
    )


def _answer_form(row: PrivacyRequest, data: Any = None) -> forms.Form | None:
    if row.kind == RequestKind.ERASURE:
        return None
    return StopForm(data) if row.kind in services.STOPS else OutcomeForm(data)


def _page(
    request: HttpRequest, row: PrivacyRequest, *, status: int = 200, **changed: Any
) -> HttpResponse:
    actor = actor_of(request)
    # What members write may name them.
    sees_words = actor.may(VIEW_NAME) or actor.may(HANDLE_REQUEST)
    words = words_of([row])[row.pk] if sees_words else None
    member_link = format_html(
        '<a href="{}">{}</a>', reverse("members:detail", args=[row.member_id]), row.member.number
    )
    facts = [
        Fact(_("Member"), member_link),
        Fact(_ASKED_FOR, RequestKind(row.kind).label),
        Fact(_("Came by"), RequestSource(row.source).label),
        Fact(_RECEIVED, at(row.received_at)),
        Fact(_("Answer by"), day(row.due_at)),
    ]
    if row.is_open:
        facts.append(Fact(_("Time left"), _left(row)))
    else:
        facts.append(Fact(_("Handled by"), str(row.handled_by) if row.handled_by else None))
        facts.append(Fact(_("Closed"), at(row.closed_at)))
    may_handle = row.is_open and actor.may(HANDLE_REQUEST)
    is_erasure = row.kind == RequestKind.ERASURE
    context = {
        "found": row,
        "title": RequestKind(row.kind).label,
        "state": _state(row),
        "facts": facts,
        "words": words,
        "may_answer": may_handle and (not is_erasure or actor.may(ERASE_MEMBER)),
        "may_refuse": may_handle,
        "may_copy": may_handle and row.kind == RequestKind.EXPORT,
        "needs_eraser": may_handle and is_erasure and not actor.may(ERASE_MEMBER),
        "may_change": actor.may(CHANGE_MEMBER),
        "form": _answer_form(row),
        "refuse_form": RefuseForm(auto_id="refuse_%s"),
    }
    return render(request, "privacy/request.html", context | changed, status=status)


@requires(VIEW_REQUEST)
@never_cache
@require_safe
def detail(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what was asked, how long there is, and what can be done."""
    return _page(request, visible_request(actor_of(request), request_id))


@requires(HANDLE_REQUEST)
@require_POST
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Do what was asked."""
    actor = actor_of(request)
    row = visible_request(actor, request_id)
    form = _answer_form(row, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, row, status=422, form=form)
    outcome = form.cleaned_data["outcome"] if form is not None else ""
    try:
        services.answer(row.pk, outcome=outcome, actor=actor)
    except DomainError as error:
        return _refused(request, row, error, form, "form")
    messages.success(request, gettext("The request is answered."))
    return redirect("privacy:request", row.pk)


@requires(HANDLE_REQUEST)
@never_cache
@require_POST
@step_up
def hand_copy(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The copy that a member asked for, to be handed to them at the desk."""
    actor = actor_of(request)
    row = visible_request(actor, request_id)
    if row.kind != RequestKind.EXPORT or not row.is_open:
        raise RequestClosed()
    return as_file(make_copy(row.member_id, actor=actor))


def as_file(copy: Copy) -> HttpResponse:
    """The copy as a download that no cache keeps."""
    response = HttpResponse(copy.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{copy.name}"'
    return response


@requires(HANDLE_REQUEST)
@require_POST
def refuse(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Say why it is not done."""
    actor = actor_of(request)
    row = visible_request(actor, request_id)
    form = RefuseForm(request.POST, auto_id="refuse_%s")
    if not form.is_valid():
        return _page(request, row, status=422, refuse_form=form, is_refusing=True)
    try:
        services.refuse(row.pk, reason=form.cleaned_data["outcome"], actor=actor)
    except DomainError as error:
        return _refused(request, row, error, form, "refuse_form")
    messages.success(request, gettext("The request is closed; the member reads why."))
    return redirect("privacy:request", row.pk)


def _refused(
    request: HttpRequest, row: PrivacyRequest, error: DomainError, form: Any, name: str
) -> HttpResponse:
    """What the service says, on the page with what was typed."""
    if error.status in (403, 404):
        raise error
    if form is None or error.status == 409:
        messages.error(request, error.sentence)
        return redirect("privacy:request", row.pk)
    add_refusal(form, error)
    return _page(request, row, status=422, **{name: form, "is_refusing": name == "refuse_form"})
