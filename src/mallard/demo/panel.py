"""The home page says that this is a demonstration, and what of it is real."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from mallard.demo.models import DemoLoad
from mallard.kernel.ui import panels
from mallard.world.malls.permissions import VIEW_STORE


def register() -> None:
    """Offer the notice to everybody who works somewhere; it stays away where no demo is."""
    panels.register(
        panels.Panel("demo", "demo/panel.html", VIEW_STORE, _notice, order=1, width="full")
    )


def _notice(_request: HttpRequest) -> Mapping[str, Any] | None:
    load = DemoLoad.objects.first()
    return None if load is None else {"weeks": load.weeks}
