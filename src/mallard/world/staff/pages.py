"""Sign-in, the own profile, and the list of staff."""

from __future__ import annotations

import math
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.access.guards import OPEN, SIGNED_IN, actor_of, requires
from mallard.kernel.errors import DomainError
from mallard.kernel.http import limits
from mallard.kernel.ui import preferences
from mallard.kernel.ui.filters import BooleanFilter, SearchFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage, Rows
from mallard.kernel.ui.parts import Badge, Fact
from mallard.world.staff import queries, services
from mallard.world.staff.errors import LinkInvalid
from mallard.world.staff.forms import (
    ChangePasswordForm,
    ForgottenForm,
    NewPasswordForm,
    ProfileForm,
    SignInForm,
)
from mallard.world.staff.hints import sign_in_hints
from mallard.world.staff.models import StaffUser
from mallard.world.staff.permissions import VIEW_STAFF
from mallard.world.staff.roles import ROLES
from mallard.world.staff.rules import normalise_email

RESET_LINKS = limits.Limit(per_minute=1, capacity=5)


def _safe_next(request: HttpRequest) -> str:
    """Where to go after the sign-in: only to a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse(settings.LOGIN_REDIRECT_URL)


@login_not_required
@requires(OPEN)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door. The session gets a new key on the way in; five wrong tries close it a while."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_safe_next(request))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            user = authenticate(
                request,
                username=normalise_email(form.cleaned_data["username"]),
                password=form.cleaned_data["password"],
            )
            if isinstance(user, StaffUser):
                login(request, user)
                response = HttpResponseRedirect(_safe_next(request))
                preferences.remember(response, language=user.language, theme=user.theme)
                return response
            form.add_error(None, _("E-mail or password is not right."))
        status = 422
    context = {"form": form, "next": _safe_next(request), "hints": sign_in_hints()}
    return render(request, "staff/sign_in.html", context, status=status)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """The answer to a sign-in that was tried too often (called by django-axes)."""
    seconds = math.ceil(settings.AXES_COOLOFF_TIME * 3600)
    context = {"minutes": math.ceil(seconds / 60)}
    answer = render(request, "staff/locked_out.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


@requires(SIGNED_IN)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@requires(OPEN)
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether or not the account exists."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            limits.take(f"reset:{getattr(request, 'address', '')}", RESET_LINKS)
            services.send_reset_link(email=form.cleaned_data["email"])
            return render(request, "staff/forgotten_sent.html")
        return render(request, "staff/forgotten.html", {"form": form}, status=422)
    return render(request, "staff/forgotten.html", {"form": form})


@login_not_required
@requires(OPEN)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by the link of a mail; good once."""
    if not queries.is_reset_link_good(token):
        raise LinkInvalid()
    form = NewPasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                services.reset_password(
                    token=token,
                    new=form.cleaned_data["new_password"],
                    address=getattr(request, "address", ""),
                )
            except LinkInvalid:
                raise
            except DomainError as error:
                add_refusal(form, error)
            else:
                messages.success(request, gettext("Your password is set. Please sign in."))
                return redirect("staff:sign_in")
        status = 422
    return render(request, "staff/reset_password.html", {"form": form}, status=status)


def _signed_in(request: HttpRequest) -> StaffUser:
    """The user behind the session; a machine has no profile."""
    if not isinstance(request.user, StaffUser):
        raise TypeError("this page is for people")
    return request.user


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and theme of whoever is signed in, and what they may do."""
    user = _signed_in(request)
    initial = {"name": user.name, "language": user.language, "theme": user.theme}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.change_profile(user.id, **form.cleaned_data, actor=actor_of(request))
        messages.success(request, gettext("Your profile is saved."))
        response = redirect("staff:profile")
        data = form.cleaned_data
        preferences.remember(response, language=data["language"], theme=data["theme"])
        return response
    facts = [Fact(_("E-mail"), user.email), Fact(_("Roles"), role_names(user))]
    context = {"form": form, "facts": facts}
    return render(request, "staff/profile.html", context, status=422 if form.errors else 200)


@requires(SIGNED_IN)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password for whoever knows the present one; this session stays, others end."""
    user = _signed_in(request)
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_password(
                user.id,
                present=form.cleaned_data["present_password"],
                new=form.cleaned_data["new_password"],
                actor=actor_of(request),
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, gettext("Your password is changed."))
            return redirect("staff:profile")
    status = 422 if form.errors else 200
    return render(request, "staff/change_password.html", {"form": form}, status=status)


def role_names(user: StaffUser) -> str:
    """The roles of ``user`` in words, once each."""
    codes = dict.fromkeys(assignment.role for assignment in user.assignments.all())
    return ", ".join(str(ROLES[code].name) if code in ROLES else code for code in codes)


def _state(user: StaffUser) -> Badge:
    return (
        Badge(_("Active"), "success") if user.is_active else Badge(_("No longer here"), "neutral")
    )


def _search(rows: Rows, text: str) -> Rows:
    for word in text.split():
        rows = rows.filter(name__icontains=word) | rows.filter(email__icontains=word)
    return rows


STAFF = ListPage(
    key="staff",
    title=_("Staff"),
    columns=(
        Column("name", _("Full name"), "name", sort="name"),
        Column("email", _("E-mail"), "email", sort="email"),
        Column("roles", _("Roles"), role_names),
        Column("state", _("State"), _state, from_width="md"),
    ),
    default_sort="name",
    filters=(
        SearchFilter(label=_("Name or e-mail"), search=_search),
        BooleanFilter("left", _("No longer here"), apply=lambda rows: rows.filter(is_active=False)),
    ),
    empty=Empty(_("Nobody here yet"), icon="users"),
)


@requires(VIEW_STAFF)
def staff_list(request: HttpRequest) -> HttpResponse:
    """Who works here, as far as the reader's scope reaches."""
    return STAFF.respond(request, queries.visible_staff(actor_of(request)))


def keep_choice(request: HttpRequest, name: str, value: str) -> None:
    """Remember a language or theme chosen by the switches with the reader's account."""
    user_id: UUID | None = getattr(request.user, "pk", None)
    if user_id is None:
        return
    language = value if name == "language" else None
    theme = value if name == "theme" else None
    services.change_profile(user_id, language=language, theme=theme, actor=actor_of(request))
