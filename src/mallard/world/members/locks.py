"""The member row is the mutex: whoever moves a member's points or rights holds it first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS

from mallard.kernel.database.prepared import ask, fetch_rows, send
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


def lock_tag(code: str) -> Tag | None:
    """The tag ``code``, locked; None when there is none."""
    return Tag.objects.select_for_update().filter(code=code).first()


def lock_tags(tag_ids: Collection[UUID]) -> dict[UUID, Tag]:
    """The tags, locked in the order of their ids. Members are locked before tags."""
    rows = Tag.objects.select_for_update().filter(pk__in=tag_ids).order_by("pk")
    return {tag.pk: tag for tag in rows}


def hold_tags(tag_ids: Collection[UUID]) -> set[UUID]:
    """Those of the tags that are in use, kept so until the transaction ends: retiring and merging
    wait, putting them on members does not."""
    rows = fetch_rows(
        "SELECT id FROM members_tag WHERE id = ANY(%s::uuid[]) AND retired_at IS NULL"
        " ORDER BY id FOR SHARE",
        [sorted(tag_ids)],
    )
    return {id_ for (id_,) in rows}


def lock_field(code: str) -> CustomField | None:
    """The custom field ``code``, locked; None when there is none."""
    return CustomField.objects.select_for_update().filter(code=code).first()


def lock_referrals() -> None:
    """Let one transaction at a time look for circles of members who brought each other."""
    send("SELECT pg_advisory_xact_lock(hashtext('members.referrals'))", [])
