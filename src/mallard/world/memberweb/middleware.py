"""Who is behind a request in the member page's lane."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from mallard.kernel.access.actor import WHOLE_GROUP
from mallard.kernel.access.guards import MEMBER
from mallard.kernel.http.lanes import is_members
from mallard.world.malls.queries import main_zone
from mallard.world.members.models import Member
from mallard.world.memberweb.actors import member_actor
from mallard.world.memberweb.queries import presence_of
from mallard.world.memberweb.services.sessions import note_sighting
from mallard.world.memberweb.sessions import COOKIE, drop_session


class MemberActorMiddleware:
    """Puts ``request.actor`` and ``request.member`` on requests under `/m/`; None when nobody is
    signed in there. Staff sessions count for nothing in here.

    Times are told as the mall keeps them in which the member enrolled.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_members(request):
            return self.get_response(request)
        token = request.COOKIES.get(COOKIE, "")
        presence = presence_of(token)
        request.member = presence.member if presence else None  # type: ignore[attr-defined]
        request.member_session = presence.session if presence else None  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        if presence is not None:
            request_id = getattr(request, "request_id", "")
            request.actor = member_actor(presence.member.id, request_id=request_id)  # type: ignore[attr-defined]
            note_sighting(presence.session)
        with _zone(presence.member if presence else None):
            response = self.get_response(request)
        if token and presence is None and COOKIE not in response.cookies:
            drop_session(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Who has not come in is led to the door, and comes to the start from there."""
        is_for_members = getattr(view, "permission", None) == MEMBER
        if is_for_members and getattr(request, "actor", None) is None:
            return HttpResponseRedirect(reverse("memberweb:sign_in"))
        return None


def _zone(member: Member | None) -> Any:
    if member is None:
        return nullcontext()
    mall = member.enrolled_mall
    zone = ZoneInfo(mall.time_zone) if mall else main_zone(WHOLE_GROUP)
    return timezone.override(zone) if zone else nullcontext()
