"""How one comes in oneself: codes from the phone, and the browsers that are signed in."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import DomainError
from mallard.kernel.ui import formats
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.parts import Fact
from mallard.world.staff import codes, queries, services, sessions
from mallard.world.staff.exemptions import is_exempt
from mallard.world.staff.forms import CodeForm
from mallard.world.staff.models import StaffUser
from mallard.world.staff.pages.profile import signed_in


@requires(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up codes from the phone, or see that they are."""
    user = signed_in(request)
    if is_exempt(user):
        return render(request, "staff/second_factor_shared.html")
    there = queries.second_factor_of(user.id)
    if there is not None:
        left = queries.recovery_codes_left(user.id)
        facts = [
            Fact(_("Set up"), formats.day(there.confirmed_at or there.created_at)),
            Fact(_("Recovery codes left"), formats.number(left)),
        ]
        return render(request, "staff/second_factor.html", {"facts": facts, "left": left})
    return _set_up(request, user)


def _set_up(request: HttpRequest, user: StaffUser) -> HttpResponse:
    actor = actor_of(request)
    secret = services.begin_second_factor(user.id, actor=actor)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plain = services.confirm_second_factor(
                user.id, code=form.cleaned_data["code"], actor=actor
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            request.session[sessions.WAY_IN] = sessions.BY_CODE
            return _recovery_codes(request, plain, is_first=True)
    is_led_here = queries.standing_of(user).needs_second_factor
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    context = {"form": form, "secret": " ".join(groups), "is_led_here": is_led_here}
    status = 422 if form.errors else 200
    return render(request, "staff/second_factor_new.html", context, status=status)


def _recovery_codes(request: HttpRequest, plain: list[str], *, is_first: bool) -> HttpResponse:
    """The codes, this once: to print, to copy, to keep."""
    text = "\n".join(plain)
    context = {"codes": plain, "text": text, "file": quote(text + "\n"), "is_first": is_first}
    return render(request, "staff/recovery_codes.html", context)


@requires(SIGNED_IN)
@never_cache
@require_GET
def second_factor_qr(request: HttpRequest) -> HttpResponse:
    """What the phone's camera reads, as a picture of our own."""
    user = signed_in(request)
    secret = services.begin_second_factor(user.id, actor=actor_of(request))
    address = codes.address_of(secret, account=user.email, issuer="Mallard")
    return HttpResponse(codes.qr_of(address), content_type="image/svg+xml")


@requires(SIGNED_IN)
@never_cache
@require_POST
@step_up
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten fresh recovery codes; the earlier ones are void."""
    plain = services.renew_recovery_codes(signed_in(request).id, actor=actor_of(request))
    return _recovery_codes(request, plain, is_first=False)


@requires(SIGNED_IN)
@require_POST
@step_up
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    """Forget the phone, to set up another one."""
    services.remove_second_factor(signed_in(request).id, actor=actor_of(request))
    request.session[sessions.WAY_IN] = sessions.BY_PASSWORD
    messages.success(request, gettext("The codes are removed. Set up the new phone now."))
    return redirect("staff:second_factor")


@requires(SIGNED_IN)
@require_GET
def own_sessions(request: HttpRequest) -> HttpResponse:
    """The browsers in which one is signed in."""
    context = {
        "sessions": queries.live_sessions(signed_in(request).id),
        "current": sessions.id_of(request.session),
    }
    return render(request, "staff/own_sessions.html", context)


@requires(SIGNED_IN)
@require_POST
def end_own_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign one browser out."""
    user_id = signed_in(request).id
    services.end_session(session_id, user_id=user_id, actor=actor_of(request))
    messages.success(request, gettext("The session is ended."))
    return redirect("staff:own_sessions")


@requires(SIGNED_IN)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign every other browser out."""
    services.end_other_sessions(
        signed_in(request).id, but=sessions.id_of(request.session), actor=actor_of(request)
    )
    messages.success(request, gettext("All other sessions are ended."))
    return redirect("staff:own_sessions")
