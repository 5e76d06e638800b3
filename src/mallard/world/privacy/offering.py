"""The button on members."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.offers import Offer
from mallard.world.privacy.permissions import HANDLE_REQUEST


def record_request(kind_code: str, subject_id: UUID, actor: Actor) -> Offer | None:
    """The desk records what a member asks by phone, letter or in person."""
    if kind_code != "member" or not actor.may(HANDLE_REQUEST):
        return None
    return Offer(
        _("Record a privacy request"), reverse("privacy:new", args=[subject_id]), "shield-lock"
    )
