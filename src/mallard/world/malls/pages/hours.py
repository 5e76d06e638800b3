"""Opening hours: their form, and how a mall's or a store's page tells them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import Invalid, NotFound
from mallard.kernel.ui import formats
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.parts import Badge
from mallard.world.malls import opening_services, queries
from mallard.world.malls.models import Mall, OpeningHours, Store
from mallard.world.malls.opening import Openings, Plan, Said, openings_of, said_on
from mallard.world.malls.opening_forms import OpeningForm
from mallard.world.malls.permissions import EDIT_MALL, EDIT_STORE

AHEAD = dt.timedelta(days=180)
MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ToldHours:
    """Hours as a card tells them: weekdays that are alike in one line, the exceptions to come."""

    lines: list[tuple[str, str]]
    exceptions: list[tuple[str, str, str]]
    badge: Badge | None


def hours_of_store(store: Store) -> ToldHours | None:
    """A store's hours, its mall's where it says nothing; None where nobody has said anything."""
    openings = openings_of([store])
    if not openings.is_known(store):
        return None
    is_open = openings.is_open(store, clock.now())
    badge = Badge(_("open now"), "success") if is_open else Badge(_("closed now"), "neutral")
    rows = OpeningHours.objects.filter(mall=store.mall_id, day__isnull=False)
    own = [row for row in rows if row.store_id in (None, store.pk)]
    plans = [openings.plans.get(store.pk), openings.plans.get(store.mall_id)]
    return _told(plans, own, store.mall, badge)


def hours_of_mall(mall: Mall) -> ToldHours | None:
    """A mall's own hours; None where nothing is said."""
    rows = list(OpeningHours.objects.filter(mall=mall, store=None))
    if not rows:
        return None
    plans: list[Plan | None] = [Openings(rows).plans[mall.pk]]
    return _told(plans, [row for row in rows if row.day], mall, None)


def _told(
    plans: Sequence[Plan | None], rows: Sequence[OpeningHours], mall: Mall, badge: Badge | None
) -> ToldHours:
    names = formats.weekday_names()
    weekly = [_weekly(plans, weekday) for weekday in range(1, 8)]
    lines: list[tuple[str, str]] = []
    first = 0
    for number in range(1, 8):
        if number == 7 or weekly[number] != weekly[first]:
            days = names[first] if number - first == 1 else f"{names[first]}–{names[number - 1]}"
            lines.append((days, weekly[first]))
            first = number
    today = clock.business_day(clock.now(), mall.zone, mall.business_day_cutoff_hour)
    coming = {row.day: row for row in rows if row.day and today <= row.day <= today + AHEAD}
    exceptions = [
        (formats.day(day), said_text(said_on(plans, day)), coming[day].note)
        for day in sorted(coming)[:MOST_SHOWN]
    ]
    return ToldHours(lines, exceptions, badge)


def _weekly(plans: Sequence[Plan | None], weekday: int) -> str:
    for plan in plans:
        if plan is not None and weekday in plan.weekly:
            return said_text(plan.weekly[weekday])
    return _("not said")


def said_text(said: Said) -> str:
    return said.text if said else _("closed")


@requires(EDIT_MALL)
def mall_hours(request: HttpRequest, mall_id: UUID) -> HttpResponse:
    """When a mall is open."""
    actor = actor_of(request)
    mall = queries.whole_malls_in(actor.scope).filter(pk=mall_id).first()
    if mall is None:
        raise NotFound()
    rows = list(OpeningHours.objects.filter(mall=mall, store=None))
    form = OpeningForm(request.POST or None, rows=rows, unsaid=gettext_lazy("not said"))
    back = reverse("malls:mall", args=[mall.pk])
    if form.is_bound and form.is_valid():
        try:
            opening_services.set_mall_hours(mall.pk, form.weekly, form.exceptions, actor=actor)
        except Invalid as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The opening hours are saved."))
            return HttpResponseRedirect(back)
    return _page(request, form, mall.name, back)


@requires(EDIT_STORE)
def store_hours(request: HttpRequest, store_id: UUID) -> HttpResponse:
    """When a store is open; where it says nothing, its mall's hours hold."""
    actor = actor_of(request)
    store = queries.stores_in(actor.scope).filter(pk=store_id).first()
    if store is None:
        raise NotFound()
    rows = list(OpeningHours.objects.filter(store=store))
    form = OpeningForm(request.POST or None, rows=rows, unsaid=gettext_lazy("as the mall"))
    back = reverse("malls:store", args=[store.pk])
    if form.is_bound and form.is_valid():
        try:
            opening_services.set_store_hours(store.pk, form.weekly, form.exceptions, actor=actor)
        except Invalid as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The opening hours are saved."))
            return HttpResponseRedirect(back)
    return _page(request, form, store.name, back)


def _page(request: HttpRequest, form: OpeningForm, name: str, back: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "name": name, "back_url": back}
    return render(request, "malls/hours.html", context, status=422 if form.is_bound else 200)
