"""What higher apps add to the member page: they register at start-up, the page only asks.

    register_panel(PortalPanel("rewards", "rewards/portal_panel.html", load, order=40))
    register_entry(PortalEntry("rewards", _("Rewards"), "rewards_member:list", "gift", order=30))

A page of their own lies under `/m/`, is a `lane.member_page` and extends `memberweb/page.html`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from mallard.kernel.access.actor import Actor
from mallard.kernel.errors import NotFound
from mallard.world.members.models import Member

Place = Literal["home", "card", "points", "profile"]


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The member whose page is being made, and all their records (own first, then those merged
    into it)."""

    member: Member
    record_ids: tuple[UUID, ...]
    actor: Actor
    request: HttpRequest


@dataclass(frozen=True, slots=True)
class PortalPanel:
    """A part of a page. ``load`` returns the context of ``template``, or None to stay away.

    Nothing in the place ``card`` but what a till must see is kept on the phone: what is personal
    beside the card belongs elsewhere.
    """

    key: str
    template: str
    load: Callable[[OwnPage], Mapping[str, Any] | None]
    place: Place = "home"
    order: int = 100


@dataclass(frozen=True, slots=True)
class PortalEntry:
    """A way in the bar at the foot (at most five are shown there) and in the list of pages."""

    key: str
    label: str | Promise
    url_name: str
    icon: str
    order: int = 100
    is_in_bar: bool = True


_panels: dict[str, PortalPanel] = {}
_entries: dict[str, PortalEntry] = {}


def register_panel(panel: PortalPanel) -> None:
    """Offer a part; registering the same key again replaces it. So does `register_entry`."""
    _panels[panel.key] = panel


def register_entry(entry: PortalEntry) -> None:
    _entries[entry.key] = entry


def withdraw_panel(key: str) -> None:
    """Take a part away again (tests)."""
    _panels.pop(key, None)


def entries() -> list[PortalEntry]:
    """Every way, in order."""
    return sorted(_entries.values(), key=lambda one: (one.order, one.key))


def drawn(page: OwnPage, place: Place) -> list[SafeString]:
    """The parts of a place, rendered. What does not exist (yet) stays away."""
    html = []
    here = (panel for panel in _panels.values() if panel.place == place)
    for panel in sorted(here, key=lambda one: (one.order, one.key)):
        try:
            context = panel.load(page)
        except NotFound:
            continue
        if context is not None:
            html.append(render_to_string(panel.template, dict(context), request=page.request))
    return html
