"""Changing a phone at the desk: begin, prove, decide; and the list of all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import DomainError, Forbidden, NotFound
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact, Tone
from mallard.kernel.ui.templatetags.ui import at
from mallard.world.members.queries import visible_member
from mallard.world.phones import queries, services
from mallard.world.phones.forms import ChangeForm, CodeForm, DeclineForm
from mallard.world.phones.models import PhoneChange, Proof, State
from mallard.world.phones.permissions import APPROVE_CHANGE, CHANGE_PHONE

_TONES: dict[str, Tone] = {
    State.PROVING: "info",
    State.WAITING: "warning",
    State.DONE: "success",
    State.DECLINED: "neutral",
    State.ENDED: "neutral",
}


def _state(row: PhoneChange) -> Badge:
    return Badge(row.get_state_display(), _TONES[row.state])


CHANGES = ListPage(
    key="phone-changes",
    title=_("Changes of phone"),
    columns=(
        Column("asked", _("When"), lambda row: formats.moment(row.asked_at), sort="asked_at"),
        Column("member", _("Member"), "member.number"),
        Column("proof", _("Proof"), lambda row: row.get_proof_display(), from_width="md"),
        Column("by", _("Asked by"), "asked_by_label", from_width="md"),
        Column("decided", _("Decided by"), "decided_by_label", from_width="lg"),
        Column("state", _("State"), _state),
    ),
    default_sort="-asked",
    filters=(
        ChoiceFilter("state", _("State"), choices=State.choices, column="state"),
        ChoiceFilter("proof", _("Proof"), choices=Proof.choices, column="proof"),
    ),
    row_url=lambda row: reverse("phones:change", args=[row.pk]),
    empty=Empty(_("No changes yet"), _("Open a member and choose “Change phone”."), icon="phone"),
)


@requires(CHANGE_PHONE)
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Every change of phone, newest first."""
    return CHANGES.respond(request, queries.visible_changes(actor_of(request)))


@requires(CHANGE_PHONE)
@require_http_methods(["GET", "POST"])
@step_up
def new(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Begin: the new phone, and how it is proved that this is the member."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    form = ChangeForm(request.POST or None, member_id=member.pk)

    def save(data: dict[str, Any]) -> PhoneChange:
        wanted = services.ChangeInput(
            key=data["key"],
            member_id=member.pk,
            phone=data["phone"],
            proof=Proof(data["proof"]),
            document=data["document"],
            replaces=form.replaced(),
        )
        return services.request_change(wanted, actor=actor)

    return form_page.respond(
        request,
        form,
        save=save,
        title=_("Change phone"),
        submit=_("Go on"),
        done=_("Nothing has changed yet: it must be proved first."),
        next_url=lambda row: reverse("phones:change", args=[row.pk]),
        back_url=reverse("members:detail", args=[member.pk]),
        back_label=member.number,
    )


@requires(CHANGE_PHONE)
@require_GET
def change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """A change of phone: what, how it is proved, and what is to do."""
    return _page(request, queries.visible_change(actor_of(request), change_id))


def _page(
    request: HttpRequest,
    row: PhoneChange,
    *,
    code_form: forms.Form | None = None,
    decline_form: forms.Form | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    is_waiting = row.state == State.WAITING
    is_own = is_waiting and actor.id == row.asked_by_id
    context = {
        "row": row,
        "state": _state(row),
        "facts": _facts(row),
        "is_proving": row.state == State.PROVING,
        "is_own": is_own,
        "may_decide": is_waiting and not is_own and actor.may(APPROVE_CHANGE),
        "code_form": code_form or CodeForm(),
        "decline_form": decline_form or DeclineForm(),
    }
    status = 422 if code_form or decline_form else 200
    return render(request, "phones/change.html", context, status=status)


def _facts(row: PhoneChange) -> list[Fact]:
    proof = row.get_document_display() if row.document else row.get_proof_display()
    facts = [
        Fact(_("Member"), row.member.number, url=reverse("members:detail", args=[row.member_id])),
        Fact(_("Phone that is replaced"), queries.old_phone_of(row)),
        Fact(_("New phone"), queries.new_phone_of(row)),
        Fact(_("Proof"), proof),
        Fact(_("Asked by"), row.asked_by_label, hint=at(row.asked_at)),
    ]
    if row.decided_at is not None:
        facts.append(Fact(_("Decided by"), row.decided_by_label, hint=at(row.decided_at)))
    if row.state == State.DECLINED:
        facts.append(Fact(pgettext_lazy("phone change", "Why not"), queries.answer_of(row)))
    if row.done_at is not None:
        facts.append(Fact(_("Changed on"), formats.moment(row.done_at)))
    return facts


@requires(CHANGE_PHONE)
@require_POST
@step_up
def code(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """The member reads the code out; the phone is changed."""
    actor = actor_of(request)
    row = queries.visible_change(actor, change_id)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            services.prove_by_code(change_id, typed=form.cleaned_data["code"], actor=actor)
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _done())
            return redirect("phones:change", change_id)
    return _page(request, row, code_form=form)


def _done() -> str:
    return gettext("The phone is changed. The member is signed out everywhere.")


@requires(APPROVE_CHANGE)
@require_POST
@step_up
def approve(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """The second person saw the document, too."""
    try:
        services.decide_change(change_id, is_approved=True, actor=actor_of(request))
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _done())
    return redirect("phones:change", change_id)


@requires(APPROVE_CHANGE)
@require_POST
def decline(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Leave the phone, and say why."""
    actor = actor_of(request)
    row = queries.visible_change(actor, change_id)
    form = DeclineForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.decide_change(change_id, is_approved=False, reason=reason, actor=actor)
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext("Declined: nothing has changed."))
            return redirect("phones:change", change_id)
    return _page(request, row, decline_form=form)
