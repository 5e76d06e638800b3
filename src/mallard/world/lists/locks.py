"""Locks of lists."""

from __future__ import annotations

from uuid import UUID

from mallard.world.lists.models import MemberList


def lock_list(list_id: UUID) -> MemberList | None:
    """The list, locked until the transaction ends; None when there is none."""
    return MemberList.objects.select_for_update(of=("self",)).filter(pk=list_id).first()
