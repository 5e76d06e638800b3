"""What every member page needs: the bar at its foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from mallard.world.memberweb.panels import entries


@dataclass(frozen=True, slots=True)
class Way:
    """A way in the bar, drawn."""

    label: Any
    url: str
    icon: str
    is_current: bool


def ways(request: HttpRequest) -> list[Way]:
    """The ways of the bar; the longest address that the page's begins with is the current one."""
    shown = [(entry, reverse(entry.url_name)) for entry in entries() if entry.is_in_bar]
    fitting = [url for _entry, url in shown if request.path.startswith(url)]
    current = max(fitting, key=len, default="")
    return [Way(entry.label, url, entry.icon, url == current) for entry, url in shown]
