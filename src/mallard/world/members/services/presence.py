"""Where members have been."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from mallard.kernel.database.bulk import insert_unnest
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.world.members.models import MemberPresence

Stay = tuple[UUID, UUID, dt.datetime]

_COLUMNS = [
    ("id", "uuid"),
    ("member_id", "uuid"),
    ("store_id", "uuid"),
    ("first_at", "timestamptz"),
    ("last_at", "timestamptz"),
    ("receipts", "integer"),
]


@atomic_retrying
def note_presence(rows: Sequence[Stay], *, is_purchase: bool = True) -> None:
    """Note that members were at stores: rows of (member id, store id, when), one per receipt.

    One statement for the batch, rows in any order, several of a pair welcome. Without
    ``is_purchase`` it was no receipt (an enrolment), and lets a mall see the member, not a tenant.
    It derives from receipts and enrolments, which carry the actor; there is nothing to audit.
    """
    merged: dict[tuple[UUID, UUID], tuple[dt.datetime, dt.datetime, int]] = {}
    for member_id, store_id, at in rows:
        first, last, count = merged.get((member_id, store_id), (at, at, 0))
        merged[member_id, store_id] = (min(first, at), max(last, at), count + int(is_purchase))
    # Sorted, so that two batches that meet wait for each other instead of deadlocking.
    insert_unnest(
        MemberPresence._meta.db_table,
        _COLUMNS,
        [
            (uuid7(), member_id, store_id, first, last, count)
            for (member_id, store_id), (first, last, count) in sorted(merged.items())
        ],
        on_conflict="ON CONFLICT (member_id, store_id) DO UPDATE SET"
        " first_at = least(members_memberpresence.first_at, excluded.first_at),"
        " last_at = greatest(members_memberpresence.last_at, excluded.last_at),"
        " receipts = members_memberpresence.receipts + excluded.receipts",
    )
