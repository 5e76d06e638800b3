"""Enrolling and changing members, one form each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import DomainError
from mallard.kernel.ui.forms import add_refusal
from mallard.world.members import permissions, services
from mallard.world.members.editing import editable
from mallard.world.members.errors import MemberErased, MemberNotFound
from mallard.world.members.forms import EnrolForm, ProfileForm
from mallard.world.members.inputs import ConsentInput, Enrolment, IdentityInput
from mallard.world.members.models import MemberStatus
from mallard.world.members.portraits import portrait
from mallard.world.members.queries import visible_member, visible_members


def _enrolment(form: EnrolForm) -> Enrolment:
    data = form.cleaned_data
    kind, _colon, place_id = data["place"].partition(":")
    purposes = ("programme", "marketing", "share_with_tenant")
    return Enrolment(
        profile={code: data[code] for code in ("name", "gender", "birth_date")},
        identities=tuple(
            IdentityInput(code, data[code]) for code in ("phone", "email", "card") if data[code]
        ),
        consents=tuple(
            ConsentInput(purpose, is_granted=data[purpose], source="console")
            for purpose in purposes
        ),
        store_id=UUID(place_id) if kind == "store" else None,
        mall_id=UUID(place_id) if kind == "mall" else None,
        language=data["language"],
        custom=form.custom_values(),
        referrer=data["referrer"],
    )


@requires(permissions.ENROL_MEMBER)
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """A person joins at a counter."""
    actor = actor_of(request)
    form = EnrolForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            enrolled = services.enrol_member(_enrolment(form), actor=actor)
        except DomainError as error:
            if "value" in error.fields:
                error.fields["phone"] = error.fields.pop("value")
            add_refusal(form, error)
        else:
            text = gettext("Enrolled as %(number)s.") % {"number": enrolled.number}
            messages.success(request, text)
            # A tenant's staff may not see the member before a purchase and a consent.
            if visible_members(actor).filter(pk=enrolled.id).exists():
                return redirect("members:detail", enrolled.id)
            return redirect("members:list")
    status = 422 if form.errors else 200
    return render(request, "members/enrol.html", {"form": form}, status=status)


@requires(permissions.CHANGE_MEMBER)
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Profile facts, custom fields and language, as the member's page shows them: with what the
    records say that were merged into this one."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    if member.status == MemberStatus.ERASED:
        raise MemberErased(number=member.number)
    # The form shows the facts in full, so it is for those who may see names.
    actor.require(permissions.VIEW_NAME)
    known = editable(member, actor)
    form = ProfileForm(request.POST or None, initial=known.initial, hints=known.hints, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_person(
                member.id,
                profile=form.profile(),
                custom=form.custom_values(),
                language=form.cleaned_data["language"],
                actor=actor,
            )
        except MemberNotFound:
            raise
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext("The member is saved."))
            return redirect("members:detail", member.id)
    context = {"form": form, "member": member, "is_several": known.is_several}
    return render(request, "members/edit.html", context, status=422 if form.errors else 200)


@requires(permissions.CLOSE_MEMBER)
@require_POST
def close(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """End a membership; the page asked once."""
    member = visible_member(actor_of(request), member_id)
    services.close_member(member.id, actor=actor_of(request))
    messages.success(request, gettext("The membership is closed."))
    return redirect("members:detail", member.id)


@requires(permissions.CLOSE_MEMBER)
@require_POST
def reopen(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Open a closed membership again."""
    member = visible_member(actor_of(request), member_id)
    services.reopen_member(member.id, actor=actor_of(request))
    messages.success(request, gettext("The membership is open again."))
    return redirect("members:detail", member.id)


@requires(permissions.ERASE_MEMBER)
@require_http_methods(["GET", "POST"])
@step_up
def erase(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Say what erasing does, ask once, and do it."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    if request.method == "POST":
        services.erase_member(member.id, actor=actor)
        messages.success(request, gettext("The member's personal data is erased."))
        return redirect("members:detail", member.id)
    if member.status == MemberStatus.ERASED:
        raise MemberErased(number=member.number)
    context = {"member": member, "shown": portrait(member, actor)}
    return render(request, "members/erase.html", context)


@requires(permissions.MERGE_MEMBER)
@require_POST
@step_up
def unmerge(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Let a merged record stand for itself again."""
    member = visible_member(actor_of(request), member_id)
    services.unmerge_member(member.id, actor=actor_of(request))
    messages.success(request, gettext("The merge is undone."))
    return redirect("members:detail", member.id)
