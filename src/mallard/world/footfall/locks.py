"""Locks of this app."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.world.footfall.models import Entrance


def lock_entrances(entrance_ids: Collection[UUID]) -> None:
    """Entrances in the order of their ids: each is the mutex of its counts, which may not exist
    yet and so cannot be locked themselves."""
    rows = Entrance.objects.filter(pk__in=entrance_ids).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
