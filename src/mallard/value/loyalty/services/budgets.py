"""What budgets have left, read when a batch needs it and settled last before its commit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import retry_when_raced

NEAR_THE_END = 100_000
"""With fewer points left than this, a batch waits for its turn instead of racing for the rest."""

# Who finds the budget emptied by another when it settles is assessed again with what is left.
retry_when_raced("points_budget_within_limit")

_LEFT = """
    SELECT code, limit_points - used_points FROM loyalty_pointsbudget
    WHERE code = ANY(%s::text[])
"""


@dataclass(slots=True)
class Budgets:
    """The budgets of one transaction: what is left, and what the transaction has used."""

    left: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)

    def look_up(self, codes: Collection[str]) -> None:
        """Read what these budgets have left; at most two statements, none where nothing is new."""
        unknown = sorted(set(codes) - self.left.keys())
        if not unknown:
            return
        found: dict[str, int] = dict(fetch_rows(_LEFT, [unknown]))
        scarce = sorted(code for code, left in found.items() if left < NEAR_THE_END)
        if scarce:
            found |= dict(fetch_rows(_LEFT + " ORDER BY code FOR UPDATE", [scarce]))
        self.left |= {code: found.get(code, 0) for code in unknown}

    def use(self, code: str, points: int) -> None:
        """Note that ``points`` more of a budget were given (or, below zero, given back)."""
        self.used[code] = self.used.get(code, 0) + points

    def settle(self) -> None:
        """Write what was used: the last statement before the commit. The database refuses more
        than there is, and the whole batch is then tried again."""
        changed = {code: points for code, points in sorted(self.used.items()) if points}
        if changed:
            fetch_rows(
                """
                UPDATE loyalty_pointsbudget b SET used_points = b.used_points + d.points
                FROM unnest(%s::text[], %s::bigint[]) AS d(code, points) WHERE b.code = d.code
                """,
                [list(changed), list(changed.values())],
            )
        self.used.clear()
