"""Somebody leaves: what they hold, who takes over, when; and back again."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import Conflict, Forbidden, Invalid
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.workspace.queries import shared_views_of
from mallard.world.staff import queries, services
from mallard.world.staff.forms import LeaveForm
from mallard.world.staff.handover import every_holdings
from mallard.world.staff.models import StaffUser
from mallard.world.staff.pages.people import done_or_said
from mallard.world.staff.permissions import MANAGE_STAFF
from mallard.world.staff.places import held_roles


@requires(MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
@step_up
def leave(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """What somebody still holds, and the form that hands it over and closes the account."""
    actor = actor_of(request)
    user = queries.visible_person(actor, user_id)
    form = LeaveForm(request.POST or None, actor=actor, user_id=user.id)
    if request.method == "POST" and form.is_valid():
        try:
            leaving = services.plan_leaving(
                user.id,
                leaves_at=_end_of(form.cleaned_data["last_day"]),
                heir_id=form.cleaned_data["heir"],
                keys_go_to_heir=form.cleaned_data["keys"] == "heir",
                actor=actor,
            )
        except (Invalid, Conflict, Forbidden) as error:
            add_refusal(form, error)
        else:
            said = (
                gettext("The account is closed, and what was held is handed over.")
                if leaving.done_at
                else gettext("It is planned. The account closes by itself.")
            )
            messages.success(request, said)
            return redirect("staff:person", user.id)
    context = {"person": user, "form": form, **_holds(user, actor)}
    return render(request, "staff/leave.html", context, status=422 if form.errors else 200)


def _end_of(day: dt.date | None) -> dt.datetime | None:
    """When a last day is over, in the reader's zone."""
    if day is None:
        return None
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(midnight)


def _holds(user: StaffUser, actor: Actor) -> dict[str, Any]:
    holdings = [
        {
            "name": kind.name,
            "count": kind.count(user.id),
            "some": kind.some(user.id, actor=actor),
            "without_heir": kind.without_heir,
        }
        for kind in every_holdings()
    ]
    return {
        "planned": queries.planned_leaving(user.id),
        "holdings": holdings,
        "views": shared_views_of(user.id),
        "keys": queries.open_keys_of(user.id),
        "sessions": queries.live_sessions(user.id),
        "roles": held_roles(queries.assignments_of(user.id)),
    }


@requires(MANAGE_STAFF)
@require_POST
def cancel_leaving(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """They stay after all."""
    actor = actor_of(request)
    user = queries.visible_person(actor, user_id)
    return done_or_said(
        request,
        lambda: services.cancel_leaving(user.id, actor=actor),
        gettext("They stay. Nothing is closed."),
        back=reverse("staff:person", args=[user.id]),
    )


@requires(MANAGE_STAFF)
@require_POST
@step_up
def reopen_account(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """They are back, in the roles they had."""
    actor = actor_of(request)
    user = queries.visible_person(actor, user_id)
    return done_or_said(
        request,
        lambda: services.reopen_account(user.id, actor=actor),
        gettext("The account is open again. They sign in with the password they had."),
        back=reverse("staff:person", args=[user.id]),
    )
