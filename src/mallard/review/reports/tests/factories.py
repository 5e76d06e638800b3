"""What tests of reports share: whose figures, of which stores, and the consumer's work."""

from __future__ import annotations

import datetime as dt

from mallard.kernel.access.actor import Scope
from mallard.review.reports.cards import Card, cards_for
from mallard.review.reports.homes import HOMES
from mallard.review.reports.trade import TradeView, trade_view
from mallard.value.checkout.tests.factories import TradingWorld
from mallard.value.sales.models import Receipt, Return
from mallard.value.sales.rollups import bring_up_to_date
from mallard.world.members.tests.factories import an_actor

PHONE = "13812345678"
DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
ALL_RIGHTS = (
    "sales.view_figures", "sales.view_receipt", "ledger.view_ledger", "malls.view_lease",
    "malls.view_store", "malls.view_mall", "members.view_member",
)  # fmt: skip
EVERY_FIGURE = tuple(dict.fromkeys(code for one in HOMES.values() for code in one.figures))


def view_of(scope: Scope, *permissions: str) -> TradeView:
    view = trade_view(an_actor(*(permissions or ALL_RIGHTS), scope=scope), scope)
    assert view is not None
    return view


def lakeside(world: TradingWorld) -> Scope:
    return Scope(mall_ids=frozenset([world.place.lakeside.id]))


def told(view: TradeView) -> dict[str, Card]:
    return {card.figure.code: card for card in cards_for(view, EVERY_FIGURE)}


def follow() -> None:
    """What the outbox consumer does within seconds."""
    days = set(Receipt.objects.values_list("store_id", "business_day"))
    days |= set(Return.objects.values_list("store_id", "business_day"))
    bring_up_to_date(days, set(Receipt.objects.values_list("id", flat=True)))
