"""The part of the start page on which a member checks in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.surfaces.portal.own import OwnPage
from mallard.value.loyalty.check_ins import check_in_of
from mallard.world.memberweb.panels import PortalPanel, register_panel


def register() -> None:
    register_panel(PortalPanel("check-in", "portal/parts/home_check_in.html", _home, order=10))


def _home(own: OwnPage) -> Mapping[str, Any] | None:
    """What today's check-in gives; nothing where it gives nothing."""
    found = check_in_of(own.member)
    return {"check_in": found} if found else None
