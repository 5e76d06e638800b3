"""Looking on as a role at a place would see the console, and back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.kernel.ui import form_page
from mallard.world.staff import looking, queries
from mallard.world.staff.errors import RoleNotOwn
from mallard.world.staff.forms import LookForm
from mallard.world.staff.permissions import SEE_AS_ROLE
from mallard.world.staff.places import place_options


@requires(SEE_AS_ROLE)
@require_http_methods(["GET", "POST"])
def see_as_role(request: HttpRequest, code: str) -> HttpResponse:
    """Say where, and see the console as the role would there."""
    actor = actor_of(request)
    role = queries.role_catalogue().get(code)
    if role is None:
        raise RoleNotOwn()
    return form_page.respond(
        request,
        LookForm(request.POST or None, actor=actor),
        save=lambda data: looking.begin(request, role=code, scope=data["place"], actor=actor),
        title=_("See as %(role)s") % {"role": role.name},
        done=_("You see what the role sees. Nothing can be changed meanwhile."),
        next_url=lambda _saved: reverse("console:home"),
        back_url=reverse("staff:role", args=[code]),
        back_label=role.name,
        template="staff/see_as_role.html",
        context={"options": place_options(actor.scope)},
        submit=_("See as this role"),
    )


@requires(SIGNED_IN, while_looking=True)
@require_POST
def stop_looking(request: HttpRequest) -> HttpResponse:
    """Back to one's own view."""
    if looking.end(request, looking.BY_HAND):
        messages.success(request, gettext("You see with your own eyes again."))
    return redirect("console:home")
