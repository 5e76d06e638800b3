"""Locks of pairs. The members are locked after the pair, by the services that merge them."""

from __future__ import annotations

from uuid import UUID

from mallard.world.duplicates.models import DuplicatePair


def lock_pair(pair_id: UUID) -> DuplicatePair | None:
    """The pair, locked until the transaction ends."""
    return DuplicatePair.objects.select_for_update().filter(pk=pair_id).first()
