"""Who is behind a session: from the signed-in user to the actor that services ask for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from mallard.kernel.http.lanes import is_api, is_members
from mallard.world.malls.queries import main_zone
from mallard.world.staff import looking, queries, sessions
from mallard.world.staff.models import StaffUser

# What somebody may do who must set up codes first: that, read it in their language, or leave.
_BEFORE_CODES = ("/profile/second-factor", "/sign-out", "/ui/", "/static/")


class StaffActorMiddleware:
    """Puts ``request.actor`` on requests of a signed-in member of staff; None otherwise.

    The API replaces it with the actor of its key; on members' pages nobody is staff. One query for
    the roles and one for the zone, once per request: times that no single mall owns are told as the
    reader's malls keep them.

    Who came in by password alone and holds a role that needs a second factor, since before or
    since a moment ago, is led to set it up before anything else. Who looks on as another role is an
    actor of that role for as long as it lasts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request) or is_members(request):
            request.actor = None  # type: ignore[attr-defined]
            return self.get_response(request)
        user = getattr(request, "user", None)
        actor = None
        if user is not None and user.is_authenticated and isinstance(user, StaffUser):
            standing = queries.standing_of(user)
            if _must_set_up_codes(request, standing):
                return HttpResponseRedirect(reverse("staff:second_factor"))
            _note_visit(request, user)
            own = standing.actor.at(
                request_id=getattr(request, "request_id", ""),
                address=getattr(request, "address", ""),
            )
            actor = looking.actor_in(request, own)
        request.actor = actor  # type: ignore[attr-defined]
        zone = main_zone(actor.scope) if actor else None
        with timezone.override(zone) if zone else nullcontext():
            return self.get_response(request)


def _must_set_up_codes(request: HttpRequest, standing: queries.Standing) -> bool:
    return (
        request.session.get(sessions.WAY_IN) == sessions.BY_PASSWORD
        and not request.path.startswith(_BEFORE_CODES)
        and standing.needs_second_factor
    )


def _note_visit(request: HttpRequest, user: StaffUser) -> None:
    """Sessions that began before they were listed join the list."""
    if sessions.SESSION in request.session:
        sessions.note_sighting(request.session)
    else:
        sessions.begin(request, user)
