"""The member row is the mutex: whoever moves a member's points or rights holds it first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS

from mallard.kernel.database.prepared import ask
from mallard.world.members.models import CustomField, Member, Tag

_COLUMNS = [field.attname for field in Member._meta.concrete_fields]
# As `select_for_update` would say it; written out because every receipt says it.
_LOCK = (
    f"SELECT {', '.join(_COLUMNS)} FROM members_member"  # noqa: S608 names of our own columns
    " WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE"
)


def lock_members(member_ids: Collection[UUID]) -> list[Member]:
    """The members, locked until the transaction ends, in the order of their ids.

    Always the same order, so that two transactions wait for each other instead of deadlocking.
    Ids that do not exist are left out. Take it before any other lock.
    """
    return lock_members_soon(member_ids)()


def lock_members_soon(member_ids: Collection[UUID]) -> Callable[[], list[Member]]:
    """The same, but inside `prepared.together` the lock travels with what is asked next, which
    then sees the members as they are under it. The result gives the members."""
    if not member_ids:
        return list
    answer = ask(_LOCK, [sorted(set(member_ids))])
    return lambda: [Member.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row) for row in answer.rows()]


def lock_or_make_tag(code: str, *, name_en: str, name_zh: str) -> tuple[Tag, bool]:
    """The tag ``code``, locked, and whether it was made just now with these names."""
    return Tag.objects.select_for_update().get_or_create(
        code=code, defaults={"name_en": name_en, "name_zh": name_zh}
    )


def lock_field(code: str) -> CustomField | None:
    """The custom field ``code``, locked; None when there is none."""
    return CustomField.objects.select_for_update().filter(code=code).first()
