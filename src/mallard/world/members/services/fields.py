"""Custom fields are made, changed and retired; members get values of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, connection

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.people import role_names
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey, blind_index
from mallard.world.members.errors import FieldInvalid, FieldNotFound, FieldValueTaken
from mallard.world.members.events import MemberChanged
from mallard.world.members.fields import (
    Values,
    clean_all,
    value_context,
    values_of,
    visible_fields,
)
from mallard.world.members.locks import lock_field
from mallard.world.members.models import CustomField, FieldAudience, FieldType, FieldValue, Member
from mallard.world.members.services.subject import data_key_of, locked_open_member, origin_of

MAX_FIELDS = 60
_FIXED = ("type", "is_personal", "currency")
_LISTS = (FieldType.CHOICE, FieldType.MANY)
_KEPT = (
    "name_en", "name_zh", "type", "options", "currency", "minimum", "maximum", "is_required",
    "is_unique", "is_personal", "audience", "roles", "order",
)  # fmt: skip


@atomic_retrying
def save_field(code: str, *, is_new: bool, actor: Actor, **values: Any) -> CustomField:
    """Make the custom field ``code``, or change it. Raises `FieldInvalid`, `FieldNotFound`."""
    field = lock_field(code)
    if is_new and field is not None:
        raise FieldInvalid(fields={"code": FieldInvalid.code_taken})
    if not is_new and field is None:
        raise FieldNotFound()
    if is_new and CustomField.objects.filter(retired_at=None).count() >= MAX_FIELDS:
        raise FieldInvalid(fields={"code": str(FieldInvalid.too_many) % {"limit": MAX_FIELDS}})
    before = None if field is None else {name: getattr(field, name) for name in _KEPT}
    field = field or CustomField(id=uuid7(), code=code)
    if before is not None and any(
        name in values and values[name] != before[name] for name in _FIXED
    ):
        raise FieldInvalid(fields={"type": FieldInvalid.fixed})
    for name, value in values.items():
        setattr(field, name, value)
    _check(field, before)
    field.save()
    after = {name: getattr(field, name) for name in _KEPT}
    if before != after:
        record(actor, "members.field_saved", "custom_field", field.id, before=before, after=after)
    return field


def _check(field: CustomField, before: Mapping[str, Any] | None) -> None:
    if field.type in _LISTS and len(field.options) < 2:
        raise FieldInvalid(fields={"options": FieldInvalid.options_needed})
    if field.type == FieldType.MONEY and not field.currency:
        raise FieldInvalid(fields={"currency": FieldInvalid.needs_currency})
    if field.is_personal and field.audience == FieldAudience.EVERYBODY:
        raise FieldInvalid(fields={"audience": FieldInvalid.personal_audience})
    if not set(field.roles) <= role_names().keys():
        raise FieldInvalid(fields={"roles": FieldInvalid.unknown_role})
    if field.is_unique and field.type not in (FieldType.TEXT, FieldType.NUMBER):
        raise FieldInvalid(fields={"is_unique": FieldInvalid.unique_type})
    if before is None:
        return
    if field.is_unique != before["is_unique"] and FieldValue.objects.filter(field=field).exists():
        raise FieldInvalid(fields={"is_unique": FieldInvalid.fixed})
    gone = {o["code"] for o in before["options"]} - {o["code"] for o in field.options}
    if gone and FieldValue.objects.filter(field=field, values__overlap=list(gone)).exists():
        raise FieldInvalid(fields={"options": FieldInvalid.option_used})


@atomic_retrying
def retire_field(code: str, *, actor: Actor) -> None:
    """Take a field out of forms and lists; what members have of it stays. Again brings it back."""
    field = lock_field(code)
    if field is None:
        raise FieldNotFound()
    field.retired_at = None if field.retired_at else now()
    field.save(update_fields=["retired_at"])
    change = "retired" if field.retired_at else "restored"
    record(actor, f"members.field_{change}", "custom_field", field.id)


@atomic_retrying
def set_field_values(member_id: UUID, given: Mapping[str, Any], *, actor: Actor) -> tuple[str, ...]:
    """Change an open member's values by field code; an empty one forgets it. Returns the codes of
    what changed. Fields that the actor may not see do not exist for them.

    Raises `FieldNotFound`, `FieldValueInvalid`, `FieldValueTaken`, `PaymentCardRefused`.
    """
    member = locked_open_member(member_id)
    fields = visible_fields(actor)
    return change_values(member, fields, cleaned_values(fields, given), actor=actor)


def cleaned_values(fields: Collection[CustomField], given: Mapping[str, Any]) -> dict[UUID, Values]:
    """What was given by field code, as it is kept, by field id. Raises as `set_field_values`."""
    if set(given) - {field.code for field in fields}:
        raise FieldNotFound()
    return clean_all(fields, given, is_new=False)


def change_values(
    member: Member,
    fields: Collection[CustomField],
    cleaned: Mapping[UUID, Values],
    *,
    actor: Actor,
) -> tuple[str, ...]:
    """As `set_field_values`, of a record that is locked and may be merged into another."""
    by_id = {field.id: field for field in fields}
    key = data_key_of(member)
    known = values_of([member.id], fields, {member.id: key}).get(member.id, {})
    changed = {id_: values for id_, values in cleaned.items() if known.get(id_, ()) != values}
    if not changed:
        return ()
    write_values(
        {member.id: changed}, by_id, keys={member.id: key}, origin=origin_of(actor), at=now()
    )
    codes = tuple(sorted(by_id[id_].code for id_ in changed))
    record(
        actor,
        "members.member_changed",
        "member",
        member.id,
        before={by_id[id_].code: list(known.get(id_, ())) for id_ in changed},
        after={by_id[id_].code: list(values) for id_, values in changed.items()},
        personal_of=member.id,
        data_key=key,
    )
    fields_named = tuple(f"custom.{code}" for code in codes)
    announce([MemberChanged(subject_id=member.id, fields=fields_named)], actor=actor)
    return codes


def write_values(
    values: Mapping[UUID, Mapping[UUID, Values]],
    fields: Mapping[UUID, CustomField],
    *,
    keys: Mapping[UUID, DataKey],
    origin: Origin,
    at: dt.datetime,
) -> None:
    """Write cleaned values by member and field, in two statements; empty ones are forgotten.

    The members are locked. Raises `FieldValueTaken`.
    """
    gone = [(m, f) for m, theirs in values.items() for f, value in theirs.items() if not value]
    if gone:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM members_fieldvalue v USING unnest(%s::uuid[], %s::uuid[]) n(m, f)"
                " WHERE v.member_id = n.m AND v.field_id = n.f",
                [[m for m, _f in gone], [f for _m, f in gone]],
            )
    rows = [
        _row(member_id, fields[field_id], value, keys[member_id], origin, at)
        for member_id, theirs in values.items()
        for field_id, value in theirs.items()
        if value
    ]
    _insert(rows, fields)


def _row(
    member_id: UUID,
    field: CustomField,
    values: Values,
    key: DataKey,
    origin: Origin,
    at: dt.datetime,
) -> tuple[Any, ...]:
    id_ = uuid7()
    sealed = key.seal(orjson.dumps(values), value_context(id_)) if field.is_personal else None
    unique = None
    if field.is_unique:
        unique = blind_index(f"members.field.{field.code}", "\n".join(values).casefold())
    clear = [] if field.is_personal else list(values)
    return id_, member_id, field.id, clear, sealed, unique, origin.value, at


def _insert(rows: Sequence[tuple[Any, ...]], fields: Mapping[UUID, CustomField]) -> None:
    """Replace what there was, in three statements."""
    if not rows:
        return
    objects = [
        FieldValue(
            id=id_, member_id=member_id, field_id=field_id, values=values, values_sealed=sealed,
            unique_key=unique, origin=origin, changed_at=at,
        )
        for id_, member_id, field_id, values, sealed, unique, origin, at in rows
    ]  # fmt: skip
    try:
        pairs = {(row.member_id, row.field_id) for row in objects}
        present = FieldValue.objects.filter(member__in=[m for m, _f in pairs])
        old = [row.pk for row in present if (row.member_id, row.field_id) in pairs]
        FieldValue.objects.filter(pk__in=old).delete()
        FieldValue.objects.bulk_create(objects)
    except IntegrityError as error:
        if "members_field_value_unique" not in str(error):
            raise
        unique_ones = {row.field_id for row in objects if row.unique_key is not None}
        name = fields[next(iter(unique_ones))].name if len(unique_ones) == 1 else ""
        raise FieldValueTaken(field=name) from error
