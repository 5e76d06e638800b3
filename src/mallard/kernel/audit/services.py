"""Writing the audit log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.models import Entry
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.services import DataKey, open_keys

_LABEL_LENGTH = 200


def record(
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: UUID | None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    ids: Sequence[UUID] = (),
    personal_of: UUID | None = None,
    data_key: DataKey | None = None,
) -> UUID:
    """Write one entry in the caller's transaction and return its id.

    ``action`` is past tense (``"members.member_changed"``), ``subject_type`` a word of the word
    list (``"member"``). A batch writes one entry that names its ``ids``. ``before`` and ``after``
    hold what changed, as values that JSON, dates and UUIDs can say. Where they are personal, name
    the member in ``personal_of``: they are sealed under that member's data key (pass ``data_key``
    when it is open already). Of an erased member only who did what and when is kept.

    Raises RuntimeError outside a transaction, and `LookingOnly` for somebody who only looks on.
    """
    actor.require_change()
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the change")
    entry = Entry(
        id=uuid7(),
        recorded_at=clock.now(),
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        ids=list(ids),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        actor_label=actor.label[:_LABEL_LENGTH],
        request_id=actor.request_id,
        address=actor.address,
        personal_of=personal_of,
    )
    if personal_of is None:
        entry.before, entry.after = _plain(before), _plain(after)
    elif before is not None or after is not None:
        key = data_key or open_keys([personal_of]).get(personal_of)
        if key is not None:
            details = json.dumps({"before": before, "after": after}, cls=DjangoJSONEncoder)
            entry.sealed = key.seal(details.encode(), seal_context(entry.id))
    entry.save(force_insert=True)
    return entry.id


def seal_context(entry_id: UUID) -> str:
    """What a sealed before/after is bound to."""
    return f"audit.entry:{entry_id}"


def _plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return plain
