"""Cells and facts that several pages of the place share."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of
from mallard.kernel.bilingual import name_order
from mallard.kernel.ui.filters import Rows
from mallard.kernel.ui.parts import Badge, Fact
from mallard.world.malls import queries
from mallard.world.malls.models import Store, TenantStatus

STORE_STATES: tuple[tuple[str, str | Promise], ...] = (
    ("open", pgettext_lazy("store", "Open")),
    ("closed", pgettext_lazy("store", "Closed")),
)


def named_cell(row: Any) -> SafeString | str:
    """The row's name, with a badge when a generator made it up."""
    if not row.is_generated:
        return str(row.name)
    return format_html("{} {}", row.name, Badge(_("Generated"), "generated", "sparkles"))


def name_facts(row: Any) -> list[Fact]:
    """Code and both names."""
    return [
        Fact(_("Code"), row.code),
        Fact(_("English name"), row.name_en),
        Fact(_("Chinese name"), row.name_zh),
    ]


def origin_fact(row: Any) -> Fact:
    return Fact(_("Origin"), row.get_origin_display(), is_generated=row.is_generated)


def store_state(store: Store) -> Badge:
    """Whether the store trades today, as `in_state` filters it."""
    if store.is_open_on(timezone.localdate(clock.now())):
        return Badge(STORE_STATES[0][1], "success")
    return Badge(STORE_STATES[1][1], "neutral")


def in_state(rows: Rows, state: str) -> Rows:
    """The stores that trade today (``open``) or do not (``closed``)."""
    today = timezone.localdate(clock.now())
    is_open = (Q(opened_on=None) | Q(opened_on__lte=today)) & (
        Q(closed_on=None) | Q(closed_on__gt=today)
    )
    return rows.filter(is_open if state == "open" else ~is_open)


def tenant_state(status: str) -> Badge:
    tones: dict[str, Any] = {TenantStatus.ACTIVE: "success", TenantStatus.SUSPENDED: "warning"}
    return Badge(TenantStatus(status).label, tones.get(status, "neutral"))


def area(area_dm2: int) -> str:
    """Square metres with two decimals at most, from square decimetres."""
    whole, rest = divmod(area_dm2, 100)
    digits = f"{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")
    return f"{digits} m²"


def mall_choices(request: HttpRequest) -> list[tuple[str, str]]:
    malls = queries.malls_in(actor_of(request).scope)
    return [(str(mall.pk), mall.name) for mall in malls.order_by(*name_order())]


def tenant_choices(request: HttpRequest) -> list[tuple[str, str]]:
    tenants = queries.tenants_in(actor_of(request).scope)
    return [(str(tenant.pk), tenant.name) for tenant in tenants.order_by(*name_order())]


def trade_category_choices(request: HttpRequest) -> list[tuple[str, str]]:
    choices: list[tuple[str, str]] = []
    for category in queries.trade_category_tree():
        choices.append((str(category.pk), category.name))
        choices += [
            (str(child.pk), f"{category.name} › {child.name}") for child in category.children.all()
        ]
    return choices
