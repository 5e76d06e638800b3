"""Locks of imports. An import is locked before the members whom its rows name."""

from __future__ import annotations

from uuid import UUID

from mallard.world.intake.models import MemberImport


def lock_import(import_id: UUID) -> MemberImport | None:
    """The import, locked until the transaction ends; None when there is none."""
    return MemberImport.objects.select_for_update().filter(pk=import_id).first()
