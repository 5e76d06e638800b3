"""The home page's panels: figures and short lists that apps offer to whoever may see them.

An app registers from ``AppConfig.ready``; a panel whose permission the reader lacks is neither
loaded nor shown. ``load(request)`` returns the context of ``template`` or None to stay away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.template.loader import render_to_string

Load = Callable[[HttpRequest], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. ``width``: ``full`` spans the page, ``half`` shares its line with another."""

    key: str
    template: str
    permission: str
    load: Load
    order: int = 100
    width: Literal["full", "half"] = "half"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel rendered for a reader."""

    key: str
    html: str
    width: str


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Offer a panel; registering the same key again replaces it."""
    _panels[panel.key] = panel


def draw(request: HttpRequest) -> list[Drawn]:
    """The panels that this request's actor may see, in order."""
    actor = getattr(request, "actor", None)
    drawn = []
    for panel in sorted(_panels.values(), key=lambda panel: panel.order):
        if actor is None or not actor.may(panel.permission):
            continue
        context = panel.load(request)
        if context is not None:
            html = render_to_string(panel.template, dict(context), request=request)
            drawn.append(Drawn(panel.key, html, panel.width))
    return drawn
