"""Reading the audit log."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from mallard.kernel.audit.models import Entry, Seal, Verification
from mallard.kernel.audit.services import seal_context
from mallard.kernel.secrets.services import open_keys


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry for a reader. ``is_erased``: its details went with the member's data key."""

    id: UUID
    recorded_at: dt.datetime
    action: str
    subject_type: str
    subject_id: UUID | None
    ids: tuple[UUID, ...]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    actor_kind: str
    actor_id: UUID | None
    actor_label: str
    request_id: str
    address: str
    is_erased: bool


def history_of(
    subject_type: str, subject_id: UUID, *, limit: int = 100, before_id: UUID | None = None
) -> list[HistoryEntry]:
    """What was done to a subject, newest first, personal details opened.

    ``before_id``: continue after this entry. Check the reader's permission first: the details may
    be personal. A batch is under its own subject; look there for its ``ids``.
    """
    found = Entry.objects.filter(
        Q(subject_type=subject_type, subject_id=subject_id) | Q(personal_of=subject_id)
    )
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return _opened(found.order_by("-id")[:limit])


def actions_of(actor_id: UUID, *, limit: int = 100) -> list[HistoryEntry]:
    """What an actor did, newest first."""
    return _opened(Entry.objects.filter(actor_id=actor_id).order_by("-id")[:limit])


def oldest_unsealed_at() -> dt.datetime | None:
    """When the oldest entry was written that no seal covers yet; None when all are sealed."""
    last = Seal.objects.order_by("-number").first()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recorded_at FROM audit_entry"
            " WHERE (transaction_id, id) > (%s::text::xid8, %s)"
            " ORDER BY transaction_id, id LIMIT 1",
            [str(last.up_to_transaction if last else 0), last.up_to_id if last else UUID(int=0)],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def entry_opened(entry: Entry) -> HistoryEntry:
    """One entry with its personal details. Check the reader's permission and note the reading
    (`verifying.reveal_details`)."""
    return _opened([entry])[0]


def latest_verification() -> Verification | None:
    """What somebody last asked about the chain."""
    return Verification.objects.order_by("-asked_at").first()


def matching(text: str, *, actor_ids: Collection[UUID] = ()) -> Q:
    """Entries that a reader may mean by ``text``: an id (of the entry, its subject, member or
    actor), a request's id, an action (``staff.role_assigned`` or its beginning), a kind of subject,
    or who did it: the label of a machine, or one of ``actor_ids``."""
    word = text.strip()
    found = Q(request_id=word) | Q(subject_type=word) | Q(actor_label__icontains=word)
    if "." in word:
        found |= Q(action__startswith=word)
    if actor_ids:
        found |= Q(actor_id__in=list(actor_ids))
    try:
        id_ = UUID(word)
    except ValueError:
        return found
    return found | Q(pk=id_) | Q(subject_id=id_) | Q(personal_of=id_) | Q(actor_id=id_)


def _opened(entries: Iterable[Entry]) -> list[HistoryEntry]:
    rows = list(entries)
    keys = open_keys({row.personal_of for row in rows if row.sealed and row.personal_of})
    history = []
    for row in rows:
        before, after, is_erased = row.before, row.after, False
        if row.personal_of is not None and row.sealed is not None:
            key = keys.get(row.personal_of)
            is_erased = key is None
            if key is not None:
                details = json.loads(key.open(bytes(row.sealed), seal_context(row.id)))
                before, after = details["before"], details["after"]
        history.append(
            HistoryEntry(
                row.id, row.recorded_at, row.action, row.subject_type, row.subject_id,
                tuple(row.ids), before, after, row.actor_kind, row.actor_id, row.actor_label,
                row.request_id, row.address, is_erased,
            )
        )  # fmt: skip
    return history
