"""The home page of the staff console."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mallard.kernel import clock
from mallard.kernel.access.guards import SIGNED_IN, requires
from mallard.kernel.ui import navigation, panels
from mallard.review.reports import composition


@requires(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """The reader's home: the figures of their role, the panels that apps offer, and the ways into
    their sections."""
    ways = [group for group in navigation.menu(request) if not group.is_current]
    context = {
        "now": clock.now(),
        "home": composition.home(request),
        "panels": panels.draw(request),
        "ways": ways,
    }
    return render(request, "console/home.html", context)
