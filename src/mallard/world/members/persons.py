"""All records of a person, read together: merging moves nothing, so whoever shows a member gathers.

The screens of a survivor show what stands on the records that were merged into it and say on which
of them; those of a merged record show that record, with what was merged into it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.kernel.ui import formats
from mallard.world.members.fields import Values, opened_value, shown
from mallard.world.members.models import CustomField, FieldValue, Member
from mallard.world.members.profile import Fact, Profile, open_profile
from mallard.world.members.queries import records_under, visible_members


def where_from(origin: Origin, at: dt.datetime, number: str = "") -> str:
    """Where a thing comes from and since when it is known; a badge says that it was generated.
    ``number`` is the merged record's that it stands on."""
    parts = [] if origin == Origin.GENERATED else [str(origin.label)]
    parts.append(formats.day(at))
    if number:
        parts.append(gettext("record %(number)s") % {"number": number})
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Person:
    """A member with the records merged into it, opened; their own first. ``keys`` and ``profiles``
    are those of everybody who was asked for together."""

    records: tuple[Member, ...]
    keys: Mapping[UUID, DataKey]
    profiles: Mapping[UUID, Profile]

    @property
    def ids(self) -> tuple[UUID, ...]:
        return tuple(record.id for record in self.records)

    def number_of(self, record_id: UUID) -> str:
        """The number of the merged record ``record_id``; empty for the member's own."""
        return next((one.number for one in self.records[1:] if one.id == record_id), "")

    def said(self, code: str) -> list[tuple[UUID, Fact]]:
        """What the records say of a profile field: the member's own word first, then the latest
        of the others; each different value once."""
        own, *others = [(record.id, self.profiles[record.id].get(code)) for record in self.records]
        later = sorted(
            ((id_, fact) for id_, fact in others if fact is not None),
            key=lambda one: one[1].at,
            reverse=True,
        )
        found: dict[str, tuple[UUID, Fact]] = {}
        for id_, fact in [own, *later]:
            if fact is not None:
                found.setdefault(fact.value, (id_, fact))
        return list(found.values())

    @property
    def profile(self) -> Profile:
        """The facts that count: the first of what is said."""
        codes = {code for record_id in self.ids for code in self.profiles[record_id]}
        return {code: self.said(code)[0][1] for code in codes}


def persons(members: Collection[Member]) -> dict[UUID, Person]:
    """Each member with what was merged into it; three statements however many."""
    under = records_under([member.id for member in members])
    merged = {one for records in under.values() for one in records[1:]}
    known = {member.id: member for member in members}
    known |= {one.id: one for one in Member.objects.filter(pk__in=merged - known.keys())}
    keys = open_keys(list(known))
    profiles = {
        one.id: open_profile(one.profile_sealed, keys.get(one.id)) for one in known.values()
    }
    return {
        member.id: Person(
            tuple(known[id_] for id_ in under.get(member.id, (member.id,)) if id_ in known),
            keys,
            profiles,
        )
        for member in members
    }


def merged_into(member: Member, actor: Actor) -> list[tuple[str, UUID | None]]:
    """The records merged into ``member``: number, and the id for who may open them."""
    ids = records_under([member.id]).get(member.id, (member.id,))[1:]
    if not ids:
        return []
    seen = set(visible_members(actor).filter(pk__in=ids).values_list("pk", flat=True))
    rows = Member.objects.filter(pk__in=ids).order_by("number").values_list("number", "pk")
    return [(number, id_ if id_ in seen else None) for number, id_ in rows]


@dataclass(frozen=True, slots=True)
class SaidCustom:
    """A value of a custom field with where it comes from; ``number`` is the merged record's that
    holds it. One that does not count, because the survivor says otherwise, is not leading."""

    field: CustomField
    values: Values
    origin: Origin
    at: dt.datetime
    record_id: UUID
    number: str = ""
    is_leading: bool = True

    @property
    def value(self) -> str:
        """The value for a reader."""
        return shown(self.field, self.values)

    @property
    def where_from(self) -> str:
        return where_from(self.origin, self.at, self.number)


def custom_of(
    people: Mapping[UUID, Person], fields: Collection[CustomField]
) -> dict[UUID, list[SaidCustom]]:
    """What the records of each person say in these fields, in the fields' order: the member's own
    word first, then the latest of the others, each different value once. One statement."""
    ids = {id_ for person in people.values() for id_ in person.ids}
    rows: dict[tuple[UUID, UUID], FieldValue] = {}
    if fields:
        wanted = FieldValue.objects.filter(member__in=ids, field__in=[one.id for one in fields])
        rows = {(row.member_id, row.field_id): row for row in wanted}
    return {
        member_id: [one for field in fields for one in _said_in(field, person, rows)]
        for member_id, person in people.items()
    }


def _said_in(
    field: CustomField, person: Person, rows: Mapping[tuple[UUID, UUID], FieldValue]
) -> list[SaidCustom]:
    here = [rows[id_, field.id] for id_ in person.ids if (id_, field.id) in rows]
    here.sort(key=lambda row: (row.member_id == person.ids[0], row.changed_at), reverse=True)
    found: dict[Values, SaidCustom] = {}
    for row in here:
        values = opened_value(row, person.keys.get(row.member_id))
        if values:
            number = person.number_of(row.member_id)
            said = SaidCustom(
                field, values, Origin(row.origin), row.changed_at, row.member_id, number, not found
            )
            found.setdefault(values, said)
    return list(found.values())
