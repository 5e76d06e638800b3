"""What people choose of lists: columns, page size, views.

Choices for oneself leave no audit entry: they change nothing for anybody else. Views do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, retry_when_raced
from mallard.kernel.ui.lists import PAGE_SIZES
from mallard.kernel.workspace.errors import (
    ListChoiceInvalid,
    TooManyViews,
    ViewNameNeeded,
    ViewNotFound,
    ViewNotYours,
)
from mallard.kernel.workspace.models import ListMemory, SavedView
from mallard.kernel.workspace.queries import may_change, owner_of

MAX_VIEWS = 50
MAX_COLUMNS = 60
MAX_NAME = 60
# Two first choices at once: the loser of the race finds the winner's row and changes it.
retry_when_raced("workspace_memory_once", "workspace_view_name")


@atomic_retrying
def keep_columns(list_key: str, *, columns: Sequence[str], size: int | None, actor: Actor) -> None:
    """Remember columns and page size of a list for ``actor``. Raises `ListChoiceInvalid`.

    Columns are kept by their keys; one that the list no longer has is passed over when it is
    shown."""
    too_long = any(len(key) > MAX_NAME for key in columns)
    if len(columns) > MAX_COLUMNS or too_long or not 0 < len(list_key) <= MAX_NAME:
        raise ListChoiceInvalid()
    if size is not None and size not in PAGE_SIZES:
        raise ListChoiceInvalid()
    ListMemory.objects.update_or_create(
        actor_id=owner_of(actor),
        list_key=list_key,
        defaults={"columns": list(dict.fromkeys(columns)), "size": size},
    )


@atomic_retrying
def reset_columns(list_key: str, *, actor: Actor) -> None:
    """Show a list to ``actor`` with the columns that it comes with. Again changes nothing."""
    ListMemory.objects.filter(actor_id=owner_of(actor), list_key=list_key).update(
        columns=[], size=None
    )


@atomic_retrying
def save_view(
    list_key: str,
    *,
    path: str,
    name: str,
    query: str,
    is_shared: bool,
    is_default: bool,
    actor: Actor,
) -> SavedView:
    """Keep filters, sort and columns under a name; a view of one's own with that name is replaced.

    ``query`` is what the list's page made of its address, without searched words. Raises
    `ViewNameNeeded`, `TooManyViews`.
    """
    wanted = _name(name)
    others = SavedView.objects.filter(actor_id=owner_of(actor), list_key=list_key)
    view = others.select_for_update().filter(name=wanted).first()
    if view is None:
        if others.count() >= MAX_VIEWS:
            raise TooManyViews(limit=MAX_VIEWS)
        view = SavedView(actor_id=owner_of(actor), list_key=list_key, name=wanted)
    before = None if view._state.adding else _told(view)
    view.path, view.query, view.is_shared, view.changed_at = path, query, is_shared, now()
    view.save()
    _record(view, before, actor)
    _set_default(view, actor, is_default=is_default)
    return view


@atomic_retrying
def change_view(
    view_id: UUID, *, name: str, is_shared: bool, is_default: bool, actor: Actor
) -> SavedView:
    """Rename a view, share it or not, open the list with it or not.

    Raises `ViewNameNeeded`, `ViewNotFound`, `ViewNotYours`.
    """
    view = _locked(view_id, actor)
    before = _told(view)
    view.name, view.is_shared = _name(name), is_shared
    if _told(view) != before:
        taken = SavedView.objects.filter(
            actor_id=view.actor_id, list_key=view.list_key, name=view.name
        ).exclude(pk=view.pk)
        if taken.exists():
            raise ViewNameNeeded(fields={"name": ViewNameNeeded.taken})
        view.changed_at = now()
        view.save()
        _record(view, before, actor)
    _set_default(view, actor, is_default=is_default)
    return view


@atomic_retrying
def open_with_view(view: SavedView, *, is_default: bool, actor: Actor) -> None:
    """Let the list open with this view for ``actor``, or no longer."""
    _set_default(view, actor, is_default=is_default)


@atomic_retrying
def give_shared_views(owner_id: UUID, heir_id: UUID, *, actor: Actor) -> int:
    """Make the heir the owner of somebody's shared views; how many. A name that the heir uses for
    the same list gets a number. Part of the use case in which somebody leaves."""
    views = list(
        SavedView.objects.select_for_update()
        .filter(actor_id=owner_id, is_shared=True)
        .order_by("id")
    )
    taken = set(SavedView.objects.filter(actor_id=heir_id).values_list("list_key", "name"))
    for view in views:
        name, number = view.name, 2
        while (view.list_key, name) in taken:
            name = f"{view.name[: MAX_NAME - 5]} ({number})"
            number += 1
        taken.add((view.list_key, name))
        view.name, view.actor_id, view.changed_at = name, heir_id, now()
    SavedView.objects.bulk_update(views, ["name", "actor_id", "changed_at"])
    if views:
        after = {"from": owner_id, "to": heir_id}
        ids = [view.id for view in views]
        record(actor, "workspace.views_handed_over", "view", None, after=after, ids=ids)
    return len(views)


@atomic_retrying
def delete_view(view_id: UUID, *, actor: Actor) -> None:
    """Delete a view. Raises `ViewNotFound`, `ViewNotYours`."""
    view = _locked(view_id, actor)
    record(actor, "workspace.view_deleted", "view", view.id, before=_told(view))
    view.delete()


def _name(name: str) -> str:
    wanted = " ".join(name.split())
    if not 1 <= len(wanted) <= MAX_NAME:
        raise ViewNameNeeded(fields={"name": ViewNameNeeded.message})
    return wanted


def _locked(view_id: UUID, actor: Actor) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id).first()
    if view is None or (view.actor_id != actor.id and not view.is_shared):
        raise ViewNotFound()
    if not may_change(view, actor):
        raise ViewNotYours()
    return view


def _told(view: SavedView) -> dict[str, Any]:
    return {
        "list": view.list_key,
        "name": view.name,
        "query": view.query,
        "is_shared": view.is_shared,
    }


def _record(view: SavedView, before: dict[str, Any] | None, actor: Actor) -> None:
    if before != (after := _told(view)):
        record(actor, "workspace.view_saved", "view", view.id, before=before, after=after)


def _set_default(view: SavedView, actor: Actor, *, is_default: bool) -> None:
    if is_default:
        ListMemory.objects.update_or_create(
            actor_id=owner_of(actor), list_key=view.list_key, defaults={"default_view": view}
        )
    else:
        ListMemory.objects.filter(actor_id=owner_of(actor), default_view=view).update(
            default_view=None
        )
