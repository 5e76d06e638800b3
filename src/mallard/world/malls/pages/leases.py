"""Leases: what ends soon, a lease with its history, and its forms."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.audit.queries import HistoryEntry, history_of
from mallard.kernel.bilingual import named
from mallard.kernel.errors import NotFound
from mallard.kernel.money import Money
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import BooleanFilter, ChoiceFilter, Rows, SearchFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact, TimelineEntry
from mallard.world.malls import queries, services
from mallard.world.malls.facts import LeaseInput
from mallard.world.malls.lease_forms import EndForm, LeaseForm
from mallard.world.malls.models import Lease, LeaseKind
from mallard.world.malls.pages import cells
from mallard.world.malls.permissions import EDIT_LEASE, VIEW_LEASE

SOON = dt.timedelta(days=90)


def _today() -> dt.date:
    return timezone.localdate(clock.now())


def state_of(lease: Lease) -> Badge:
    """Where a lease stands today, and how long it still runs when that is not long."""
    today = _today()
    left = (lease.ends_on - today).days
    if left < 0:
        return Badge(_("Ended"), "neutral")
    if lease.starts_on > today:
        return Badge(_("Not begun"), "info")
    if lease.ends_on <= today + SOON:
        text = ngettext("Ends in %(days)s day", "Ends in %(days)s days", left)
        return Badge(text % {"days": formats.number(left)}, "warning")
    return Badge(_("Running"), "success")


def where(lease: Lease) -> str:
    """Mall, floor and unit: codes repeat between floors."""
    unit, space = lease.unit, "\N{NO-BREAK SPACE}"
    return f"{unit.floor.mall.name} · {unit.floor.code}{space}·{space}{unit.code}"


def rent(lease: Lease) -> str | None:
    if lease.base_rent_minor is None:
        return None
    return formats.money(Money(lease.base_rent_minor, lease.unit.floor.mall.currency))


def share(lease: Lease) -> str | None:
    bp = lease.percentage_bp
    return None if bp is None else formats.percent(bp, 10_000, 2)


def rows_of(actor: Actor, **wanted: Any) -> list[dict[str, Any]]:
    """The leases that the actor may see, the latest first, as tables show them."""
    if not actor.may(VIEW_LEASE):
        return []
    leases = _fetched(queries.leases_in(actor.scope).filter(**wanted)).order_by("-starts_on")
    return [_row(lease) for lease in leases]


def _row(lease: Lease) -> dict[str, Any]:
    return {
        "lease": lease,
        "where": where(lease),
        "rent": rent(lease),
        "share": share(lease),
        "state": state_of(lease),
    }


def _fetched(rows: QuerySet[Lease]) -> QuerySet[Lease]:
    return rows.select_related("tenant", "store", "unit__floor__mall")


def _matching(rows: Rows, text: str) -> Rows:
    for word in text.split():
        found = named(word, "tenant__") | named(word, "store__")
        rows = rows.filter(found | Q(unit__code__icontains=word))
    return rows


def _ending(rows: Rows) -> Rows:
    today = _today()
    return rows.filter(ends_on__range=(today, today + SOON))


def _running(rows: Rows) -> Rows:
    today = _today()
    return rows.filter(starts_on__lte=today, ends_on__gte=today)


LEASES = ListPage(
    key="leases",
    title=gettext_lazy("Leases"),
    columns=(
        Column("tenant", gettext_lazy("Tenant"), "tenant.name", sort="tenant__code"),
        Column("unit", gettext_lazy("Unit"), where, sort="unit__code"),
        Column(
            "starts",
            gettext_lazy("Begins"),
            lambda lease: formats.day(lease.starts_on),
            sort="starts_on",
            from_width="lg",
        ),
        Column(
            "ends",
            gettext_lazy("Until"),
            lambda lease: formats.day(lease.ends_on),
            sort="ends_on",
        ),
        Column(
            "kind",
            gettext_lazy("Kind"),
            lambda lease: lease.get_kind_display(),
            sort="kind",
            from_width="xl",
        ),
        Column("rent", gettext_lazy("Base rent a month"), rent, align="end", from_width="md"),
        Column("share", gettext_lazy("Share of sales"), share, align="end", from_width="lg"),
        Column("state", gettext_lazy("Status"), state_of, from_width="sm"),
    ),
    default_sort="ends",
    filters=(
        SearchFilter(label=gettext_lazy("Tenant, store or unit"), search=_matching),
        ChoiceFilter(
            "mall",
            gettext_lazy("Mall"),
            choices=cells.mall_choices,
            column="unit__floor__mall_id",
        ),
        ChoiceFilter("kind", gettext_lazy("Kind"), choices=LeaseKind.choices),
        BooleanFilter("soon", gettext_lazy("Ends within 90 days"), apply=_ending),
        BooleanFilter("running", gettext_lazy("Running"), apply=_running),
    ),
    row_url=lambda lease: reverse("malls:lease", args=[lease.pk]),
    empty=Empty(gettext_lazy("No leases yet"), icon="file-text"),
    template="malls/leases.html",
)


@requires(VIEW_LEASE)
def leases(request: HttpRequest) -> HttpResponse:
    """The leases of the reader's malls, tenants and stores; what ends first comes first."""
    actor = actor_of(request)
    rows = _fetched(queries.leases_in(actor.scope))
    can_let = actor.may(EDIT_LEASE) and queries.whole_malls_in(actor.scope).exists()
    return LEASES.respond(request, rows, {"can_let": can_let})


