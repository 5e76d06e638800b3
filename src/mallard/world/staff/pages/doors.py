"""The doors: signing in and out, a forgotten password, an invitation."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.access.guards import OPEN, SIGNED_IN, requires
from mallard.kernel.clock import now
from mallard.kernel.errors import DomainError
from mallard.kernel.http import limits
from mallard.kernel.ui import preferences
from mallard.kernel.ui.forms import add_refusal
from mallard.world.staff import looking, queries, services, sessions
from mallard.world.staff.errors import InvitationInvalid, LinkInvalid
from mallard.world.staff.exemptions import is_exempt
from mallard.world.staff.forms import (
    CodeForm,
    ForgottenForm,
    NewPasswordForm,
    SignInForm,
)
from mallard.world.staff.hints import other_doors, sign_in_hints
from mallard.world.staff.models import StaffUser
from mallard.world.staff.places import held_roles
from mallard.world.staff.rules import normalise_email

CODE_SECONDS = 300
"""How long somebody may look for the phone between password and code."""
RESET_LINKS = limits.Limit(per_minute=1, capacity=5)


def _safe_next(request: HttpRequest) -> str:
    """Where to go after the sign-in: only to a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse(settings.LOGIN_REDIRECT_URL)


def enter(
    request: HttpRequest, user: StaffUser, way_in: str = sessions.BY_PASSWORD, *, to: str = ""
) -> HttpResponse:
    """Begin a session of ``user`` and go on to where they wanted."""
    login(request, user, "django.contrib.auth.backends.ModelBackend")
    request.session[sessions.WAY_IN] = sessions.EXEMPT if is_exempt(user) else way_in
    response = HttpResponseRedirect(to or _safe_next(request))
    preferences.remember(response, language=user.language, theme=user.theme)
    return response


def _ask_for_code(request: HttpRequest, user: StaffUser) -> HttpResponse:
    """The password was right; the session is nobody's until a code is, too."""
    request.session.flush()
    request.session[sessions.WAITING] = {
        "user": str(user.id),
        "since": int(now().timestamp()),
        "to": _safe_next(request),
    }
    return redirect("staff:sign_in_code")


@login_not_required
@requires(OPEN)
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step of who set up codes: one from the phone, or a recovery code."""
    waiting: dict[str, Any] = request.session.get(sessions.WAITING) or {"since": 0}
    is_late = now().timestamp() - waiting["since"] > CODE_SECONDS
    user = None if is_late else StaffUser.objects.filter(pk=waiting["user"], is_active=True).first()
    if user is None:
        request.session.pop(sessions.WAITING, None)
        return redirect("staff:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.check_code(
                user.id,
                code=form.cleaned_data["code"],
                address=getattr(request, "address", ""),
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            del request.session[sessions.WAITING]
            return enter(request, user, sessions.BY_CODE, to=waiting["to"])
    status = 422 if form.errors else 200
    return render(request, "staff/sign_in_code.html", {"form": form}, status=status)


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
                if queries.has_second_factor(user.id):
                    return _ask_for_code(request, user)
                return enter(request, user)
            form.add_error(None, gettext("E-mail or password is not right."))
        status = 422
    context = {
        "form": form,
        "next": _safe_next(request),
        "hints": sign_in_hints(),
        "other_doors": other_doors(),
    }
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


@requires(SIGNED_IN, while_looking=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and with it what it was looking as."""
    looking.end(request, looking.BY_SIGNING_OUT)
    session_id = sessions.id_of(request.session)
    if session_id is not None:
        services.note_sign_out(session_id)
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


@login_not_required
@requires(OPEN)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: choose a password and be in; good once."""
    invited = queries.invitation_of_link(token)
    if invited is None:
        raise InvitationInvalid()
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.accept_invitation(
                token=token,
                password=form.cleaned_data["new_password"],
                address=getattr(request, "address", ""),
            )
        except InvitationInvalid:
            raise
        except DomainError as error:
            add_refusal(form, error)
        else:
            return enter(request, user, to=reverse(settings.LOGIN_REDIRECT_URL))
    roles = held_roles(list(invited.roles.all()))
    context = {"form": form, "invited": invited, "roles": roles}
    return render(request, "staff/invitation.html", context, status=422 if form.errors else 200)
