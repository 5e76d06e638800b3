"""What the door may offer besides its form: the demo lets anybody in as one of its members.

Nothing is offered unless something registers; the product itself never does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class WayInHint:
    """A button at the door: ``url`` is posted to."""

    label: str | Promise
    detail: str | Promise
    url: str


Provider = Callable[[], WayInHint | None]
_providers: list[Provider] = []


def register_way_in_hint(provider: Provider) -> Provider:
    """Offer a way in; called for every showing. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def way_in_hints() -> list[WayInHint]:
    """Every way that is offered now."""
    return [hint for provider in _providers if (hint := provider()) is not None]
