"""The member row is the mutex: whoever moves a member's points or rights holds it first."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.world.members.models import Member, Tag


def lock_members(member_ids: Collection[UUID]) -> list[Member]:
    """The members, locked until the transaction ends, in the order of their ids.

    Always the same order, so that two transactions wait for each other instead of deadlocking.
    Ids that do not exist are left out. Take it before any other lock.
    """
    if not member_ids:
        return []
    return list(
        Member.objects.filter(id__in=set(member_ids)).order_by("id").select_for_update(of=("self",))
    )


def lock_or_make_tag(code: str, *, name_en: str, name_zh: str) -> tuple[Tag, bool]:
    """The tag ``code``, locked, and whether it was made just now with these names."""
    return Tag.objects.select_for_update().get_or_create(
        code=code, defaults={"name_en": name_en, "name_zh": name_zh}
    )
