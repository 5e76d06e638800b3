"""What can be done for a member at the service counter, besides rewards: other apps add to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor


@dataclass(frozen=True, slots=True)
class DeskAct:
    """A button of the counter, for whoever has the permission."""

    code: str
    label: str | Promise
    permission: str
    url: Callable[[UUID], str]
    icon: str
    order: int = 100


_acts: dict[str, DeskAct] = {}


def register_act(act: DeskAct) -> None:
    """Offer an act; again replaces."""
    _acts[act.code] = act


def acts_for(member_id: UUID, actor: Actor) -> list[tuple[DeskAct, str]]:
    """What ``actor`` may do for this member, each with its address."""
    acts = sorted(_acts.values(), key=lambda act: act.order)
    return [(act, act.url(member_id)) for act in acts if actor.may(act.permission)]