@requires(VIEW_LEASE)
def lease(request: HttpRequest, lease_id: UUID) -> HttpResponse:
    """A lease: its terms, what was changed of it by whom, and the unit's other leases."""
    actor = actor_of(request)
    row = _visible_lease(request, lease_id)
    others = [one for one in rows_of(actor, unit=row.unit_id) if one["lease"].pk != row.pk]
    context = {
        "lease": row,
        "where": where(row),
        "state": state_of(row),
        "facts": _facts(row),
        "timeline": [_entry(entry, row) for entry in history_of("lease", row.pk)],
        "others": others,
        "can_edit": actor.may(EDIT_LEASE) and _covers(actor, row),
        "is_running": row.ends_on >= _today(),
    }
    return render(request, "malls/lease.html", context)


def _covers(actor: Actor, lease: Lease) -> bool:
    return queries.covers_mall(actor.scope, lease.unit.floor.mall_id)


def _facts(lease: Lease) -> list[Fact]:
    tenant = reverse("malls:tenant", args=[lease.tenant_id])
    store = lease.store
    return [
        Fact(_("Tenant"), lease.tenant.name, url=tenant),
        Fact(_("Unit"), where(lease), hint=cells.area(lease.unit.area_dm2)),
        Fact(
            _("Store"),
            store.name if store else None,
            url=reverse("malls:store", args=[store.pk]) if store else "",
        ),
        Fact(_("Begins"), formats.day(lease.starts_on)),
        Fact(_("Until"), formats.day(lease.ends_on)),
        Fact(_("Kind"), lease.get_kind_display(), is_generated=lease.is_generated),
        Fact(_("Area that rent is paid for"), cells.area(lease.area_dm2)),
        Fact(_("Base rent a month"), rent(lease)),
        Fact(_("Share of sales"), share(lease)),
        cells.origin_fact(lease),
    ]


def _entry(entry: HistoryEntry, lease: Lease) -> TimelineEntry:
    """A change as a line: the names of what changed, from what to what."""
    before, after = entry.before or {}, entry.after or {}
    is_new = entry.action.endswith("_created")
    changes = [
        f"{_NAMED[name]}: {_said(lease, name, before.get(name))} → {_said(lease, name, value)}"
        for name, value in after.items()
        if name in _NAMED and not is_new
    ]
    title = _("Entered") if is_new else _("Changed")
    return TimelineEntry(
        at=entry.recorded_at, title=title, detail="; ".join(changes), icon="pencil"
    )


def _said(lease: Lease, name: str, value: Any) -> str:
    """A value from the audit log as people read it."""
    if value is None:
        return "–"
    if name == "kind":
        return str(LeaseKind(value).label)
    if name == "area_dm2":
        return cells.area(value)
    if name == "percentage_bp":
        return formats.percent(value, 10_000, 2)
    if name == "base_rent_minor":
        return formats.money(Money(value, lease.unit.floor.mall.currency))
    return formats.day(dt.date.fromisoformat(value))


