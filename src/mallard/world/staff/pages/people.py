"""Who works here: the list, somebody's record, invitations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.clock import now
from mallard.kernel.errors import Conflict, DomainError, Forbidden, Invalid
from mallard.kernel.ui.filters import BooleanFilter, SearchFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact
from mallard.world.staff import queries, services, sessions
from mallard.world.staff.exemptions import is_exempt
from mallard.world.staff.forms import GrantForm, GrantForms, InviteForm
from mallard.world.staff.models import Language, StaffUser
from mallard.world.staff.permissions import MANAGE_STAFF, VIEW_STAFF
from mallard.world.staff.places import held_roles, place_options
from mallard.world.staff.settings import INVITATION_DAYS


def role_names(user: StaffUser) -> str:
    """The roles of ``user`` in words, once each."""
    names = dict.fromkeys(queries.role_name(row) for row in user.assignments.all())
    return gettext(", ").join(names)


def state_of(user: StaffUser) -> Badge:
    return (
        Badge(_("Active"), "success") if user.is_active else Badge(_("No longer here"), "neutral")
    )


STAFF = ListPage(
    key="staff",
    title=_("Staff"),
    columns=(
        Column("name", _("Full name"), "name", sort="name"),
        Column("email", _("E-mail"), "email", sort="email"),
        Column("roles", _("Roles"), role_names),
        Column("state", _("State"), state_of, from_width="md"),
    ),
    default_sort="name",
    filters=(
        SearchFilter(label=_("Name or e-mail"), search=queries.staff_matching),
        BooleanFilter("left", _("No longer here"), apply=lambda rows: rows.filter(is_active=False)),
    ),
    row_url=lambda user: reverse("staff:person", args=[user.pk]),
    empty=Empty(_("Nobody here yet"), icon="users"),
    template="staff/people.html",
)


@requires(VIEW_STAFF)
def staff_list(request: HttpRequest) -> HttpResponse:
    """Who works here and who is invited, as far as the reader's scope reaches."""
    actor = actor_of(request)
    can_manage = actor.may(MANAGE_STAFF)
    invitations = _invitations(actor) if can_manage else []
    context = {"can_manage": can_manage, "invitations": invitations}
    return STAFF.respond(request, queries.visible_staff(actor), context)


def _invitations(actor: Actor) -> list[dict[str, Any]]:
    rows = list(queries.open_invitations(actor)[:100])
    grants = held_roles([role for row in rows for role in row.roles.all()])
    words = {grant.id: grant for grant in grants}
    return [
        {
            "invitation": row,
            "roles": [words[role.id] for role in row.roles.all()],
            "is_too_old": row.expires_at <= now(),
        }
        for row in rows
    ]


