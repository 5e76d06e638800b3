"""The home page of the staff console."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mallard.kernel import clock
from mallard.kernel.access.guards import SIGNED_IN, requires
from mallard.kernel.ui import navigation, panels


@requires(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """The day at a glance: the panels that apps offer, and the ways into the reader's sections."""
    ways = [group for group in navigation.menu(request) if not group.is_current]
    context = {"now": clock.now(), "panels": panels.draw(request), "ways": ways}
    return render(request, "console/home.html", context)
