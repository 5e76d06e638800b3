"""What lives on a home: its figures and its brief, asked for again every few seconds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from mallard.kernel import clock
from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.review.reports.composition import live_part
from mallard.review.reports.homes import standing_of
from mallard.review.reports.plan.view import coloured_plan
from mallard.review.reports.trade import latest_whole_day
from mallard.review.reports.versions import version_of
from mallard.value.sales.permissions import VIEW_FIGURES


@requires(SIGNED_IN)
def live(request: HttpRequest) -> HttpResponse:
    """The figures and the brief again, or 304 while nothing has changed since the reader's copy."""
    standing = standing_of(request)
    # Before the figures are read: what changes in between makes the next answer a new one.
    tag = version_of(standing)
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(live_part(standing, tag))
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@requires(VIEW_FIGURES)
def plan(request: HttpRequest) -> HttpResponse:
    """A floor coloured by a figure: a page of its own, and the part of a home that it is."""
    actor = actor_of(request)
    last = latest_whole_day(actor.scope, clock.now())
    target = request.headers.get("HX-Target")
    is_part = target in ("home-plan", "plan-page")
    context = {
        "plan": coloured_plan(actor, request.GET, last) if last else None,
        # On its own page the address follows what is chosen; a home keeps its own.
        "is_page": target != "home-plan",
    }
    template = "reports/parts/plan.html" if is_part else "reports/plan.html"
    return varying(render(request, template, context))


def varying(response: HttpResponse) -> HttpResponse:
    """One address answers with a page or a part: caches keep them apart."""
    patch_vary_headers(response, ("HX-Target",))
    return response
