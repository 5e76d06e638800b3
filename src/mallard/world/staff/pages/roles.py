"""Roles: what each may do in plain words, who holds it, and those of the group's own."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.ui import form_page
from mallard.world.staff import queries, reach, services
from mallard.world.staff.errors import RoleNotOwn
from mallard.world.staff.forms import RoleForm
from mallard.world.staff.models import CustomRole
from mallard.world.staff.permissions import EDIT_ROLE, SEE_AS_ROLE, VIEW_STAFF
from mallard.world.staff.places import held_roles
from mallard.world.staff.roles import ROLES, Role
from mallard.world.staff.wording import permissions_by_area


@requires(VIEW_STAFF)
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """Every role, how many of the people that the reader sees hold it, and what it is for."""
    actor = actor_of(request)
    held: Counter[str] = Counter()
    for user in queries.visible_staff(actor).filter(is_active=True):
        held.update({assignment.role for assignment in user.assignments.all()})
    rows = [(role, held[role.code]) for role in queries.role_catalogue().values()]
    context = {"rows": rows, "can_edit": actor.may(EDIT_ROLE) and actor.scope.is_group}
    return render(request, "staff/roles.html", context)


@requires(VIEW_STAFF)
@require_GET
def role(request: HttpRequest, code: str) -> HttpResponse:
    """A role: what it may do, and who of the people that the reader sees holds it where."""
    actor = actor_of(request)
    shown = _role(code)
    holders = queries.holders_of(actor, code)
    words = {held.id: held for held in held_roles([row for _user, row in holders])}
    context = {
        "role": shown,
        "areas": permissions_by_area(queries.role_permissions(shown)),
        "holders": [(user, words[row.id]) for user, row in holders],
        "can_edit": actor.may(EDIT_ROLE) and actor.scope.is_group,
        "can_look": actor.may(SEE_AS_ROLE),
    }
    return render(request, "staff/role.html", context)


def _role(code: str) -> Role:
    found = queries.role_catalogue().get(code)
    if found is None:
        raise RoleNotOwn()
    return found


@requires(EDIT_ROLE)
@require_http_methods(["GET", "POST"])
@step_up
def create_role(request: HttpRequest) -> HttpResponse:
    """A role of the group's own, from nothing or as a copy (``?from=cashier``)."""
    actor = actor_of(request)
    reach.require_group_scope(actor)
    initial: dict[str, Any] = {}
    model = queries.role_catalogue().get(request.GET.get("from", ""))
    if model is not None:
        initial = {
            "purpose": str(model.purpose),
            "permissions": sorted(queries.role_permissions(model)),
        }
    return form_page.respond(
        request,
        RoleForm(request.POST or None, initial=initial, actor=actor),
        save=lambda data: services.create_role(**data, actor=actor),
        title=_("New role"),
        done=_("The role is saved."),
        next_url=lambda saved: reverse("staff:role", args=[saved.code]),
        back_url=reverse("staff:roles"),
        back_label=_("Roles"),
    )


@requires(EDIT_ROLE)
@require_http_methods(["GET", "POST"])
@step_up
def edit_role(request: HttpRequest, code: str) -> HttpResponse:
    """Change a role of the group's own, for everybody who holds it."""
    actor = actor_of(request)
    reach.require_group_scope(actor)
    row = CustomRole.objects.filter(code=code, closed_at=None).first()
    if row is None:
        raise RoleNotOwn()
    initial = {
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "purpose": row.purpose,
        "permissions": row.permissions,
        "needs_second_factor": row.needs_second_factor,
    }
    return form_page.respond(
        request,
        RoleForm(request.POST or None, initial=initial, actor=actor),
        save=lambda data: services.change_role(code, **data, actor=actor),
        title=_("Edit %(name)s") % {"name": row.name},
        done=_("The role is saved."),
        next_url=lambda saved: reverse("staff:role", args=[saved.code]),
        back_url=reverse("staff:role", args=[code]),
        back_label=row.name,
    )


@requires(EDIT_ROLE)
@require_POST
@step_up
def close_role(request: HttpRequest, code: str) -> HttpResponse:
    """Retire a role of the group's own."""
    if code in ROLES:
        raise RoleNotOwn()
    services.close_role(code, actor=actor_of(request))
    messages.success(request, gettext("The role is closed. It grants nothing any more."))
    return redirect("staff:roles")
