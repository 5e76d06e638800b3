"""What the form that changes a member begins with: what their page shows, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from mallard.kernel.access.actor import Actor
from mallard.world.members.fields import typed, visible_fields
from mallard.world.members.models import Member
from mallard.world.members.persons import Person, custom_of, persons, where_from
from mallard.world.members.profile import PROFILE_FIELDS, Fact
from mallard.world.members.showing import fact_in_words

Said = tuple[str, str, str]
"""A value in words, where it comes from, and the number of the merged record that says it."""


@dataclass(frozen=True, slots=True)
class Editable:
    """``initial`` by the form's fields; ``hints`` say of those which other records speak of what
    they say. ``is_several``: records were merged into this one."""

    initial: dict[str, Any]
    hints: dict[str, str]
    is_several: bool


def editable(member: Member, actor: Actor) -> Editable:
    """Everything in full, so it is for those who may see names; a constant number of statements."""
    people = persons([member])
    person = people[member.id]
    initial: dict[str, Any] = {"language": member.language}
    said: dict[str, list[Said]] = {}
    for code in PROFILE_FIELDS:
        facts = person.said(code)
        initial[code] = facts[0][1].value if facts else ""
        said[code] = [_said(code, id_, fact, person) for id_, fact in facts]
    fields = visible_fields(actor)
    for field in fields:
        initial[f"custom_{field.code}"] = typed(field, ())
    for one in custom_of(people, fields)[member.id]:
        name = f"custom_{one.field.code}"
        if one.is_leading:
            initial[name] = typed(one.field, one.values)
        said.setdefault(name, []).append((one.value, one.where_from, one.number))
    hints = {name: _hint(lines) for name, lines in said.items()}
    return Editable(initial, hints, len(person.records) > 1)


def _said(code: str, record_id: UUID, fact: Fact, person: Person) -> Said:
    number = person.number_of(record_id)
    return fact_in_words(code, fact.value), where_from(fact.origin, fact.at, number), number


def _hint(said: Sequence[Said]) -> str:
    """Whose word stands in the field, when it is not the member's own, and what others say."""
    parts = []
    for place, (value, where, number) in enumerate(said):
        if place == 0 and number:
            parts.append(
                gettext("From another record of this person: %(where)s.") % {"where": where}
            )
        elif place > 0:
            words = {"value": value, "where": where}
            parts.append(gettext("Another record says %(value)s (%(where)s).") % words)
    return " ".join(parts)
