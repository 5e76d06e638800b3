"""How receipts and their figures are written in lists and on records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import F, Func, IntegerField, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.kept import record_url
from mallard.kernel.ui.parts import Badge
from mallard.kernel.ui.templatetags.ui import at
from mallard.value.loyalty.models import Assessment
from mallard.value.loyalty.reasons import Reason
from mallard.value.sales.models import PendingReturn, Receipt, Return, Source
from mallard.world.catalog.models import RestrictedKind
from mallard.world.malls.models import TradeCategory
from mallard.world.malls.queries import malls_in, stores_in, tenants_in, trade_category_tree

PROBLEMS = {
    "sales.return_exceeds_sale": _("More comes back than was sold"),
    "sales.return_before_sale": _("It is dated before its sale"),
    "sales.nothing_left_to_return": _("Everything was returned already"),
    "sales.invalid_return": _("It names a line that the receipt does not have"),
}


def zone_of(row: Receipt | Return | PendingReturn) -> ZoneInfo:
    """The time zone of the mall where it happened."""
    return ZoneInfo(row.store.mall.time_zone)


def when(row: Receipt | Return | PendingReturn) -> str:
    return at(row.occurred_at, zone_of(row))


def number(row: Receipt | Return | PendingReturn) -> SafeString:
    """The till's number, never broken over two lines; a made-up sale or return says so."""
    if row.source != Source.GENERATED:
        return format_html('<span class="num">{}</span>', row.number)
    badge = Badge(_("Generated"), "generated", "sparkles")
    return format_html('<span class="num">{}</span> {}', row.number, badge)


def paid(row: Receipt) -> str:
    return formats.money(Money(row.net_minor, row.currency))


def refunded(row: Return) -> str:
    return formats.money(Money(row.refund_minor, row.receipt.currency))


def paid_amount(row: Receipt) -> Money:
    return Money(row.net_minor, row.currency)


def refunded_amount(row: Return) -> Money:
    return Money(row.refund_minor, row.receipt.currency)


def local_moment(row: Receipt | Return | PendingReturn) -> dt.datetime:
    """When it happened, as the mall's clock showed."""
    return row.occurred_at.astimezone(zone_of(row))


def points_earned(row: Receipt) -> int | None:
    assessment = latest(row)
    return assessment.points if assessment else None


def latest(row: Receipt) -> Assessment | None:
    """The latest revision among the assessments that the list fetched for the row."""
    revisions = list(row.assessments.all())
    return max(revisions, key=lambda one: one.revision) if revisions else None


def points(row: Receipt) -> SafeString | str | None:
    """What a receipt earns; why, where it earns nothing."""
    assessment = latest(row)
    if assessment is None:
        return None
    if assessment.points:
        return formats.number(assessment.points)
    why = Reason(assessment.reason).label
    return format_html('<span class="muted">{}</span>', why)


def restricted(kind: str | None) -> Badge | None:
    """A badge for goods that never earn."""
    return Badge(RestrictedKind(kind).label, "warning") if kind else None


def sale_link(row: Return) -> SafeString:
    url = record_url("checkout:receipt", row.receipt_id)
    return format_html('<a class="num" href="{}">{}</a>', url, row.receipt.number)


def problem(row: PendingReturn) -> Badge:
    """Why a return still waits."""
    if row.problem is None:
        return Badge(_("Its sale has not arrived"), "info")
    return Badge(PROBLEMS.get(row.problem, row.problem), "warning")


def mall_choices(request: HttpRequest) -> Iterable[tuple[str, str]]:
    malls = malls_in(actor_of(request).scope).order_by("code")
    return [(str(mall.pk), mall.name) for mall in malls]


def tenant_choices(request: HttpRequest) -> Iterable[tuple[str, str]]:
    tenants = tenants_in(actor_of(request).scope).order_by("code")
    return [(str(tenant.pk), tenant.name) for tenant in tenants]


def trade_choices(_request: HttpRequest) -> Iterable[tuple[str, str]]:
    """The trade categories, lower ones behind the upper one that they belong to."""
    choices: list[tuple[str, str]] = []
    for upper in trade_category_tree():
        lower: Iterable[TradeCategory] = upper.children.all()
        choices.append((str(upper.pk), upper.name))
        choices += [(str(one.pk), f"{upper.name} › {one.name}") for one in lower]
    return choices


def in_trade(rows: QuerySet[Receipt], category_id: str) -> QuerySet[Receipt]:
    """The receipts of stores in a trade category or in one below it."""
    category = Q(store__trade_category=category_id)
    return rows.filter(category | Q(store__trade_category__parent=category_id))


HOURS = tuple((str(hour), f"{hour:02}:00") for hour in range(24))


def in_hour(rows: QuerySet[Receipt], hour: str) -> QuerySet[Receipt]:
    """The receipts of an hour by the clock of their mall."""
    local = Func(
        F("store__mall__time_zone"),
        F("occurred_at"),
        template="extract(hour FROM timezone(%(expressions)s))",
        output_field=IntegerField(),
    )
    return rows.annotate(local_hour=local).filter(local_hour=int(hour))


def weekday_choices(_request: HttpRequest) -> Iterable[tuple[str, str]]:
    return [(str(n), name) for n, name in enumerate(formats.weekday_names("wide"), start=1)]


def on_weekday(rows: QuerySet[Receipt], weekday: str) -> QuerySet[Receipt]:
    """The receipts of a weekday (1: Monday), by business day."""
    return rows.filter(business_day__iso_week_day=int(weekday))


def store_choices(request: HttpRequest) -> Iterable[tuple[str, str]]:
    stores = stores_in(actor_of(request).scope).order_by("code")
    return [(str(store.pk), store.name) for store in stores]
