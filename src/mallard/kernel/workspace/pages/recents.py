"""What one opened lately: a page, and the part of it in the account menu."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.kernel.workspace import queries
from mallard.kernel.workspace.services import recents as services

IN_MENU = 6


@requires(SIGNED_IN)
@require_safe
@never_cache
def recents(request: HttpRequest) -> HttpResponse:
    """What the reader opened lately; only the first few where the menu asks for them."""
    is_menu = request.headers.get("HX-Target") == "recent-menu"
    limit = IN_MENU if is_menu else queries.RECENT_READ
    template = "workspace/recent_menu.html" if is_menu else "workspace/recents.html"
    return render(request, template, {"hits": queries.recent_hits(actor_of(request), limit)})


@requires(SIGNED_IN)
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Forget all of it."""
    services.clear_recents(actor=actor_of(request))
    messages.success(request, gettext("What you opened is forgotten."))
    return HttpResponseRedirect(reverse("workspace:recents"))
