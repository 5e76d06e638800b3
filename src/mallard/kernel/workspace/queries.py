"""Reads of what people keep of lists."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from mallard.kernel.access.actor import Actor
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


def may_change(view: SavedView, actor: Actor) -> bool:
    """Whether ``actor`` may rename, share or delete the view."""
    return view.actor_id == actor.id or (view.is_shared and actor.may(MANAGE_VIEW))


def kept_of_list(actor: Actor, list_key: str) -> Kept:
    """What ``actor`` keeps of a list, and the views that others share. Two queries."""
    memory = ListMemory.objects.filter(actor_id=owner_of(actor), list_key=list_key).first()
    views = SavedView.objects.filter(
        Q(actor_id=owner_of(actor)) | Q(is_shared=True), list_key=list_key
    ).order_by("name", "id")
    default_id = memory.default_view_id if memory else None
    return Kept(
        columns=tuple(memory.columns) if memory else (),
        size=memory.size if memory else None,
        views=[
            KeptView(
                view.id,
                view.name,
                view.query,
                is_shared=view.is_shared,
                is_default=view.id == default_id,
                may_change=may_change(view, actor),
            )
            for view in views
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


def unread_count(actor: Actor) -> int:
    """How many notifications ``actor`` has not read; counted to a hundred."""
    if actor.id is None:
        return 0
    return notifications_of(actor).filter(read_at=None)[:100].count()


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
