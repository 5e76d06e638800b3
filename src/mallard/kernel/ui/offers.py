"""What can be done with a record, offered on its page by apps above it.

A record's template says `{% record_offers "store" store.pk %}` among the buttons of its header; an
app that stands higher registers what it offers there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor


@dataclass(frozen=True, slots=True)
class Offer:
    """A button on a record."""

    label: str | Promise
    url: str
    icon: str = ""


OfferFor = Callable[[str, UUID, Actor], Offer | None]
_offers: list[OfferFor] = []


def register_offer(offer: OfferFor) -> None:
    """Say what can be done with a record of a kind by somebody; None for nothing."""
    if offer not in _offers:
        _offers.append(offer)


def offers_for(kind: str, record_id: UUID, actor: Actor) -> list[Offer]:
    """The buttons that ``actor`` gets on a record."""
    found = (offer(kind, record_id, actor) for offer in _offers)
    return [one for one in found if one is not None]
