"""What somebody opened lately: noted by one statement, bounded, forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.workspace.models import RecentItem
from mallard.kernel.workspace.queries import owner_of

KEEP_DAYS = 90
KEEP_ITEMS = 30
_PRUNED_AT_ONCE = 10_000

# The row itself is spared: one statement cannot write and delete it.
_NOTE = """
    WITH noted AS (
        INSERT INTO workspace_recent_item (actor_id, kind, item_id, opened_at)
        VALUES (%s::uuid, %s::text, %s::uuid, %s::timestamptz)
        ON CONFLICT (actor_id, kind, item_id) DO UPDATE SET opened_at = excluded.opened_at
    )
    DELETE FROM workspace_recent_item
    WHERE actor_id = %s::uuid AND NOT (kind = %s::text AND item_id = %s::uuid)
        AND opened_at < (
            SELECT opened_at FROM workspace_recent_item WHERE actor_id = %s::uuid
            ORDER BY opened_at DESC OFFSET %s::int LIMIT 1
        )
"""


def note_opened(kind: str, item_id: UUID, *, actor: Actor) -> None:
    """Note that ``actor`` opened this row; the oldest of more than 30 go. One statement.

    No audit: looking is no change, and reveals are noted where they happen."""
    me = owner_of(actor)
    row = [me, kind, item_id]
    fetch_rows(_NOTE, [*row, now(), *row, me, KEEP_ITEMS - 2])


@atomic_retrying
def clear_recents(*, actor: Actor) -> None:
    """Forget what ``actor`` opened."""
    RecentItem.objects.filter(actor_id=owner_of(actor)).delete()


@atomic_retrying
def drop_items(kind: str, item_ids: Collection[UUID]) -> None:
    """Forget that anybody opened these rows: whoever owns them erased them. In the caller's
    transaction."""
    RecentItem.objects.filter(kind=kind, item_id__in=item_ids).delete()


@atomic_retrying
def remove_old_recents() -> int:
    """Forget what was opened a quarter ago, some rows at a time; how many."""
    before = now() - dt.timedelta(days=KEEP_DAYS)
    old = RecentItem.objects.filter(opened_at__lt=before).values_list("pk", flat=True)
    removed, _by_model = RecentItem.objects.filter(pk__in=list(old[:_PRUNED_AT_ONCE])).delete()
    return removed
