"""Telling people, and noting what they read. No audit: nothing of the business changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.workspace.models import Notification
from mallard.kernel.workspace.notifications import kind_of
from mallard.kernel.workspace.queries import owner_of

KEEP_DAYS = 90


@atomic_retrying
def notify(
    actor_ids: Collection[UUID],
    kind: str,
    *,
    params: Mapping[str, str | int] | None = None,
    url: str = "",
) -> None:
    """Tell these people something, in the caller's transaction. Each is told once.

    ``kind`` is registered in `notifications`; ``params`` fill its message and hold nothing
    personal. Raises LookupError for a kind or a parameter that does not exist."""
    known = kind_of(kind)
    if known is None:
        raise LookupError(f"no notification of the kind {kind}")
    values: dict[str, Any] = dict(params or {})
    known.sentence(values)
    moment = now()
    Notification.objects.bulk_create(
        Notification(actor_id=one, kind=kind, params=values, url=url, created_at=moment)
        for one in dict.fromkeys(actor_ids)
    )


@atomic_retrying
def mark_read(notification_ids: Collection[UUID] | None = None, *, actor: Actor) -> int:
    """Note that ``actor`` read these of their notifications, or all; how many were unread."""
    unread = Notification.objects.filter(actor_id=owner_of(actor), read_at=None)
    if notification_ids is not None:
        unread = unread.filter(pk__in=notification_ids)
    return unread.update(read_at=now())


@atomic_retrying
def remove_old_notifications() -> int:
    """Forget what was told a quarter ago; how many."""
    before = now() - dt.timedelta(days=KEEP_DAYS)
    removed, _by_model = Notification.objects.filter(created_at__lt=before).delete()
    return removed
