"""Reads of what people keep of lists."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.ui.finding import Hit
from mallard.kernel.ui.items import hits_for
from mallard.kernel.ui.lists.keeping import Kept, KeptView
from mallard.kernel.workspace.errors import BulkRunNotFound, NobodyInParticular, ViewNotFound
from mallard.kernel.workspace.models import (
    BulkRun,
    Export,
    ListMemory,
    Notification,
    RecentItem,
    SavedView,
)
from mallard.kernel.workspace.permissions import MANAGE_VIEW

RECENT_READ = 30


def owner_of(actor: Actor) -> UUID:
    """Whose rows are meant. Raises `NobodyInParticular` for jobs and commands."""
    if actor.id is None:
        raise NobodyInParticular()
    return actor.id


class _View(NamedTuple):
    id: UUID
    name: str
    query: str
    is_shared: bool
    actor_id: UUID


def may_change(view: SavedView | _View, actor: Actor) -> bool:
    """Whether ``actor`` may rename, share or delete the view."""
    return view.actor_id == actor.id or (view.is_shared and actor.may(MANAGE_VIEW))


# Prepared: every list asks both.
_MEMORY = """
    SELECT columns, size, default_view_id FROM workspace_list_memory
    WHERE actor_id = %s AND list_key = %s
"""
_VIEWS = """
    SELECT id, name, query, is_shared, actor_id FROM workspace_saved_view
    WHERE (actor_id = %s OR is_shared) AND list_key = %s
    ORDER BY name, id
"""


def kept_of_list(actor: Actor, list_key: str) -> Kept:
    """What ``actor`` keeps of a list, and the views that others share. Two queries."""
    whose = [owner_of(actor), list_key]
    [(columns, size, default_id)] = fetch_rows(_MEMORY, whose) or [((), None, None)]
    return Kept(
        columns=tuple(columns),
        size=size,
        views=[
            KeptView(
                view.id,
                view.name,
                view.query,
                is_shared=view.is_shared,
                is_default=view.id == default_id,
                may_change=may_change(view, actor),
            )
            for view in map(_View._make, fetch_rows(_VIEWS, whose))
        ],
    )


def visible_view(actor: Actor, view_id: UUID) -> SavedView:
    """One's own view, or a shared one. Raises `ViewNotFound`."""
    view = SavedView.objects.filter(
        Q(actor_id=owner_of(actor)) | Q(is_shared=True), pk=view_id
    ).first()
    if view is None:
        raise ViewNotFound()
    return view


def exports_of(actor: Actor) -> QuerySet[Export]:
    """One's own exports."""
    return Export.objects.filter(actor_id=owner_of(actor))


def notifications_of(actor: Actor) -> QuerySet[Notification]:
    """What ``actor`` was told."""
    return Notification.objects.filter(actor_id=owner_of(actor))


# Prepared: the bell stands on every page.
_UNREAD = """
    SELECT count(*) FROM (
        SELECT 1 FROM workspace_notification WHERE actor_id = %s AND read_at IS NULL LIMIT 100
    ) AS unread
"""


def unread_count(actor: Actor) -> int:
    """How many notifications ``actor`` has not read; counted to a hundred."""
    if actor.id is None:
        return 0
    [(count,)] = fetch_rows(_UNREAD, [actor.id])
    return int(count)


def recent_hits(actor: Actor, limit: int) -> list[Hit]:
    """What ``actor`` opened lately and may still see, the latest first. One statement, and what
    each kind among them needs."""
    if actor.id is None:
        return []
    rows = RecentItem.objects.filter(actor_id=actor.id).order_by("-opened_at")
    refs = list(rows.values_list("kind", "item_id")[:RECENT_READ])
    hits = hits_for(refs, actor)
    return [hits[ref] for ref in refs if ref in hits][:limit]


def own_bulk_run(actor: Actor, run_id: UUID) -> BulkRun:
    """What ``actor`` did to many rows. Raises `BulkRunNotFound`."""
    run = BulkRun.objects.filter(actor_id=owner_of(actor), pk=run_id).first()
    if run is None:
        raise BulkRunNotFound()
    return run


def is_default_view(actor: Actor, view: SavedView) -> bool:
    """Whether the list opens with this view for ``actor``."""
    return ListMemory.objects.filter(actor_id=owner_of(actor), default_view=view).exists()


def shared_views_of(actor_id: UUID) -> QuerySet[SavedView]:
    """The views that somebody shares with others, by name."""
    return SavedView.objects.filter(actor_id=actor_id, is_shared=True).order_by("name", "id")
