"""Who grew and who fell: a page of its own, and the part of a home that is fetched once seen."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mallard.kernel import clock
from mallard.kernel.access.guards import requires
from mallard.kernel.ui.parts import Tab
from mallard.review.reports.homes import standing_of
from mallard.review.reports.memory import remembered
from mallard.review.reports.movers import PERIODS, movers, period_of
from mallard.review.reports.pages.home import varying
from mallard.review.reports.trade import latest_whole_day
from mallard.review.reports.versions import reader_of
from mallard.value.sales.permissions import VIEW_FIGURES

PART = "home-movers"


@requires(VIEW_FIGURES)
def movers_page(request: HttpRequest) -> HttpResponse:
    """Tenants and trade categories that grew and fell, of the stores of the chosen role."""
    if request.headers.get("HX-Target") != PART:
        return varying(_rendered(request, "reports/movers.html", is_page=True))
    key = ("movers", period_of(request.GET.get("period", "")), *reader_of(standing_of(request)))

    def part() -> str:
        return _rendered(request, "reports/parts/movers.html", is_page=False).content.decode()

    return varying(HttpResponse(remembered(key, part)))


def _rendered(request: HttpRequest, template: str, *, is_page: bool) -> HttpResponse:
    standing = standing_of(request)
    last = latest_whole_day(standing.actor.scope, clock.now())
    if last is None:
        return render(request, template, {"movers": None})
    told = movers(standing.actor, request.GET.get("period", ""), last)
    tabs = [
        Tab(one.label, _address(standing.role, one.value), one is told.period) for one in PERIODS
    ]
    context = {"movers": told, "periods": tabs, "is_page": is_page}
    return render(request, template, context)


def _address(role: str, period: str) -> str:
    return f"{reverse('reports:movers')}?{urlencode({'role': role, 'period': period})}"