@requires(MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
@step_up
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by mail, with roles and where they hold."""
    actor = actor_of(request)
    options: dict[str, Any] = {"form_kwargs": {"actor": actor}, "prefix": "grants"}
    if "more" in request.POST:
        rows = [*_typed_grants(request.POST), {}]
        form = InviteForm(initial=request.POST.dict())
        return _invite_page(request, form, GrantForms(initial=rows, **options), status=200)
    form = InviteForm(request.POST or None)
    grants = GrantForms(request.POST or None, **options)
    if request.method == "POST" and form.is_valid() and grants.is_valid():
        try:
            services.invite_staff(
                **form.cleaned_data,
                grants=[
                    services.Grant(row["role"], row["place"])
                    for row in grants.cleaned_data
                    if row.get("role")
                ],
                actor=actor,
            )
        except (Invalid, Conflict, Forbidden) as error:
            add_refusal(form, error)
        else:
            sentence = gettext("The invitation to %(email)s is on its way.")
            messages.success(request, sentence % {"email": form.cleaned_data["email"]})
            return redirect("staff:list")
    return _invite_page(request, form, grants, status=422 if request.method == "POST" else 200)


def _typed_grants(posted: QueryDict) -> list[dict[str, str]]:
    """The rows of roles as they were typed, before anybody looks whether they are right."""
    count = posted.get("grants-TOTAL_FORMS", "")
    rows = range(min(int(count), 9) if count.isascii() and count.isdigit() else 1)
    return [
        {name: posted.get(f"grants-{row}-{name}", "") for name in ("role", "place")} for row in rows
    ]


def _invite_page(
    request: HttpRequest, form: InviteForm, grants: Any, *, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "grants": grants,
        "options": place_options(actor_of(request).scope),
        "days": INVITATION_DAYS.value,
    }
    return render(request, "staff/invite.html", context, status=status)


@requires(MANAGE_STAFF)
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Options of a place picker for what was typed, under whatever name its field has."""
    typed = next(iter(request.GET.values()), "")[:100]
    options = place_options(actor_of(request).scope, str(typed).strip())
    return render(request, "staff/place_options.html", {"options": options})


@requires(MANAGE_STAFF)
@require_POST
def resend_invitation(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """A new link for who lost the first one."""
    invitation = services.resend_invitation(invitation_id, actor=actor_of(request))
    sentence = gettext("A new link is on its way to %(email)s; the earlier one is void.")
    messages.success(request, sentence % {"email": invitation.email})
    return redirect("staff:list")


@requires(MANAGE_STAFF)
@require_POST
def withdraw_invitation(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """The link opens nothing any more."""
    services.withdraw_invitation(invitation_id, actor=actor_of(request))
    messages.success(request, gettext("The invitation is withdrawn."))
    return redirect("staff:list")


@requires(VIEW_STAFF)
@require_GET
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Somebody's record: what they may do where, and how they come in."""
    return person_page(request, user_id)


def person_page(
    request: HttpRequest, user_id: UUID, *, form: GrantForm | None = None
) -> HttpResponse:
    """The record, with ``form`` as it was typed when a role could not be given."""
    actor = actor_of(request)
    user = queries.visible_person(actor, user_id)
    can_manage = actor.may(MANAGE_STAFF)
    context: dict[str, Any] = {
        "person": user,
        "state": state_of(user),
        "facts": [
            Fact(_("E-mail"), user.email),
            Fact(_("Language"), Language(user.language).label),
        ],
        "roles": held_roles(queries.assignments_of(user.id)),
        "past_roles": held_roles(list(queries.withdrawn_assignments_of(user.id)[:20])),
        "can_manage": can_manage,
        "can_give": can_manage and user.is_active,
        "planned": queries.planned_leaving(user.id) if can_manage else None,
    }
    if can_manage:
        context |= _ways_in(request, user)
    if context["can_give"]:
        context["form"] = form or GrantForm(actor=actor)
        context["options"] = place_options(actor.scope)
    return render(request, "staff/person.html", context, status=422 if form else 200)


def _ways_in(request: HttpRequest, user: StaffUser) -> dict[str, Any]:
    """How they sign in and where they are."""
    return {
        "second_factor": queries.second_factor_of(user.id),
        "needs_second_factor": queries.standing_of(user).needs_second_factor,
        "is_exempt": is_exempt(user),
        "sessions": queries.live_sessions(user.id),
        "current": sessions.id_of(request.session),
    }


@requires(MANAGE_STAFF)
@require_POST
@step_up
def assign_role(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One more role, somewhere."""
    actor = actor_of(request)
    user = queries.visible_person(actor, user_id)
    form = GrantForm(request.POST, actor=actor)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.assign_role(user.id, role=data["role"], scope=data["place"], actor=actor)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext("The role is given."))
            return redirect("staff:person", user.id)
    return person_page(request, user_id, form=form)


@requires(MANAGE_STAFF)
@require_POST
@step_up
def withdraw_role(request: HttpRequest, user_id: UUID, assignment_id: UUID) -> HttpResponse:
    """A role they hold no longer."""
    actor = actor_of(request)
    user = queries.visible_person(actor, user_id)
    return done_or_said(
        request,
        lambda: services.withdraw_role(assignment_id, user_id=user.id, actor=actor),
        gettext("The role is withdrawn."),
        back=reverse("staff:person", args=[user.id]),
    )


@requires(MANAGE_STAFF)
@require_POST
@step_up
def reset_second_factor(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Help somebody who lost the phone."""
    actor = actor_of(request)
    user = queries.visible_person(actor, user_id)
    return done_or_said(
        request,
        lambda: services.reset_second_factor(user.id, actor=actor),
        gettext("The codes are reset. A mail tells them."),
        back=reverse("staff:person", args=[user.id]),
    )


@requires(MANAGE_STAFF)
@require_POST
def end_session(request: HttpRequest, user_id: UUID, session_id: UUID) -> HttpResponse:
    """Sign one of somebody's browsers out."""
    actor = actor_of(request)
    user = queries.visible_person(actor, user_id)
    services.end_session(session_id, user_id=user.id, actor=actor)
    messages.success(request, gettext("The session is ended."))
    return redirect("staff:person", user.id)


@requires(MANAGE_STAFF)
@require_POST
def end_sessions(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Sign somebody out everywhere; oneself everywhere else."""
    actor = actor_of(request)
    user = queries.visible_person(actor, user_id)
    but = sessions.id_of(request.session) if user.id == actor.id else None
    services.end_other_sessions(user.id, but=but, actor=actor)
    messages.success(request, gettext("All sessions are ended."))
    return redirect("staff:person", user.id)


def done_or_said(
    request: HttpRequest, work: Callable[[], object], done: str, *, back: str
) -> HttpResponse:
    """Do ``work`` and go ``back``; a refusal that no form could show is said there."""
    try:
        work()
    except (Conflict, Invalid) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, done)
    return redirect(back)
