"""Every row lock of the ledger. The member row is the mutex; wallets and lots change under it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from mallard.value.ledger.errors import HoldUnknown, MemberUnknown
from mallard.value.ledger.models import Hold
from mallard.value.ledger.statements import array, run

MERGE_DEPTH = 8
"""A survivor may itself be merged into another; longer chains than this are a mistake."""

# Up to the survivor, then down to everything merged into it.
_RECORDS = f"""
WITH RECURSIVE up AS (
    SELECT id AS start, id, merged_into_id, 0 AS depth
    FROM members_member WHERE id = ANY ($1::uuid[])
    UNION ALL
    SELECT up.start, m.id, m.merged_into_id, up.depth + 1
    FROM up JOIN members_member m ON m.id = up.merged_into_id WHERE up.depth < {MERGE_DEPTH}
), down AS (
    SELECT start, id AS survivor, id, 0 AS depth FROM up WHERE merged_into_id IS NULL
    UNION ALL
    SELECT down.start, down.survivor, m.id, down.depth + 1
    FROM down JOIN members_member m ON m.merged_into_id = down.id WHERE down.depth < {MERGE_DEPTH}
)
SELECT start, survivor, id FROM down ORDER BY start, id <> start, depth, id
"""  # noqa: S608 constant text

# NO KEY: rows that merely refer to the member need not wait.
_LOCK = """
SELECT id FROM members_member WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""


@dataclass(frozen=True, slots=True)
class Records:
    """The records that are one person: ``survivor``, and ``members`` in the order of spending:
    the record named, the survivor, then the others."""

    survivor: UUID
    members: tuple[UUID, ...]


def records_of(member_ids: Collection[UUID]) -> dict[UUID, Records]:
    """The merged records of each member, without locking. Raises `MemberUnknown`."""
    survivors: dict[UUID, UUID] = {}
    members: dict[UUID, list[UUID]] = {}
    wanted = list(dict.fromkeys(member_ids))
    for start, survivor, member in run(_RECORDS, [array(wanted)]):
        survivors[start] = survivor
        members.setdefault(start, []).append(member)
    if len(survivors) != len(wanted):
        raise MemberUnknown()
    return {start: Records(survivors[start], tuple(found)) for start, found in members.items()}


def lock_records(member_ids: Collection[UUID]) -> dict[UUID, Records]:
    """Lock these members and everything merged with them, in the order of their ids.

    Who belongs to whom is asked again under the locks: records may have been merged, or taken
    apart, while this waited, and nobody may spend what is no longer theirs.
    """
    locked: set[UUID] = set()
    while True:
        records = records_of(member_ids)
        everyone = {member for found in records.values() for member in found.members}
        if everyone <= locked:
            return records
        run(_LOCK, [array(sorted(everyone))])
        locked |= everyone


def lock_members(member_ids: Collection[UUID]) -> None:
    """Lock exactly these members, in the order of their ids."""
    run(_LOCK, [array(list(member_ids))])


def lock_hold(hold_id: UUID) -> Hold:
    """The hold's row, locked; after its members. Raises `HoldUnknown`."""
    hold = Hold.objects.select_for_update().filter(id=hold_id).first()
    if hold is None:
        raise HoldUnknown()
    return hold
