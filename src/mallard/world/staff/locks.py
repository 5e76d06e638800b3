"""Rows of staff that a use case holds while it decides."""

from __future__ import annotations

from mallard.world.staff.models import ResetLink


def lock_reset_link(token_hash: bytes) -> ResetLink | None:
    """The reset link with this hash, locked, so that two clicks do not both use it."""
    return (
        ResetLink.objects.filter(token_hash=token_hash)
        .select_for_update(of=("self",))
        .select_related("user")
        .first()
    )
