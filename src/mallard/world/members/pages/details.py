"""The small forms of the 360° page: identities, consents, tags, notes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import DomainError, Invalid
from mallard.kernel.ui.forms import add_refusal
from mallard.world.members import permissions, services
from mallard.world.members.forms import (
    ConsentForm,
    IdentityForm,
    NoteForm,
    ReferrerForm,
    TagForm,
)
from mallard.world.members.inputs import ConsentInput, IdentityInput
from mallard.world.members.models import Identity, Member
from mallard.world.members.queries import records_under, visible_member
from mallard.world.members.revealing import answer_reveal


def _apply(
    request: HttpRequest,
    member: Member,
    form: forms.Form,
    work: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Do ``work`` when ``form`` is in order; otherwise show the form again, alone on a page."""
    if form.is_valid():
        try:
            work()
        except DomainError as error:
            if not isinstance(error, Invalid) and error.status == 404:
                raise
            add_refusal(form, error)
        else:
            messages.success(request, done)
            return redirect("members:detail", member.id)
    return render(request, "members/small_form.html", {"form": form, "member": member}, status=422)


@requires(permissions.CHANGE_MEMBER)
@require_POST
def add_identity(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One more thing that the member is known by."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    form = IdentityForm(request.POST)

    def work() -> None:
        data = form.cleaned_data
        services.add_identity(member.id, IdentityInput(data["kind"], data["value"]), actor=actor)

    return _apply(request, member, form, work, gettext("The identity is added."))


@requires(permissions.CHANGE_MEMBER)
@require_POST
def remove_identity(request: HttpRequest, member_id: UUID, identity_id: UUID) -> HttpResponse:
    """The member is no longer known by this."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    services.remove_identity(identity_id, member_id=member.id, actor=actor)
    messages.success(request, gettext("The identity is removed."))
    return redirect("members:detail", member.id)


@requires(permissions.REVEAL_IDENTITY)
@never_cache
@require_POST
@step_up
def reveal_identity(request: HttpRequest, member_id: UUID, identity_id: UUID) -> HttpResponse:
    """Show an identity in full to somebody who says why; htmx puts it in place of the mask."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    records = records_under([member.id]).get(member.id, ())
    identity = get_object_or_404(Identity, pk=identity_id, member__in=records)
    return answer_reveal(
        request,
        lambda reason: services.reveal_identity(
            identity.id, member_id=member.id, reason=reason, actor=actor
        ),
        kind=identity.get_kind_display(),
        title=member.number,
        back=(reverse("members:detail", args=[member.id]), gettext("Back to the member")),
    )


@requires(permissions.RECORD_CONSENT)
@require_POST
def record_consent(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The member allowed or refused something."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    form = ConsentForm(request.POST)

    def work() -> None:
        data = form.cleaned_data
        said = ConsentInput(
            data["purpose"],
            is_granted=data["decision"] == "granted",
            channel=data["channel"],
            source="console",
            proof=data["proof"],
        )
        services.record_consents(member.id, [said], actor=actor)

    return _apply(request, member, form, work, gettext("The consent is recorded."))


@requires(permissions.TAG_MEMBER)
@require_POST
def add_tag(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Put a tag on the member."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    form = TagForm(request.POST, actor=actor)

    def work() -> None:
        services.tag_member(member.id, form.cleaned_data["tag"], actor=actor)

    return _apply(request, member, form, work, gettext("The member is tagged."))


@requires(permissions.TAG_MEMBER)
@require_POST
def remove_tag(request: HttpRequest, member_id: UUID, tag_code: str) -> HttpResponse:
    """Take a tag off."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    services.untag_member(member.id, tag_code, actor=actor)
    messages.success(request, gettext("The tag is removed."))
    return redirect("members:detail", member.id)


@requires(permissions.CHANGE_MEMBER)
@require_POST
def name_referrer(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Who brought the member."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    form = ReferrerForm(request.POST)

    def work() -> None:
        words = form.cleaned_data["referrer"]
        services.refer_member(member.id, words, source="desk", actor=actor)

    return _apply(request, member, form, work, gettext("It is recorded who brought the member."))


@requires(permissions.CHANGE_MEMBER)
@require_POST
def end_referral(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The member was not brought by a friend after all."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    services.end_referral(member.id, actor=actor)
    messages.success(request, gettext("The member counts as not brought by a friend."))
    return redirect("members:detail", member.id)


@requires(permissions.WRITE_NOTE)
@require_POST
def add_note(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Keep a note about the member."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    form = NoteForm(request.POST)

    def work() -> None:
        services.write_note(member.id, form.cleaned_data["body"], actor=actor)

    return _apply(request, member, form, work, gettext("The note is kept."))


@requires(permissions.WRITE_NOTE)
@require_POST
def remove_note(request: HttpRequest, member_id: UUID, note_id: UUID) -> HttpResponse:
    """Take a note away for good."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    services.remove_note(note_id, member_id=member.id, actor=actor)
    messages.success(request, gettext("The note is removed."))
    return redirect("members:detail", member.id)
