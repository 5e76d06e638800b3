"""What a replay came to, in figures and names that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Chart
from mallard.value.loyalty.models import EarningRule, PointsBudget, WhatIf
from mallard.value.loyalty.queries import ProgrammeFacts, tier_names
from mallard.value.loyalty.settings import EXPECTED_REDEMPTION
from mallard.value.loyalty.whatif.sums import TIER_BONUS
from mallard.world.malls.models import Mall, Tenant

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure as it was and as it would be."""

    name: str
    was: str
    now: str
    change: str
    direction: str


@dataclass(frozen=True, slots=True)
class Moves:
    """How many members would be in another tier at the end of the period."""

    was: str
    now: str
    members: int
    is_up: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A result, ready for its page."""

    headline: list[Compared]
    by_rule: list[Compared]
    by_tenant: list[Compared]
    by_mall: list[Compared]
    moves: list[Moves]
    up: int
    down: int
    budgets: list[Compared]
    chart: Chart
    receipts: int
    same: int


def cost_minor(points: int, facts: ProgrammeFacts) -> int:
    """What points cost, to the nearest minor unit."""
    return (2 * points * facts.point_cost_micro + MICRO) // (2 * MICRO)


def shown(row: WhatIf, facts: ProgrammeFacts) -> Shown:
    """The result of a what-if that is done; a fixed number of statements."""
    found: Mapping[str, Any] = row.result or {}
    tenants = found["by_tenant"]
    was_tenants, now_tenants, was_malls, now_malls = (
        sum(sums[i] for sums in tenants.values()) for i in range(4)
    )
    was, now = was_tenants + was_malls, now_tenants + now_malls
    expected = EXPECTED_REDEMPTION.value
    headline = [
        _points(gettext("Points"), was, now),
        _money(gettext("Cost borne by tenants"), was_tenants, now_tenants, facts),
        _money(gettext("Cost borne by malls"), was_malls, now_malls, facts),
        _money(
            gettext("Liability from these points, at %(percent)s%% redeemed")
            % {"percent": expected},
            was * expected // 100,
            now * expected // 100,
            facts,
        ),
    ]
    if "expired" in found:  # results that are older do not say
        name = gettext("Expired unspent by the day of the replay")
        headline.append(_points(name, *found["expired"]))
    moves, up, down = _moves(found["moves"], facts)
    return Shown(
        headline,
        _by_rule(found["by_rule"], row),
        _by_place(Tenant, tenants),
        _by_place(Mall, found["by_mall"]),
        moves,
        up,
        down,
        _budgets(found["budgets"]),
        _chart(found["by_month"]),
        found["receipts"],
        found["same"],
    )


def _points(name: str, was: int, now: int) -> Compared:
    return _compared(name, formats.number(was), formats.number(now), was, now)


def _money(name: str, was: int, now: int, facts: ProgrammeFacts) -> Compared:
    costs = [cost_minor(points, facts) for points in (was, now)]
    told = [formats.money(Money(cost, facts.currency)) for cost in costs]
    return _compared(name, told[0], told[1], costs[0], costs[1])


def _compared(name: str, was_told: str, now_told: str, was: int, now: int) -> Compared:
    if was == now:
        return Compared(name, was_told, now_told, gettext("no change"), "flat")
    sign = "+" if now > was else "−"
    if was == 0:
        change = f"{sign}{formats.number(abs(now - was))}"
    else:
        change = sign + formats.percent(abs(now - was), abs(was))
    return Compared(name, was_told, now_told, change, "up" if now > was else "down")


def _by_rule(sums: Mapping[str, Sequence[int]], row: WhatIf) -> list[Compared]:
    names = {rule.code: rule.name for rule in EarningRule.objects.order_by("version")}
    drafted = {
        rule["code"]: EarningRule(name_en=rule["name_en"], name_zh=rule["name_zh"]).name
        for rule in row.draft["rules"]
    }
    names |= {code: name or code for code, name in drafted.items()}
    names[TIER_BONUS] = gettext("Bonus of the tier")
    return [
        _points(names.get(code, code), was, now)
        for code, (was, now) in sorted(sums.items(), key=lambda entry: -max(entry[1]))
    ]


def _by_place(model: Any, sums: Mapping[str, Sequence[int]]) -> list[Compared]:
    names = {place.pk: place.name for place in model.objects.filter(pk__in=list(sums))}
    rows = sorted(sums.items(), key=lambda entry: -abs(_change(entry[1])))
    return [
        _points(names.get(UUID(key), key), figures[0] + figures[2], figures[1] + figures[3])
        for key, figures in rows
    ]


def _change(figures: Sequence[int]) -> int:
    return figures[1] + figures[3] - figures[0] - figures[2]


def _moves(
    rows: Sequence[tuple[str, str, int]], facts: ProgrammeFacts
) -> tuple[list[Moves], int, int]:
    ranks = {tier.code: tier.rank for tier in facts.tiers}
    names = {**tier_names(), "": gettext("No tier")}
    moves = [
        Moves(
            names.get(was, was), names.get(now, now), count, ranks.get(now, 0) > ranks.get(was, 0)
        )
        for was, now, count in rows
        if was != now
    ]
    moves.sort(key=lambda one: -one.members)
    up = sum(one.members for one in moves if one.is_up)
    return moves, up, sum(one.members for one in moves) - up


def _budgets(sums: Mapping[str, int]) -> list[Compared]:
    limits = {row.code: row for row in PointsBudget.objects.filter(code__in=list(sums))}
    return [
        Compared(
            limits[code].name if code in limits else code,
            formats.number(limits[code].limit_points) if code in limits else "–",
            formats.number(used),
            gettext("enough")
            if code not in limits or used <= limits[code].limit_points
            else gettext("%(points)s short")
            % {"points": formats.number(used - limits[code].limit_points)},
            "flat",
        )
        for code, used in sorted(sums.items())
    ]


def _chart(months: Mapping[str, Sequence[int]]) -> Chart:
    names = list(months)
    was = [sums[0] for sums in months.values()]
    now = [sums[1] for sums in months.values()]
    labels = [gettext("As it was"), gettext("As it would be")]
    return Chart(
        "what-if-months",
        gettext("Points by month"),
        gettext("Points earned in each month, as they were and as they would be."),
        {
            "legend": {"top": 0},
            "xAxis": {"type": "category", "data": names},
            "yAxis": {"type": "value"},
            "series": [
                {"name": labels[0], "type": "bar", "data": was},
                {"name": labels[1], "type": "bar", "data": now},
            ],
        },
        [gettext("Month"), *labels],
        [
            [name, formats.number(a), formats.number(b)]
            for name, a, b in zip(names, was, now, strict=True)
        ],
    )


STATUS_TONES = {"draft": "neutral", "waiting": "info", "running": "info", "done": "success",
                "failed": "danger"}  # fmt: skip
TITLE = _("What if")
