"""Puts a home together: the reader's role decides what, the reader's stores decide of what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mallard.kernel.figures import figure
from mallard.kernel.ui import formats
from mallard.kernel.ui.marks import Text
from mallard.review.reports.brief import morning_brief
from mallard.review.reports.cards import cards_for
from mallard.review.reports.charts import hours_chart, trend_chart
from mallard.review.reports.goods import goods_brief
from mallard.review.reports.homes import Standing, standing_of
from mallard.review.reports.memory import remembered
from mallard.review.reports.places import category_rows, place_rows
from mallard.review.reports.plan.view import coloured_plan
from mallard.review.reports.trade import DAY, MONTH, TradeView, trade_view
from mallard.review.reports.versions import reader_of, version_of
from mallard.value.sales.breakdowns import store_hours_in
from mallard.value.sales.figures import MEMBER_SHARE
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.world.catalog.permissions import VIEW_PRODUCT
from mallard.world.malls.permissions import VIEW_MALL
from mallard.world.members.permissions import VIEW_MEMBER

SECONDS_BETWEEN_LOOKS = 5


@dataclass(frozen=True, slots=True)
class Lookup:
    """A field that finds something: leads to the list that takes ``?q=``."""

    key: str
    label: Text
    url: str
    permission: str
    icon: str


def _lookups() -> dict[str, Lookup]:
    return {
        "members": Lookup(
            "members", _("Find a member"), reverse("members:list"), VIEW_MEMBER, "user"
        ),
        "receipts": Lookup(
            "receipts", _("Find a receipt"), reverse("checkout:receipts"), VIEW_RECEIPT, "receipt"
        ),
        "products": Lookup(
            "products", _("Find a product"), reverse("catalog:products"), VIEW_PRODUCT, "barcode"
        ),
    }


def home(request: HttpRequest) -> Mapping[str, Any]:
    """Everything that the home page of this reader shows. ``live`` and ``parts`` are HTML, empty
    where there is nothing to tell."""
    standing = standing_of(request)
    version = version_of(standing)
    view = cache(lambda: _view(standing))
    offered = _lookups()
    return {
        "standing": standing,
        "lookups": [
            offered[key]
            for key in standing.home.lookups
            if standing.actor.may(offered[key].permission)
        ],
        "version": version,
        "seconds": SECONDS_BETWEEN_LOOKS,
        "live": live_part(standing, version, view),
        "parts": remembered(("parts", *reader_of(standing)), lambda: _render_parts(standing, view)),
        "definitions": _definitions(standing),
    }


View = Callable[[], TradeView | None]
_BRIEFS = {"trade": morning_brief, "goods": goods_brief}


def live_part(standing: Standing, version: str, view: View | None = None) -> str:
    """The figures and the brief as HTML: what changes while somebody looks at it. What was put
    together for ``version`` (`version_of`) is not put together again."""

    def render() -> str:
        seen = view() if view else _view(standing)
        if seen is None:
            return ""
        return render_to_string("reports/parts/live.html", _live(standing, seen))

    # A product that was put right changes no version: its keeper, alone, reads anew.
    if standing.home.brief == "goods":
        return SafeString(render())
    return SafeString(remembered(("live", version), render))


def _live(standing: Standing, view: TradeView) -> Mapping[str, Any]:
    return {
        "day": view.day,
        "weekday": formats.weekday(view.day),
        "is_running": view.is_running,
        "is_partial": view.is_partial,
        "currency": view.currency,
        "brief": _BRIEFS[standing.home.brief](view),
        "cards": cards_for(view, standing.home.figures),
        "rows": place_rows(view) if "places" in standing.home.parts else [],
        "place_kind": _("Store") if view.by_store else _("Mall"),
    }


def _view(standing: Standing) -> TradeView | None:
    home = standing.home
    is_told = home.tells and standing.actor.may(home.permission)
    return trade_view(standing.actor, standing.actor.scope) if is_told else None


def _render_parts(standing: Standing, view: View) -> str:
    """The parts that stand still until the page is opened again."""
    seen = view()
    if seen is None:
        return ""
    return SafeString(
        render_to_string("reports/parts/parts.html", {"parts": _parts(standing, seen)})
    )


def _parts(standing: Standing, view: TradeView) -> list[dict[str, Any]]:
    """The parts with something to show, in the order of the home."""
    parts: list[dict[str, Any]] = []
    for key in standing.home.parts:
        if key == "trend":
            parts.append({"key": key, "chart": trend_chart(view)})
        elif key == "hours":
            hours = store_hours_in(view.scope).filter(store__mall__in=view.told_malls)
            chart = hours_chart(
                hours,
                view.day - MONTH + DAY,
                view.day,
                currency=view.currency,
                links=view.links,
                is_generated=view.counts_generated,
            )
            parts.append({"key": key, "chart": chart})
        elif key == "categories":
            parts.append({"key": key, "rows": category_rows(view)})
        elif key == "plan" and standing.actor.may(VIEW_MALL):
            plan = coloured_plan(standing.actor, QueryDict(), view.whole_day)
            parts.append({"key": key, "plan": plan})
        elif key == "movers":
            # Fetched when somebody gets there: the home's first answer does not wait for it.
            address = f"{reverse('reports:movers')}?{urlencode({'role': standing.role})}"
            parts.append({"key": key, "url": address})
    return [part for part in parts if any(part[name] for name in part if name != "key")]


def _definitions(standing: Standing) -> list[Any]:
    return [figure(code) for code in dict.fromkeys((*standing.home.figures, MEMBER_SHARE.code))]
