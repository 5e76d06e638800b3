"""A person is changed as they are shown: whole, over the records that were merged into theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.world.members.fields import visible_fields
from mallard.world.members.persons import custom_of, persons
from mallard.world.members.profile import clean_value
from mallard.world.members.services.fields import change_values, cleaned_values
from mallard.world.members.services.lifecycle import change_locked, locked_cluster
from mallard.world.members.services.subject import locked_open_member


@atomic_retrying
def change_person(
    member_id: UUID,
    *,
    profile: Mapping[str, str],
    custom: Mapping[str, Any],
    language: str | None = None,
    actor: Actor,
) -> None:
    """Change what is known of a person, as their page shows it; what is not named stays.

    A value that counts already, on whichever record it stands, is written nowhere. Another one is
    written on the member's own record, whose word goes before that of the others; these keep
    theirs, and have it when the merge is undone. An empty value forgets the fact on every record
    of the person, as removing an identity does: a word that was taken back must not come up again
    from below, nor stay where nobody sees it (ADR 0043).

    Raises as `change_member` and `set_field_values`; then nothing is changed.
    """
    locked_cluster(member_id)
    member = locked_open_member(member_id)
    fields = visible_fields(actor)
    today = now().date()
    facts = {code: clean_value(code, value, today=today) for code, value in profile.items()}
    values = cleaned_values(fields, custom)
    person = persons([member])[member.id]
    counts = {code: fact.value for code, fact in person.profile.items()}
    said = custom_of({member.id: person}, fields)[member.id]
    holds = {one.field.id: one.values for one in said if one.is_leading}
    change_locked(
        member,
        profile={code: value for code, value in facts.items() if value != counts.get(code, "")},
        language=language,
        actor=actor,
    )
    changed = {id_: value for id_, value in values.items() if value != holds.get(id_, ())}
    change_values(member, fields, changed, actor=actor)
    no_facts = {code: value for code, value in facts.items() if not value}
    no_values = {id_: value for id_, value in values.items() if not value}
    for other in person.records[1:]:
        if other.id in person.keys:
            change_locked(other, profile=no_facts, actor=actor)
            change_values(other, fields, no_values, actor=actor)
