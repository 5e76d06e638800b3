"""What wallets show members on their own page: until when no points can be spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.value.wallets.queries import cooling_until
from mallard.world.memberweb.panels import OwnPage, PortalPanel, register_panel


def register() -> None:
    """Offer the part, on the page of points."""
    register_panel(
        PortalPanel("cooling", "wallets/parts/portal_cooling.html", _cooling, "points", order=5)
    )


def _cooling(page: OwnPage) -> Mapping[str, Any] | None:
    until = cooling_until(page.record_ids)
    return None if until is None else {"until": until}
