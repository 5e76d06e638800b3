"""Who is behind a session: from the signed-in user to the actor that services ask for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mallard.world.malls.queries import main_zone
from mallard.world.staff import queries
from mallard.world.staff.models import StaffUser


class StaffActorMiddleware:
    """Puts ``request.actor`` on requests of a signed-in member of staff; None otherwise.

    The API replaces it with the actor of its key. One query for the roles and one for the zone,
    once per request: times that no single mall owns are told as the reader's malls keep them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        actor = None
        if user is not None and user.is_authenticated and isinstance(user, StaffUser):
            actor = queries.actor_for_user(user).at(
                request_id=getattr(request, "request_id", ""),
                address=getattr(request, "address", ""),
            )
        request.actor = actor  # type: ignore[attr-defined]
        zone = main_zone(actor.scope) if actor else None
        with timezone.override(zone) if zone else nullcontext():
            return self.get_response(request)
