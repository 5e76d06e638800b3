"""The demo's way into the member page: anybody may look at it as one of its members."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from mallard.demo.member import shown_member
from mallard.kernel.errors import NotFound
from mallard.world.memberweb.lane import PREFIX, open_page
from mallard.world.memberweb.models import WayIn
from mallard.world.memberweb.services import begin_session
from mallard.world.memberweb.sessions import remember_session


@open_page
@require_http_methods(["GET", "POST"])
def as_a_member(request: HttpRequest) -> HttpResponse:
    """Ask first, then come in. Nothing is here where no demo was loaded."""
    member = shown_member()
    if member is None:
        raise NotFound()
    if request.method == "GET":
        return render(request, "demo/as_a_member.html")
    session = begin_session(member, way_in=WayIn.DEMO)
    response = HttpResponseRedirect(PREFIX)
    remember_session(response, session, speaks=False)
    return response
