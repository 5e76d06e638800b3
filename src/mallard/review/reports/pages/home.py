"""What lives on a home: its figures and its brief, asked for again every few seconds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render

from mallard.kernel import clock
from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.review.reports.composition import live_part
from mallard.review.reports.homes import standing_of
from mallard.review.reports.places import coloured_plan
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
    context = {"plan": coloured_plan(actor, request.GET, last) if last else None}
    is_part = request.headers.get("HX-Target") == "home-plan"
    template = "reports/parts/plan.html" if is_part else "reports/plan.html"
    return render(request, template, context)
