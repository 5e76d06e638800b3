"""The button on records."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.offers import Offer
from mallard.world.corrections.permissions import PROPOSE_CORRECTION
from mallard.world.corrections.records import record_kind


def propose(kind_code: str, subject_id: UUID, actor: Actor) -> Offer | None:
    """Who may not change a record may propose what is wrong with it."""
    kind = record_kind(kind_code)
    if kind is None or not actor.may(PROPOSE_CORRECTION) or actor.may(kind.edit_permission):
        return None
    return Offer(
        _("Propose a correction"), reverse("corrections:new", args=[kind_code, subject_id]), "edit"
    )
