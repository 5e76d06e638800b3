"""Pages of corrections: propose one, look at one, decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import DomainError, Forbidden, NotFound
from mallard.kernel.ui import form_page
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import at
from mallard.world.corrections import queries, services
from mallard.world.corrections.forms import AcceptForm, DeclineForm, ProposeForm
from mallard.world.corrections.models import Decision
from mallard.world.corrections.permissions import PROPOSE_CORRECTION
from mallard.world.corrections.records import record_kind
from mallard.world.members.permissions import REVEAL_IDENTITY
from mallard.world.members.revealing import answer_reveal
from mallard.world.tasks.models import TaskStatus
from mallard.world.tasks.permissions import VIEW_TASK, WORK_ON_TASK
from mallard.world.tasks.subjects import subjects_for

_TONES: dict[str, Any] = {"open": "info", "accepted": "success", "declined": "neutral"}


def _named(request: HttpRequest) -> dict[str, str]:
    """The field that another page names as wrong; one that there is not is no choice."""
    return {"field": request.GET.get("field", "")}


@requires(PROPOSE_CORRECTION)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """Say what is wrong with a record of another department."""
    actor = actor_of(request)
    known = record_kind(kind)
    subject = subjects_for([(kind, subject_id)], actor).get((kind, subject_id))
    row = known.visible(actor).filter(pk=subject_id).first() if known and subject else None
    if known is None or subject is None or row is None:
        raise NotFound()
    fields = known.fields_of(row, actor)
    return form_page.respond(
        request,
        ProposeForm(request.POST or None, fields=fields, initial=_named(request)),
        save=lambda data: services.propose_correction(kind, subject_id, **data, actor=actor),
        title=_("Propose a correction"),
        submit=_("Propose"),
        done=_("It is proposed. You will be told what the owner decides."),
        next_url=lambda saved: reverse("corrections:detail", args=[saved.pk]),
        back_url=subject.url,
        back_label=subject.label,
    )


@requires(VIEW_TASK)
@require_GET
def detail(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """What was proposed: old beside new, why, and what came of it."""
    return _page(request, correction_id)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values that are compared. ``reveal_url`` shows a masked one in full; empty
    for who may not, and once it is decided."""

    value: str
    reveal_url: str


def _said(standing: queries.Standing, part: str, actor: Actor) -> Side:
    words, field = standing.words, standing.field
    kept = (words.old if part == "old" else words.new) if words else ""
    may_reveal = bool(field.identity and kept) and actor.may(REVEAL_IDENTITY)
    url = ""
    if may_reveal and standing.may_decide:
        url = reverse("corrections:reveal", args=[standing.correction.pk, part])
    return Side(field.said(kept), url)


def _page(
    request: HttpRequest,
    correction_id: UUID,
    *,
    accept: forms.Form | None = None,
    decline: forms.Form | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    standing = queries.standing_of(correction_id, actor)
    row, field, words = standing.correction, standing.field, standing.words
    ref = (row.subject_kind, row.subject_id)
    subject = subjects_for([ref], actor).get(ref)
    facts = [
        Fact(_("Proposed by"), row.proposed_by.name, hint=at(row.proposed_at)),
        Fact(_("Reason"), words.reason if words else ""),
    ]
    if subject is not None:
        facts.insert(0, Fact(_("About"), subject.label, url=subject.url))
    if row.decided_by is not None and row.decided_at is not None:
        facts.append(Fact(_("Decided by"), row.decided_by.name, hint=at(row.decided_at)))
        if words and words.answer:
            facts.append(Fact(_("Why not"), words.answer))
    is_withdrawn = row.is_open and row.task.status != TaskStatus.OPEN
    state = (
        Badge(_("Withdrawn"), "neutral")
        if is_withdrawn
        else Badge(Decision(row.decision).label, _TONES[row.decision])
    )
    context = {
        "correction": row,
        "state": state,
        "field": field,
        "standing": standing,
        "old": _said(standing, "old", actor),
        "new": _said(standing, "new", actor),
        "present": field.said(standing.present),
        "facts": facts,
        "accept_form": accept or AcceptForm(),
        "decline_form": decline or DeclineForm(),
        "is_declining": decline is not None,
    }
    return render(
        request, "corrections/detail.html", context, status=422 if accept or decline else 200
    )


@requires(WORK_ON_TASK)
@require_POST
def accept(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Put in what was proposed."""
    form = AcceptForm(request.POST)
    form.is_valid()
    seen = form.cleaned_data.get("seen", False)
    try:
        services.accept_correction(correction_id, even_if_stale=seen, actor=actor_of(request))
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        add_refusal(form, error)
        return _page(request, correction_id, accept=form)
    messages.success(request, gettext("The record is corrected."))
    return redirect("corrections:detail", correction_id)


@requires(WORK_ON_TASK)
@require_POST
def decline(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Leave the record as it is, and say why."""
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            services.decline_correction(
                correction_id, reason=form.cleaned_data["reason"], actor=actor_of(request)
            )
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext("It is declined; the proposer is told why."))
            return redirect("corrections:detail", correction_id)
    return _page(request, correction_id, decline=form)


@requires(REVEAL_IDENTITY)
@never_cache
@require_POST
@step_up
def reveal(request: HttpRequest, correction_id: UUID, part: str) -> HttpResponse:
    """A phone or an e-mail address that is proposed or was there, in full, to who decides."""
    actor = actor_of(request)
    field = queries.standing_of(correction_id, actor).field
    return answer_reveal(
        request,
        lambda reason: services.reveal_words(correction_id, part, reason=reason, actor=actor),
        kind=field.told or field.label,
        title=gettext("Correction: %(field)s") % {"field": field.label},
        back=(reverse("corrections:detail", args=[correction_id]), _("Back to the correction")),
    )
