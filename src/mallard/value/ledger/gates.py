"""Whether members may spend at all: higher apps say so, the ledger asks before it takes.

A gate is asked under the members' locks, before every redemption, hold, posting of a hold and gift.
What it refuses (`DomainError`) refuses the whole call. Earning, expiry and returns are never asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

SpendingGate = Callable[[Collection[UUID]], None]

_gates: dict[str, SpendingGate] = {}


def register_spending_gate(code: str, gate: SpendingGate) -> None:
    """Let ``gate`` refuse members who may not spend; again replaces."""
    _gates[code] = gate


def check_may_spend(member_ids: Collection[UUID]) -> None:
    """Ask every gate about these records."""
    for gate in _gates.values():
        gate(member_ids)
