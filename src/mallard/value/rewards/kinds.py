"""Kinds of reward. The four that need nobody else are here; higher apps bring their own.

A voucher or an hour of parking is delivered by an app above this one: it registers a kind with a
`Fulfilment`, whose functions run inside the transaction that moves points and stock. What they
refuse, refuses the whole step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from mallard.kernel.access.actor import Actor
from mallard.value.rewards.models import Redemption, Reward


class Fulfilment(Protocol):
    """What an app does for rewards of its kind, in the redemption's own transaction."""

    def check(self, reward: Reward) -> None:
        """Refuse a reward that could not be delivered (`DomainError`)."""

    def deliver(self, redemption: Redemption, *, actor: Actor) -> None:
        """Give the member what the points bought: at the confirmation."""

    def take_back(self, redemption: Redemption, *, actor: Actor) -> None:
        """Undo the delivery, or refuse when it was used already (`DomainError`)."""


@dataclass(frozen=True, slots=True)
class RewardKind:
    """``is_collected``: a confirmed redemption waits until somebody hands it over; otherwise the
    confirmation is the end of it. ``is_always_counted``: there is only what lies at a desk."""

    code: str
    name: str | Promise
    icon: str
    is_collected: bool = True
    is_always_counted: bool = False
    fulfilment: Fulfilment | None = None


GOODS = RewardKind("goods", pgettext_lazy("reward", "Goods"), "gift", is_always_counted=True)
SERVICE = RewardKind("service", pgettext_lazy("reward", "Service"), "lifebuoy")
EVENT = RewardKind("event", pgettext_lazy("reward", "Event"), "calendar-event")
DONATION = RewardKind("donation", pgettext_lazy("reward", "Donation"), "heart", is_collected=False)

_kinds: dict[str, RewardKind] = {}


def register_kind(kind: RewardKind) -> None:
    """Make a kind known; registering the same code again replaces it."""
    _kinds[kind.code] = kind


def reward_kinds() -> list[RewardKind]:
    """Every kind, in the order in which they were registered."""
    return list(_kinds.values())


def kind_of(code: str) -> RewardKind | None:
    return _kinds.get(code)


def register() -> None:
    """The kinds that need nobody else."""
    for kind in (GOODS, SERVICE, EVENT, DONATION):
        register_kind(kind)
