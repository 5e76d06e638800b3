"""What a replay adds up: points as they were and as they would be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from mallard.value.loyalty.rules import Earning
from mallard.value.loyalty.rules.attribution import budgets_of
from mallard.value.loyalty.whatif.facts import Bought
from mallard.world.malls.facts import StoreFacts

TIER_BONUS = "+tier"


@dataclass(slots=True)
class Sums:
    """What is added up while replaying; points as they were and as they would be."""

    receipts: int = 0
    same: int = 0
    by_store_month: defaultdict[tuple[str, int], list[int]] = field(
        default_factory=lambda: defaultdict(_four)
    )
    rules_was: Counter[str] = field(default_factory=Counter)
    rules_now: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    budgets: Counter[str] = field(default_factory=Counter)
    expired_was: int = 0
    expired_now: int = 0

    def add(self, bought: Bought, earning: Earning) -> int:
        """Count a receipt; answers the points that it would earn."""
        tenant, mall = earning.tenant_points, earning.mall_points
        self.receipts += 1
        self.same += tenant == bought.tenant_points and mall == bought.mall_points
        day = bought.business_day
        sums = self.by_store_month[bought.store_id, day.year * 12 + day.month - 1]
        sums[0] += bought.tenant_points
        sums[1] += tenant
        sums[2] += bought.mall_points
        sums[3] += mall
        if bought.tenant_points or bought.mall_points:
            for step in orjson.loads(bought.explanation):
                self.rules_was[step[0]] += step[4]
            self.rules_was[TIER_BONUS] += bought.bonus_points
        for part in earning.parts:
            self.rules_now[part.rule.code] += part.points
            for code in budgets_of(part.rule):
                self.budgets[code] += part.points
        self.rules_now[TIER_BONUS] += earning.bonus_points
        return tenant + mall

    def take(self, other: Sums) -> None:
        """Add what was counted elsewhere, of other members."""
        self.receipts += other.receipts
        self.same += other.same
        self.expired_was += other.expired_was
        self.expired_now += other.expired_now
        for place, figures in other.by_store_month.items():
            sums = self.by_store_month[place]
            for i, figure in enumerate(figures):
                sums[i] += figure
        self.rules_was.update(other.rules_was)
        self.rules_now.update(other.rules_now)
        self.moves.update(other.moves)
        self.budgets.update(other.budgets)

    def to_json(self, stores: Mapping[str, StoreFacts]) -> dict[str, Any]:
        """The sums as they are kept: ``[tenants' was, now, malls' was, now]`` for each place."""
        tenants: defaultdict[str, list[int]] = defaultdict(_four)
        malls: defaultdict[str, list[int]] = defaultdict(_four)
        months: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for (store_id, month), figures in self.by_store_month.items():
            store = stores[store_id]
            for sums in (tenants[str(store.tenant_id)], malls[str(store.mall_id)]):
                for i, figure in enumerate(figures):
                    sums[i] += figure
            of_month = months[f"{month // 12}-{month % 12 + 1:02}"]
            of_month[0] += figures[0] + figures[2]
            of_month[1] += figures[1] + figures[3]
        codes = self.rules_was.keys() | self.rules_now.keys()
        return {
            "receipts": self.receipts,
            "same": self.same,
            "by_rule": {
                code: [self.rules_was[code], self.rules_now[code]]
                for code in sorted(codes)
                if self.rules_was[code] or self.rules_now[code]
            },
            "by_tenant": dict(sorted(tenants.items())),
            "by_mall": dict(sorted(malls.items())),
            "by_month": dict(sorted(months.items())),
            "moves": [[was, now, count] for (was, now), count in sorted(self.moves.items())],
            "budgets": dict(sorted(self.budgets.items())),
            "expired": [self.expired_was, self.expired_now],
        }


def _four() -> list[int]:
    return [0, 0, 0, 0]
