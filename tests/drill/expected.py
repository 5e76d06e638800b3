"""What the database must hold after what was acknowledged, computed by plain Python alone.

Nothing of the product is imported: a mistake in its rules would otherwise excuse itself.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

Number = tuple[str, str]
StoreDay = tuple[str, dt.date]


@dataclass
class Expected:
    """Points by receipt and by phone; the stores' days as (receipts, of members, net, of members,
    discount, returns, refund, of members); refunds by return."""

    points: dict[Number, int] = field(default_factory=dict)
    balances: dict[str, int] = field(default_factory=dict)
    store_days: dict[StoreDay, list[int]] = field(default_factory=dict)
    refunds: dict[Number, int] = field(default_factory=dict)


@dataclass
class _Sale:
    store: str
    mall: str
    day: dt.date
    phone: str | None
    lines: list[dict[str, Any]]
    left: list[int]
    refunds: list[tuple[dt.date, int]] = field(default_factory=list)


def expected(
    place: dict[str, Any],
    receipts: dict[Number, dict[str, Any]],
    returns: dict[Number, dict[str, Any]],
) -> Expected:
    """Work out the end from the facts, in whichever order they came."""
    result = Expected()
    malls = {store["code"]: store["mall"] for store in place["stores"]}
    sales = {
        number: _Sale(
            store=body["store"],
            mall=malls[body["store"]],
            day=_business_day(body["occurred_at"], place),
            phone=body["member"]["value"] if body.get("member") else None,
            lines=body["lines"],
            left=[line["amount_minor"] for line in body["lines"]],
        )
        for number, body in receipts.items()
    }
    # Full returns take what is left, so those that name lines come first: a till sends at most
    # one of either for a receipt, in this order.
    by_size = sorted(returns.items(), key=lambda entry: entry[1].get("lines") is None)
    for number, body in by_size:
        sale = sales.get((body["store"], body["receipt_number"]))
        if sale is None:
            continue  # its sale was never acknowledged, which is told elsewhere
        refund = _bring_back(sale, body)
        result.refunds[number] = refund
        sale.refunds.append((_business_day(body["occurred_at"], place), refund))
    _fill_store_days(result, sales)
    _fill_points(result, sales, place)
    return result


def _business_day(occurred_at: str, place: dict[str, Any]) -> dt.date:
    local = dt.datetime.fromisoformat(occurred_at).astimezone(ZoneInfo(place["time_zone"]))
    return (local - dt.timedelta(hours=place["cutoff_hour"])).date()


def _bring_back(sale: _Sale, body: dict[str, Any]) -> int:
    if body.get("lines") is None:
        refund = sum(sale.left)
        sale.left = [0] * len(sale.left)
        return refund
    for part in body["lines"]:
        sale.left[part["line"] - 1] -= part["amount_minor"]
    return sum(part["amount_minor"] for part in body["lines"])


def _fill_store_days(result: Expected, sales: dict[Number, _Sale]) -> None:
    days: dict[StoreDay, list[int]] = defaultdict(lambda: [0] * 8)
    for sale in sales.values():
        net = sum(line["amount_minor"] for line in sale.lines)
        row = days[sale.store, sale.day]
        row[0] += 1
        row[2] += net
        row[4] += sum(line.get("discount_minor", 0) for line in sale.lines)
        if sale.phone:
            row[1] += 1
            row[3] += net
        for day, refund in sale.refunds:
            back = days[sale.store, day]
            back[5] += 1
            back[6] += refund
            if sale.phone:
                back[7] += refund
    result.store_days = dict(days)


def _fill_points(result: Expected, sales: dict[Number, _Sale], place: dict[str, Any]) -> None:
    spend: dict[str, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    visits: dict[str, dict[dt.date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for sale in sales.values():
        if sale.phone:
            spend[sale.phone][sale.day] += sum(line["amount_minor"] for line in sale.lines)
            visits[sale.phone][sale.day].add(sale.mall)
            for day, refund in sale.refunds:
                spend[sale.phone][day] -= refund
    goods = {item["sku"]: item for item in place["goods"]}
    balances: dict[str, int] = defaultdict(int)
    for number, sale in sales.items():
        points = 0
        if sale.phone:
            bonus_bp = _bonus_bp(spend[sale.phone], visits[sale.phone], sale.day, place)
            base = _base_points(sale, goods, place)
            points = base + base * bonus_bp // 10_000
            balances[sale.phone] += points
        result.points[number] = points
    result.balances = dict(balances)


def _bonus_bp(
    spend: dict[dt.date, int],
    visits: dict[dt.date, set[str]],
    day: dt.date,
    place: dict[str, Any],
) -> int:
    """What the highest tier adds that the twelve months before ``day`` reach."""
    try:
        since = day.replace(year=day.year - 1)
    except ValueError:
        since = day.replace(year=day.year - 1, day=28)
    spent = sum(amount for at, amount in spend.items() if since <= at < day)
    came = sum(len(malls) for at, malls in visits.items() if since <= at < day)
    reached = [
        tier["bonus_bp"]
        for tier in place["tiers"]
        if spent >= tier["spend_minor"] and came >= tier["visits"]
    ]
    return int(reached[-1]) if reached else 0


def _base_points(sale: _Sale, goods: dict[str, Any], place: dict[str, Any]) -> int:
    amounts: dict[str, int] = defaultdict(int)
    special = {rule["category"] for rule in place["rules"] if rule["category"]}
    for line, left in zip(sale.lines, sale.left, strict=True):
        item = goods[line["sku"]]
        if item["earns"]:
            amounts[item["category"] if item["category"] in special else ""] += left
    return sum(
        amounts[rule["category"] or ""] * rule["points"] // rule["per_minor"]
        for rule in place["rules"]
    )
