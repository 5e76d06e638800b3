"""The doors: a code that is sent, a link from the service desk, and the way out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.errors import DomainError
from mallard.kernel.ui.forms import add_refusal
from mallard.world.memberweb import hints, services
from mallard.world.memberweb.errors import CodeGone, LinkGone
from mallard.world.memberweb.forms import CodeForm, WhoForm
from mallard.world.memberweb.lane import PREFIX, actor_here, member_page, open_page
from mallard.world.memberweb.services.codes import CODE_MINUTES
from mallard.world.memberweb.services.links import is_link_good
from mallard.world.memberweb.services.sessions import NewSession
from mallard.world.memberweb.sessions import (
    ASKED_COOKIE,
    drop_session,
    remember_asking,
    remember_session,
)
from mallard.world.staff.sessions import device_of


def enter(session: NewSession) -> HttpResponse:
    """On to the member's own page, signed in."""
    response = HttpResponseRedirect(PREFIX)
    remember_session(response, session)
    return response


def device(request: HttpRequest) -> str:
    """Browser and system of the request, as people call them."""
    return device_of(request.META.get("HTTP_USER_AGENT", ""))


def _address(request: HttpRequest) -> str:
    return str(getattr(request, "address", ""))


@open_page
@sensitive_post_parameters("who")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who are you? The answer is the same whether we know them or not."""
    if request.member is not None:  # type: ignore[attr-defined]
        return HttpResponseRedirect(PREFIX)
    form = WhoForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                token = services.request_code(
                    typed=form.cleaned_data["who"], address=_address(request)
                )
            except DomainError as error:
                add_refusal(form, error)
                status = error.status
            else:
                response = redirect("memberweb:code")
                remember_asking(response, token, seconds=CODE_MINUTES * 60)
                return response
    context = {"form": form, "hints": hints.way_in_hints()}
    return render(request, "memberweb/sign_in.html", context, status=status)


@open_page
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent, if one was."""
    token = request.COOKIES.get(ASKED_COOKIE, "")
    if not token:
        return redirect("memberweb:sign_in")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                session = services.enter_code(
                    token=token,
                    typed=form.cleaned_data["code"],
                    device=device(request),
                    address=_address(request),
                )
            except CodeGone as error:
                messages.error(request, error.sentence)
                response = redirect("memberweb:sign_in")
                response.delete_cookie(ASKED_COOKIE, path=PREFIX, samesite="Lax")
                return response
            except DomainError as error:
                add_refusal(form, error)
                status = error.status
            else:
                return enter(session)
    context = {"form": form, "minutes": CODE_MINUTES}
    return render(request, "memberweb/code.html", context, status=status)


@open_page
@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link from the desk. Looking at it spends nothing: programs look at links, too."""
    if request.method == "POST":
        return enter(services.open_link(token=token, device=device(request)))
    if not is_link_good(token):
        raise LinkGone()
    return render(request, "memberweb/open_link.html")


@member_page
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """This browser is nobody's any more; the browser forgets the card that it kept."""
    session = request.member_session  # type: ignore[attr-defined]
    services.end_session(session.pk, actor=actor_here(request))
    messages.success(request, gettext("You are signed out. Your card is no longer on this phone."))
    response = redirect("memberweb:sign_in")
    drop_session(response)
    response["Clear-Site-Data"] = '"storage"'
    return response
