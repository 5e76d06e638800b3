"""What sales and loyalty show of a tenant: the month to date, sold, declared, and what it cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mallard.kernel.bilingual import localised
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.value.loyalty.measures import cost_of_tenants_points
from mallard.value.sales.declarations.queries import compared_totals
from mallard.value.sales.figures import Trade, trade_on
from mallard.value.sales.measures import leased_trade
from mallard.value.sales.models import MemberStoreDay, StoreDay
from mallard.value.sales.permissions import VIEW_DECLARATION, VIEW_FIGURES
from mallard.value.sales.queries import latest_trading_day, store_days_in, trade_by_place
from mallard.world.malls import panels
from mallard.world.malls.models import Store
from mallard.world.malls.panels import TenantInView
from mallard.world.malls.permissions import VIEW_LEASE


def register() -> None:
    """Offer the cards to tenants' pages."""
    panels.register_panel(
        panels.TenantPanel(
            "sales",
            gettext_lazy("Sales, month to date"),
            "checkout/parts/tenant_sales.html",
            VIEW_FIGURES,
            _sales,
            order=10,
        )
    )
    panels.register_panel(
        panels.TenantPanel(
            "declared",
            gettext_lazy("Declared against receipts, month to date"),
            "checkout/parts/tenant_declared.html",
            VIEW_DECLARATION,
            _declared,
            order=20,
        )
    )


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure with what it is made of."""

    label: str
    figure: str
    note: str = ""


def _days(view: TenantInView) -> QuerySet[StoreDay]:
    return store_days_in(view.actor.scope).filter(store__in=[store.pk for store in view.stores])


def _one_currency(stores: Sequence[Store]) -> str | None:
    """The currency that all these stores sell in; amounts in several are not added."""
    currencies = {store.mall.currency for store in stores}
    return next(iter(currencies)) if len(currencies) == 1 else None


def _sales(view: TenantInView) -> Mapping[str, Any] | None:
    days = _days(view)
    last = latest_trading_day(days)
    currency = _one_currency(view.stores)
    if last is None or currency is None:
        return None
    first = last.replace(day=1)
    by_store = trade_by_place(days, first, last, by_store=True)
    trade = trade_on(by_store, first, last)
    stats = [
        Stat(_("Net sales"), formats.money(Money(trade.net_minor, currency))),
        Stat(_("Receipts"), formats.number(trade.receipts), _per_receipt(trade, currency)),
        *_density(view, days, first, last, currency),
        *_cost_rate(view, trade, first, last, currency),
        *_customers(view, first, last),
    ]
    names = {store.pk: store for store in view.stores}
    sold = {
        pk: trade_on([one for one in by_store if one.place_id == pk], first, last) for pk in names
    }
    return {
        "until": formats.day(last),
        "stats": stats,
        "stores": [
            {
                "name": localised(names[pk].name_en, names[pk].name_zh),
                "url": reverse("malls:store", args=[pk]),
                "net": Money(one.net_minor, currency),
                "receipts": one.receipts,
            }
            for pk, one in sorted(sold.items(), key=lambda item: -item[1].net_minor)
        ],
    }


def _per_receipt(trade: Trade, currency: str) -> str:
    each = trade.per_receipt_minor
    if each is None:
        return ""
    return _("%(amount)s per receipt") % {"amount": formats.money(Money(each, currency))}


def _density(
    view: TenantInView,
    days: QuerySet[StoreDay],
    first: dt.date,
    last: dt.date,
    currency: str,
) -> list[Stat]:
    """Net sales ÷ leased m² ÷ open days."""
    if not view.actor.may(VIEW_LEASE):
        return []
    stores = Store.objects.filter(pk__in=[store.pk for store in view.stores])
    density = leased_trade(days, stores, first, last).density_minor
    if density is None:
        return []
    figure = formats.money(Money(density, currency))
    return [Stat(_("Density"), figure, _("per leased m² and open day"))]


def _cost_rate(
    view: TenantInView, trade: Trade, first: dt.date, last: dt.date, currency: str
) -> list[Stat]:
    """Tenant-funded points ÷ net sales: points are told of the whole tenant only."""
    if not view.is_whole:
        return []
    cost = cost_of_tenants_points([view.tenant.pk], first, last)
    if cost is None or cost.currency != currency or trade.net_minor <= 0:
        return []
    note = _("%(cost)s for points") % {"cost": formats.money(cost)}
    return [Stat(_("Cost rate"), formats.percent(cost.minor, trade.net_minor, 2), note)]


def _customers(view: TenantInView, first: dt.date, last: dt.date) -> list[Stat]:
    """Members who bought, and those whose first receipt in the store falls into the month. They
    are counted, never named: a count needs no consent."""
    here = MemberStoreDay.objects.filter(store__in=[store.pk for store in view.stores])
    bought = here.filter(business_day__range=(first, last))
    earlier = MemberStoreDay.objects.filter(
        member_id=OuterRef("member_id"), store_id=OuterRef("store_id"), business_day__lt=first
    )
    members = bought.values("member_id").distinct().count()
    new = bought.filter(~Exists(earlier)).values("member_id", "store_id").distinct().count()
    return [
        Stat(_("Members who bought"), formats.number(members)),
        Stat(_("New to the store"), formats.number(new), _("first receipt there this month")),
    ]


def _declared(view: TenantInView) -> Mapping[str, Any] | None:
    last = latest_trading_day(_days(view))
    if last is None:
        return None
    first = last.replace(day=1)
    ids = [store.pk for store in view.stores]
    totals = compared_totals(view.actor.scope, first, last, by="store", store_ids=ids)
    names = {store.pk: store.name for store in view.stores}
    month = f"{first:%Y-%m}"
    rows: list[dict[str, Any]] = [
        {
            "name": names[total.place_id],
            "url": reverse("sales:month", args=[total.place_id, month]),
            "total": total,
            "declared": Money(total.declared_minor, total.currency),
            "recorded": Money(total.recorded_minor, total.currency),
            "difference": Money(total.difference_minor, total.currency),
        }
        for total in totals
        if total.place_id in names and total.open_days
    ]
    rows.sort(key=lambda row: -abs(row["total"].difference_minor))
    return {"rows": rows} if rows else None
