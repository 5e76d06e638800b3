"""The rows that are locked while findings are kept."""

from __future__ import annotations

from mallard.kernel.health.models import CheckState


def lock_states() -> dict[str, CheckState]:
    """The kept states by code, locked in the order of their codes."""
    return {state.code: state for state in CheckState.objects.select_for_update().order_by("code")}
