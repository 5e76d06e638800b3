"""The values before and after, of a row that changes a known member: sealed under their key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from mallard.kernel.secrets.services import DataKey
from mallard.world.intake.models import ImportRow
from mallard.world.members.models import CustomField, FieldType


def changes_context(row_id: UUID) -> str:
    """What the sealed values are bound to."""
    return f"intake.row.changes:{row_id}"


def split_values(field: CustomField, joined: str) -> tuple[str, ...]:
    """The values of a custom field as a row keeps them: codes of a list joined by commas."""
    if not joined:
        return ()
    return tuple(joined.split(",")) if field.type == FieldType.MANY else (joined,)


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Old and new value by name, the identities that were added, the members that were merged."""

    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    identity_ids: tuple[UUID, ...] = ()
    merged_ids: tuple[UUID, ...] = ()


def sealed_changes(row_id: UUID, changes: RowChanges, key: DataKey) -> bytes:
    content = {
        "values": changes.values,
        "identities": list(changes.identity_ids),
        "merged": list(changes.merged_ids),
    }
    return key.seal(orjson.dumps(content), changes_context(row_id))


def opened_changes(row: ImportRow, key: DataKey | None) -> RowChanges:
    """What a row changed; nothing when there is nothing or the member was erased."""
    if key is None or row.changes_sealed is None:
        return RowChanges()
    content = orjson.loads(key.open(bytes(row.changes_sealed), changes_context(row.pk)))
    return RowChanges(
        {name: (old, new) for name, (old, new) in content["values"].items()},
        tuple(UUID(id_) for id_ in content["identities"]),
        tuple(UUID(id_) for id_ in content.get("merged", ())),
    )
