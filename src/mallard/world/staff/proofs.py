"""Asking who it is once more before a sensitive act (`kernel.access.step_up`)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from mallard.kernel.errors import DomainError
from mallard.kernel.http import limits
from mallard.world.staff import codes, queries, sessions
from mallard.world.staff.errors import ProofWrong
from mallard.world.staff.models import StaffUser
from mallard.world.staff.services.second_factor import check_code

FIELD = "proof"
TRIES = limits.Limit(per_minute=2, capacity=10)


class PasswordOrCode:
    """The proof that people give: their password, or a code if they have set them up."""

    def demand(self, request: HttpRequest) -> HttpResponse | None:
        """Nothing when the last proof is fresh or comes with the request; else the page that asks,
        with the form that was sent in it."""
        user = request.user
        if not isinstance(user, StaffUser) or sessions.is_proof_fresh(request.session):
            return None
        problem = ""
        if FIELD in request.POST:
            try:
                self._check(request, user)
            except DomainError as error:
                problem = error.sentence
            else:
                sessions.note_proof(request.session)
                sent = request.POST.copy()
                del sent[FIELD]
                request.POST = sent  # type: ignore[assignment]
                return None
        return self._ask(request, user, problem)

    def _check(self, request: HttpRequest, user: StaffUser) -> None:
        limits.take(f"proof:{user.id}", TRIES)
        given = request.POST[FIELD]
        if codes.is_code(given) and queries.has_second_factor(user.id):
            check_code(user.id, code=given, address=getattr(request, "address", ""))
        elif not user.check_password(given):
            raise ProofWrong()

    def _ask(self, request: HttpRequest, user: StaffUser, problem: str) -> HttpResponse:
        carried = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in (FIELD, "csrfmiddlewaretoken")
            for value in values
        ]
        context = {
            "carried": carried,
            "action": request.get_full_path(),
            "problem": problem,
            "has_codes": queries.has_second_factor(user.id),
            "back": _page_before(request),
        }
        response = render(request, "staff/step_up.html", context, status=422)
        if request.headers.get("HX-Request"):
            response["HX-Retarget"] = response["HX-Reselect"] = "#content"
            response["HX-Reswap"] = "outerHTML"
        add_never_cache_headers(response)
        return response


def _page_before(request: HttpRequest) -> str:
    """Where somebody goes who does not go on: the page they came from, if it is ours."""
    before = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return before if is_ours else reverse(settings.LOGIN_REDIRECT_URL)
