"""The own profile: name, looks, password."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.kernel.errors import DomainError
from mallard.kernel.http import limits
from mallard.kernel.ui import preferences
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.parts import Fact
from mallard.world.staff import queries, services, sessions
from mallard.world.staff.forms import ChangePasswordForm, ProfileForm
from mallard.world.staff.models import StaffUser
from mallard.world.staff.places import held_roles
from mallard.world.staff.proofs import TRIES


def signed_in(request: HttpRequest) -> StaffUser:
    """The user behind the session; a machine has no profile."""
    if not isinstance(request.user, StaffUser):
        raise TypeError("this page is for people")
    return request.user


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and theme of whoever is signed in, and what they may do."""
    user = signed_in(request)
    initial = {"name": user.name, "language": user.language, "theme": user.theme}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.change_profile(user.id, **form.cleaned_data, actor=actor_of(request))
        messages.success(request, gettext("Your profile is saved."))
        response = redirect("staff:profile")
        data = form.cleaned_data
        preferences.remember(response, language=data["language"], theme=data["theme"])
        return response
    context = {
        "form": form,
        "facts": [Fact(_("E-mail"), user.email)],
        "roles": held_roles(queries.assignments_of(user.id)),
    }
    return render(request, "staff/profile.html", context, status=422 if form.errors else 200)


@requires(SIGNED_IN)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password for whoever knows the present one; this session stays, others end."""
    user = signed_in(request)
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limits.take(f"proof:{user.id}", TRIES)
            changed = services.change_password(
                user.id,
                present=form.cleaned_data["present_password"],
                new=form.cleaned_data["new_password"],
                session_id=sessions.id_of(request.session),
                actor=actor_of(request),
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            update_session_auth_hash(request, changed)
            sessions.follow(request.session)
            messages.success(request, gettext("Your password is changed."))
            return redirect("staff:profile")
    status = 422 if form.errors else 200
    return render(request, "staff/change_password.html", {"form": form}, status=status)


def keep_choice(request: HttpRequest, name: str, value: str) -> None:
    """Remember a language or theme chosen by the switches with the reader's account."""
    user_id: UUID | None = getattr(request.user, "pk", None)
    if user_id is None:
        return
    actor = actor_of(request)
    if actor.looking is not None:
        return
    language = value if name == "language" else None
    theme = value if name == "theme" else None
    services.change_profile(user_id, language=language, theme=theme, actor=actor)
