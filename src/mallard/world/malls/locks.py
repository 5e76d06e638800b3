"""Locks beyond those of the row being written (`kernel.audited_rows` takes those)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.world.malls.models import Floor, Mall, Unit


def lock_mall(mall_id: UUID) -> None:
    """A mall: the mutex of its opening hours and those of its stores."""
    Mall.objects.select_for_update().get(pk=mall_id)


def lock_floor(floor_id: UUID) -> None:
    """A floor: the mutex of its plan."""
    Floor.objects.select_for_update().get(pk=floor_id)


def lock_units(unit_ids: Collection[UUID]) -> list[Unit]:
    """Units in the order of their ids: the mutex of what is let in them."""
    return list(Unit.objects.select_for_update().filter(pk__in=unit_ids).order_by("pk"))
