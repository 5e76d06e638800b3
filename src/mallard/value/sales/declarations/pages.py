"""Console pages where tenants declare: the stores' months, and one store's month as a grid."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import name_order
from mallard.kernel.errors import NotFound
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge
from mallard.value.sales.declarations import months as calendar
from mallard.value.sales.declarations import queries, rules, services
from mallard.value.sales.declarations.facts import ComparedDay, ComparedTotal
from mallard.value.sales.models import DeclarationStatus, Source
from mallard.value.sales.permissions import DECLARE_SALES, VIEW_DECLARATION
from mallard.value.sales.settings import DECLARATION_HOURS
from mallard.world.malls.models import Store

TONES: dict[str, Any] = {
    DeclarationStatus.DECLARED: "info",
    DeclarationStatus.CONFIRMED: "success",
    DeclarationStatus.DISPUTED: "danger",
}
MOST_STORES = 500


def status_badge(status: str) -> Badge:
    """The state of a declaration."""
    return Badge(DeclarationStatus(status).label, TONES[status])


def last_day_due(store: Store) -> dt.date:
    """The latest business day of ``store`` that should be declared by now."""
    mall = store.mall
    return rules.last_day_due(
        clock.now(), mall.zone, mall.business_day_cutoff_hour, DECLARATION_HOURS.value
    )


def _today(store: Store) -> dt.date:
    mall = store.mall
    return clock.business_day(clock.now(), mall.zone, mall.business_day_cutoff_hour)


@requires(VIEW_DECLARATION)
def months(request: HttpRequest) -> HttpResponse:
    """A month of the reader's stores: what is declared, what is missing; those that miss most
    come first."""
    scope = actor_of(request).scope
    stores = queries.stores_to_declare(scope).order_by(*name_order())[:MOST_STORES]
    rows = list(stores)
    first = _month_wanted(request, rows)
    last = calendar.last_of(first)
    totals = {one.place_id: one for one in queries.compared_totals(scope, first, last, by="store")}
    due = {store.pk: last_day_due(store) for store in rows}
    missing = Counter(
        store_id
        for store_id, day in queries.missing_days(scope, first, last)
        if store_id in due and day <= due[store_id]
    )
    shown = [_store_month(store, totals[store.pk], missing[store.pk], first) for store in rows]
    shown = [row for row in shown if row["total"].open_days or row["total"].declared_days]
    shown.sort(key=lambda row: (-row["missing"], -abs(row["total"].difference_minor)))
    context = {
        "rows": shown,
        "missing": sum(row["missing"] for row in shown),
        "is_cut": len(rows) == MOST_STORES,
        **_around(first, reverse("sales:months") + "?month={}"),
    }
    return render(request, "sales/months.html", context)


def _month_wanted(request: HttpRequest, stores: list[Store]) -> dt.date:
    text = request.GET.get("month", "")
    if text:
        return calendar.month_of(text)
    today = max((_today(store) for store in stores), default=clock.now().date())
    return today.replace(day=1)


def _around(first: dt.date, url: str) -> dict[str, Any]:
    """The month's name, and the ways to its neighbours."""
    before, after = calendar.month_before(first), calendar.month_after(first)
    return {
        "month": formats.month(first),
        "before": (formats.month(before), url.format(f"{before:%Y-%m}")),
        "after": (formats.month(after), url.format(f"{after:%Y-%m}")),
    }


def _store_month(
    store: Store, total: ComparedTotal, missing: int, first: dt.date
) -> dict[str, Any]:
    currency = total.currency
    return {
        "store": store,
        "url": reverse("sales:month", args=[store.pk, f"{first:%Y-%m}"]),
        "total": total,
        "missing": missing,
        "declared": Money(total.declared_minor, currency),
        "recorded": Money(total.recorded_minor, currency),
        "difference": Money(total.difference_minor, currency),
    }


@requires(VIEW_DECLARATION)
def this_month(request: HttpRequest, store_id: UUID) -> HttpResponse:
    """The way to a store's present month."""
    store = _visible_store(request, store_id)
    return HttpResponseRedirect(reverse("sales:month", args=[store.pk, f"{_today(store):%Y-%m}"]))


@requires(VIEW_DECLARATION)
def month(request: HttpRequest, store_id: UUID, month: str) -> HttpResponse:
    """A store's month as a grid to type in, with what receipts say beside it. Nothing is saved
    unless every cell makes sense, and nothing typed is lost."""
    actor = actor_of(request)
    store = _visible_store(request, store_id)
    first = calendar.month_of(month)
    last = min(calendar.last_of(first), _today(store))
    known = queries.compared_days(actor.scope, first, last, store_ids=[store.pk])
    currency = store.mall.currency
    typed = calendar.shown_month(known, currency)
    if request.method == "POST":
        actor.require(DECLARE_SALES)
        typed = calendar.typed_month(
            known, request.POST.dict(), store_code=store.code, currency=currency
        )
        if not typed.has_problems:
            saved = _declare(request, typed)
            if not typed.has_problems:
                messages.success(request, _said(saved))
                return HttpResponseRedirect(request.path)
    context = {
        "store": store,
        "typed": typed,
        "days": [_day_row(day, currency, last_day_due(store)) for day in typed.days],
        "sums": _sums(known, currency),
        "can_declare": actor.may(DECLARE_SALES),
        **_around(first, reverse("sales:month", args=[store.pk, "MONTH"]).replace("MONTH", "{}")),
    }
    status = 422 if typed.has_problems else 200
    return render(request, "sales/month.html", context, status=status)


def _declare(request: HttpRequest, typed: calendar.TypedMonth) -> int:
    """Declare what was typed; what is refused is said beside its day."""
    outcomes = services.declare_sales(typed.declared, actor=actor_of(request), source=Source.STAFF)
    refused = {
        given.business_day: outcome.error
        for given, outcome in zip(typed.declared, outcomes, strict=True)
        if outcome.error is not None
    }
    for day in typed.days:
        error = refused.get(day.known.business_day)
        day.problem = str(error) if error else ""
    return len(outcomes) - len(refused)


def _said(saved: int) -> str:
    if not saved:
        return _("Nothing has changed.")
    text = ngettext("%(days)s day is declared.", "%(days)s days are declared.", saved)
    return text % {"days": formats.number(saved)}


def _day_row(day: calendar.DayCells, currency: str, due: dt.date) -> dict[str, Any]:
    known = day.known
    difference = known.difference_minor
    return {
        "cells": day,
        "weekday": formats.weekday(known.business_day),
        "is_closed": known.status == DeclarationStatus.CONFIRMED and not day.problem,
        "recorded": Money(known.recorded_minor, currency),
        "difference": None if difference is None else Money(difference, currency),
        "state": status_badge(known.status) if known.status else _missing(known, due),
        "url": reverse("sales:declaration", args=[known.declaration_id])
        if known.declaration_id
        else "",
    }


def _missing(known: ComparedDay, due: dt.date) -> Badge | None:
    return Badge(_("Missing"), "warning") if known.business_day <= due else None


def _sums(known: list[ComparedDay], currency: str) -> dict[str, Money]:
    declared = [day for day in known if day.declared_minor is not None]
    said = sum(day.declared_minor or 0 for day in declared)
    recorded = sum(day.recorded_minor for day in declared)
    return {
        "declared": Money(said, currency),
        "recorded": Money(recorded, currency),
        "difference": Money(said - recorded, currency),
    }


def _visible_store(request: HttpRequest, store_id: UUID) -> Store:
    row = queries.stores_to_declare(actor_of(request).scope).filter(pk=store_id).first()
    if row is None:
        raise NotFound()
    return row
