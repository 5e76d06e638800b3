"""Console pages where the mall looks at declarations: beside receipts, the worst first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import name_order, named
from mallard.kernel.errors import Invalid, NotFound
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRangeFilter,
    GivenFilter,
    SearchFilter,
)
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact, TimelineEntry
from mallard.value.sales.declarations import queries, services
from mallard.value.sales.declarations.pages import status_badge
from mallard.value.sales.models import DeclarationRevision, DeclarationStatus, SalesDeclaration
from mallard.value.sales.permissions import REVIEW_DECLARATION, VIEW_DECLARATION
from mallard.world.malls.queries import covers_mall, malls_in, store_name, tenants_in


def _money(name: str) -> Any:
    return lambda row: formats.money(Money(getattr(row, name), row.currency))


def _day(row: SalesDeclaration) -> SafeString | str:
    text = formats.day(row.business_day)
    if not row.is_generated:
        return text
    return format_html("{} {}", text, Badge(_("Generated"), "generated", "sparkles"))


def _share(row: Any) -> str:
    """The difference as a share of what was declared."""
    return formats.percent(row.difference_minor, row.amount_minor)


def _malls(request: HttpRequest) -> list[tuple[str, str]]:
    rows = malls_in(actor_of(request).scope).order_by(*name_order())
    return [(str(row.pk), row.name) for row in rows]


def _tenants(request: HttpRequest) -> list[tuple[str, str]]:
    rows = tenants_in(actor_of(request).scope).order_by(*name_order())
    return [(str(row.pk), row.name) for row in rows]


def _of_store(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    for word in text.split():
        rows = rows.filter(named(word, "store__"))
    return rows


DECLARATIONS = ListPage(
    key="declarations",
    title=_("Declared against receipts"),
    columns=(
        Column("day", _("Business day"), _day, sort="business_day"),
        Column("store", _("Store"), "store.name", sort="store__code"),
        Column(
            "declared",
            _("Declared"),
            _money("amount_minor"),
            sort="amount_minor",
            align="end",
            from_width="sm",
        ),
        Column(
            "recorded",
            _("Receipts say"),
            _money("recorded_minor"),
            sort="recorded_minor",
            align="end",
            from_width="md",
        ),
        Column(
            "difference", _("Difference"), _money("difference_minor"), sort="gap_minor", align="end"
        ),
        Column("share", _("Share"), _share, align="end", from_width="lg"),
        Column("status", _("Status"), lambda row: status_badge(row.status), from_width="sm"),
    ),
    default_sort="-difference",
    filters=(
        SearchFilter(label=_("Name or code of a store"), search=_of_store),
        ChoiceFilter("mall", _("Mall"), choices=_malls, column="store__mall_id"),
        ChoiceFilter("tenant", _("Tenant"), choices=_tenants, column="store__tenant_id"),
        GivenFilter(
            "store",
            _("Store"),
            name=store_name,
            apply=lambda rows, store_id: rows.filter(store=store_id),
        ),
        ChoiceFilter("status", _("Status"), choices=DeclarationStatus.choices, column="status"),
        DateRangeFilter("day", _("Business day"), column="business_day"),
        BooleanFilter(
            "differs",
            _("Differs"),
            apply=lambda rows: rows.exclude(amount_minor=F("recorded_minor")),
        ),
    ),
    row_url=lambda row: reverse("sales:declaration", args=[row.pk]),
    empty=Empty(
        _("No sales are declared yet"),
        _("Tenants declare their sales day by day, by hand, by file or from their own system."),
        icon="report-money",
    ),
)


@requires(VIEW_DECLARATION)
def declarations(request: HttpRequest) -> HttpResponse:
    """What the reader's stores declared beside what receipts say; largest difference first."""
    rows = queries.beside_receipts(queries.declarations_in(actor_of(request).scope))
    return DECLARATIONS.respond(request, rows.select_related("store"))


@requires(VIEW_DECLARATION)
def declaration(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """One declaration: both figures, and everything that was said of it."""
    return _page(request, _visible(request, declaration_id))


def _page(
    request: HttpRequest, row: Any, *, reason: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    revisions = list(row.revisions.order_by("-revision"))
    context = {
        "row": row,
        "state": status_badge(row.status),
        "facts": _facts(row),
        "timeline": [_entry(one, row) for one in revisions],
        "can_review": _may_review(actor_of(request), row),
        "is_confirmed": row.status == DeclarationStatus.CONFIRMED,
        "reason": reason,
        "problem": problem,
    }
    return render(request, "sales/declaration.html", context, status=status)


def _may_review(actor: Actor, row: SalesDeclaration) -> bool:
    return actor.may(REVIEW_DECLARATION) and covers_mall(actor.scope, row.store.mall_id)


def _facts(row: Any) -> list[Fact]:
    month = reverse("sales:month", args=[row.store_id, f"{row.business_day:%Y-%m}"])
    zone = row.store.mall.zone
    receipts = None if row.receipts is None else formats.number(row.receipts)
    return [
        Fact(_("Store"), row.store.name, url=month),
        Fact(_("Tenant"), row.store.tenant.name),
        Fact(_("Declared"), _money("amount_minor")(row), is_generated=row.is_generated),
        Fact(_("Receipts say"), _money("recorded_minor")(row)),
        Fact(_("Difference"), _money("difference_minor")(row), hint=_share(row)),
        Fact(_("Receipts, as declared"), receipts),
        Fact(_("Declared at"), formats.moment(row.declared_at, zone)),
        *([Fact(_("Why it is disputed"), row.reason)] if row.reason else []),
    ]


def _entry(one: DeclarationRevision, row: Any) -> TimelineEntry:
    titles = {
        DeclarationStatus.DECLARED: _("Declared"),
        DeclarationStatus.CONFIRMED: _("Confirmed"),
        DeclarationStatus.DISPUTED: _("Disputed"),
    }
    amount = formats.money(Money(one.amount_minor, row.currency))
    return TimelineEntry(
        at=one.said_at,
        title=titles[DeclarationStatus(one.status)],
        detail=f"{amount} · {one.reason}" if one.reason else amount,
        icon="report-money",
        is_generated=one.origin == "generated",
        zone=row.store.mall.zone,
    )


@requires(REVIEW_DECLARATION)
@require_POST
def review(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Confirm, dispute with a reason, or open again."""
    row = _visible(request, declaration_id)
    actor = actor_of(request)
    if not _may_review(actor, row):
        raise NotFound()
    wanted = request.POST.get("status", "")
    reason = request.POST.get("reason", "")
    if wanted not in DeclarationStatus.values:
        raise NotFound()
    status = DeclarationStatus(wanted)
    try:
        services.review_declarations(
            [row.pk],
            status=status,
            reason=reason if status == DeclarationStatus.DISPUTED else "",
            actor=actor,
        )
    except Invalid as error:
        problem = str(error.fields.get("reason", error))
        return _page(request, row, reason=reason, problem=problem, status=422)
    messages.success(
        request, str(_("The declaration is now: %(status)s.") % {"status": status.label})
    )
    return HttpResponseRedirect(reverse("sales:declaration", args=[row.pk]))


def _visible(request: HttpRequest, declaration_id: UUID) -> Any:
    rows = queries.beside_receipts(queries.declarations_in(actor_of(request).scope))
    row = rows.select_related("store__mall", "store__tenant").filter(pk=declaration_id).first()
    if row is None:
        raise NotFound()
    return row