_NAMED = {
    "starts_on": gettext_lazy("Begins"),
    "ends_on": gettext_lazy("Until"),
    "kind": gettext_lazy("Kind"),
    "area_dm2": gettext_lazy("Area that rent is paid for"),
    "base_rent_minor": gettext_lazy("Base rent a month"),
    "percentage_bp": gettext_lazy("Share of sales"),
}


@requires(EDIT_LEASE)
def create_lease(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not queries.whole_malls_in(actor.scope).exists():
        raise NotFound()
    initial = {"tenant": request.GET.get("tenant")}
    form = LeaseForm(request.POST or None, initial=initial, actor=actor)
    return form_page.respond(
        request,
        form,
        save=lambda data: services.create_lease(_input(data), actor=actor),
        title=_("New lease"),
        done=_("The lease is saved."),
        next_url=lambda saved: reverse("malls:lease", args=[saved.pk]),
        back_url=reverse("malls:leases"),
        back_label=_("Leases"),
    )


@requires(EDIT_LEASE)
def edit_lease(request: HttpRequest, lease_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = _letting(request, lease_id)
    form = LeaseForm(request.POST or None, initial=_initial(row), actor=actor)
    return form_page.respond(
        request,
        form,
        save=lambda data: services.update_lease(
            lease_id, _input(data, origin=row.origin), actor=actor
        ),
        title=_("Edit %(name)s") % {"name": f"{row.tenant.name}, {where(row)}"},
        done=_("The lease is saved."),
        next_url=lambda saved: reverse("malls:lease", args=[saved.pk]),
        back_url=reverse("malls:lease", args=[lease_id]),
        back_label=row.tenant.name,
    )


@requires(EDIT_LEASE)
def end_lease(request: HttpRequest, lease_id: UUID) -> HttpResponse:
    """End a lease early: the day is the last on which the unit is let."""
    row = _letting(request, lease_id)
    return form_page.respond(
        request,
        EndForm(request.POST or None, initial={"ends_on": min(row.ends_on, _today())}),
        save=lambda data: services.close_lease(
            lease_id, ends_on=data["ends_on"], actor=actor_of(request)
        ),
        title=_("End the lease of %(tenant)s early") % {"tenant": row.tenant.name},
        done=_("The lease ends on that day. Its store stays open until it is closed."),
        next_url=lambda saved: reverse("malls:lease", args=[saved.pk]),
        back_url=reverse("malls:lease", args=[lease_id]),
        back_label=row.tenant.name,
    )


def _letting(request: HttpRequest, lease_id: UUID) -> Lease:
    row = _visible_lease(request, lease_id)
    if not _covers(actor_of(request), row):
        raise NotFound()
    return row


def _visible_lease(request: HttpRequest, lease_id: UUID) -> Lease:
    row = _fetched(queries.leases_in(actor_of(request).scope)).filter(pk=lease_id).first()
    if row is None:
        raise NotFound()
    return row


def _initial(lease: Lease) -> dict[str, Any]:
    digits = get_currency_precision(lease.unit.floor.mall.currency)
    rent_minor, bp = lease.base_rent_minor, lease.percentage_bp
    return {
        "tenant": lease.tenant_id,
        "unit": lease.unit_id,
        "store": lease.store_id,
        "starts_on": lease.starts_on,
        "ends_on": lease.ends_on,
        "kind": lease.kind,
        "area_dm2": f"{lease.area_dm2 / 100:.2f}",
        "base_rent_minor": "" if rent_minor is None else f"{rent_minor / 10**digits:.{digits}f}",
        "percentage_bp": "" if bp is None else f"{bp / 100:.2f}",
    }


def _input(data: dict[str, Any], **more: Any) -> LeaseInput:
    return LeaseInput(
        tenant_id=data["tenant"].pk,
        unit_id=data["unit"].pk,
        store_id=data["store"].pk if data["store"] else None,
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
        kind=data["kind"],
        area_dm2=data["area_dm2"],
        base_rent_minor=data["base_rent_minor"],
        percentage_bp=data["percentage_bp"],
        **more,
    )
