"""One member in full: what their records say, each thing with where it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.masking import mask_name
from mallard.world.members.fields import visible_fields
from mallard.world.members.models import Member, Note, Tag
from mallard.world.members.permissions import VIEW_NAME
from mallard.world.members.persons import Person, SaidCustom, custom_of, persons, where_from
from mallard.world.members.profile import PROFILE_FIELDS, FieldKind, known_codes
from mallard.world.members.rules import age_on
from mallard.world.members.services.remarks import note_context
from mallard.world.members.showing import (
    ShownIdentity,
    fact_in_words,
    identities_of,
    shown_identities,
    shown_name,
    tags_of,
)
from mallard.world.members.tagging import visible_tags

NOTES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A profile fact, ready to read, with where it comes from. One that does not count, because
    the survivor's record says otherwise, has ``is_leading`` False."""

    code: str
    label: str
    value: str
    origin: Origin
    at: dt.datetime
    record_id: UUID
    number: str = ""
    is_leading: bool = True

    @property
    def where_from(self) -> str:
        return where_from(self.origin, self.at, self.number)


@dataclass(frozen=True, slots=True)
class ShownTag:
    """A tag, and the number of the merged record that has it."""

    tag: Tag
    number: str = ""


@dataclass(frozen=True, slots=True)
class ShownNote:
    id: UUID
    body: str
    author: str
    written_at: dt.datetime
    number: str = ""


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything that this app knows of one member, as the actor may see it. ``number`` of a part
    is the merged record's that it stands on, empty for the member's own."""

    name: str
    facts: tuple[ShownFact, ...]
    identities: tuple[ShownIdentity, ...]
    custom: tuple[SaidCustom, ...]
    tags: tuple[ShownTag, ...]
    notes: tuple[ShownNote, ...]
    is_name_generated: bool
    person: Person


def portrait(member: Member, actor: Actor) -> Portrait:
    """The member in full, with what was merged into them; a constant number of statements."""
    people = persons([member])
    person = people[member.id]
    sees_names = actor.may(VIEW_NAME)
    profile = person.profile
    tags = tags_of(people, visible_tags(actor).values("pk"))[member.id]
    return Portrait(
        name=shown_name(profile, actor),
        facts=tuple(_facts(person, sees_names=sees_names)),
        identities=shown_identities(identities_of(people)[member.id], person),
        custom=tuple(custom_of(people, visible_fields(actor))[member.id]),
        tags=tuple(ShownTag(row.tag, person.number_of(row.member_id)) for row in tags),
        notes=tuple(_notes(person)) if sees_names else (),
        is_name_generated="name" in profile and profile["name"].origin == Origin.GENERATED,
        person=person,
    )


def _facts(person: Person, *, sees_names: bool) -> Iterable[ShownFact]:
    for code in known_codes(person.profile):
        field = PROFILE_FIELDS[code]
        for place, (record_id, fact) in enumerate(person.said(code)):
            is_leading = place == 0
            if code == "name" and is_leading:
                continue  # it is the title of the page
            value = fact_in_words(code, fact.value)
            if code == "name" and not sees_names:
                value = mask_name(value)
            if field.kind is FieldKind.DATE:
                # Who may not know the name sees how old somebody is, not the day.
                age = str(age_on(dt.date.fromisoformat(value), now().date()))
                value = f"{value} ({age})" if sees_names else age
            yield ShownFact(
                code,
                str(field.label),
                value,
                fact.origin,
                fact.at,
                record_id,
                person.number_of(record_id),
                is_leading,
            )


def _notes(person: Person) -> Iterable[ShownNote]:
    rows = Note.objects.filter(member__in=person.ids).select_related("author")[:NOTES_SHOWN]
    for row in rows:
        if key := person.keys.get(row.member_id):
            yield ShownNote(
                id=row.id,
                body=key.open(bytes(row.body_sealed), note_context(row.id)).decode(),
                author=row.author.name if row.author else "",
                written_at=row.written_at,
                number=person.number_of(row.member_id),
            )
