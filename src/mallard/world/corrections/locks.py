"""The correction that is being decided."""

from __future__ import annotations

from uuid import UUID

from mallard.world.corrections.models import Correction


def lock_correction(correction_id: UUID) -> Correction | None:
    """The row, locked, so that it is decided once."""
    return Correction.objects.select_for_update(of=("self",)).filter(pk=correction_id).first()
