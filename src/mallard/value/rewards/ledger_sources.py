"""How the ledger's pages call and link redemptions of rewards, and who may know of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.value.ledger.models import TransferKind
from mallard.value.ledger.sources import (
    SourceLink,
    register_reason,
    register_source,
    register_visibility,
)
from mallard.value.ledger.stories import told_elsewhere
from mallard.value.rewards.permissions import VIEW_REWARD
from mallard.value.rewards.queries import visible_redemptions
from mallard.value.rewards.services.redeeming import REASON, SOURCE_KIND


def register() -> None:
    """Called once, when the app is ready."""
    register_reason(REASON, _("Reward"))
    register_reason("reward_back", _("Reward taken back"))
    register_source(SOURCE_KIND, redemption_links)
    told_elsewhere(SOURCE_KIND, TransferKind.REDEEM, VIEW_REWARD)
    register_visibility(SOURCE_KIND, lambda actor: visible_redemptions(actor).values("pk"))


def redemption_links(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, SourceLink]:
    """What the redemptions bought, with their pages, as far as the reader may see them."""
    if not actor.may(VIEW_REWARD):
        return {}
    return {
        row.pk: SourceLink(row.reward.name, reverse("rewards:redemption", args=[row.pk]))
        for row in visible_redemptions(actor).filter(pk__in=ids)
    }
