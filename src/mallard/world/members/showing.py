"""Members as screens and the API show them: opened, and masked for those who need not know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.masking import mask_name
from mallard.kernel.secrets.services import open_keys
from mallard.world.members.blind import open_identity
from mallard.world.members.fields import visible_fields
from mallard.world.members.models import (
    Consent,
    Identity,
    IdentityKind,
    Member,
    MemberTag,
    Tag,
)
from mallard.world.members.panels import asked, columns_for
from mallard.world.members.permissions import VIEW_NAME
from mallard.world.members.persons import Person, custom_of, persons, where_from
from mallard.world.members.profile import (
    GENDERS,
    PROFILE_FIELDS,
    FieldKind,
    Profile,
    open_profile,
)
from mallard.world.members.queries import last_visits
from mallard.world.members.rules import mask_identity
from mallard.world.members.services.consents import proof_context
from mallard.world.members.tagging import visible_tags

# Where an answer about consents came from. A source that another system names is shown as it is.
_SOURCES = {
    "console": pgettext_lazy("consent source", "Recorded by staff"),
    "staff": pgettext_lazy("consent source", "Recorded by staff"),
    "page": pgettext_lazy("consent source", "Member page"),
    "member": pgettext_lazy("consent source", "Member page"),
    "member page": pgettext_lazy("consent source", "Member page"),
    "privacy request": pgettext_lazy("consent source", "Privacy request"),
    "api": pgettext_lazy("consent source", "Another system"),
}
# What sources of members' data say of people, in their words, as people read them.
_KNOWN_VALUES: dict[str, dict[str, Promise]] = {
    "marital_status": {
        "Married": pgettext_lazy("profile", "Married"),
        "Unmarried": pgettext_lazy("profile", "Unmarried"),
    },
    "home_ownership": {
        "Homeowner": pgettext_lazy("profile", "Homeowner"),
        "Probable Homeowner": pgettext_lazy("profile", "Probably a homeowner"),
        "Renter": pgettext_lazy("profile", "Renter"),
        "Probable Renter": pgettext_lazy("profile", "Probably a renter"),
    },
    "household_kind": {
        "1 Adult Kids": pgettext_lazy("profile", "1 adult with children"),
        "1 Adult No Kids": pgettext_lazy("profile", "1 adult, no children"),
        "2 Adults Kids": pgettext_lazy("profile", "2 adults with children"),
        "2 Adults No Kids": pgettext_lazy("profile", "2 adults, no children"),
    },
    "income_band": {
        "Under 15K": pgettext_lazy("profile", "Under 15K"),
    },
}


def source_in_words(consent: Consent) -> str:
    """Where an answer came from; empty for one that was generated, whose badge says so."""
    if consent.source in _SOURCES:
        return str(_SOURCES[consent.source])
    return "" if consent.origin == Origin.GENERATED else consent.source


@dataclass(frozen=True, slots=True)
class ShownIdentity:
    """An identity as anybody may see it, with where it comes from: ``record_id`` is the record
    that holds it, ``number`` that record's when it was merged into the one that is shown."""

    id: UUID
    kind: str
    kind_name: str
    masked: str
    verified_at: dt.datetime | None
    origin: Origin
    at: dt.datetime
    record_id: UUID
    number: str = ""

    @property
    def is_generated(self) -> bool:
        return self.origin == Origin.GENERATED

    @property
    def where_from(self) -> str:
        return where_from(self.origin, self.at, self.number)


@dataclass(frozen=True, slots=True)
class Card:
    """One member in a list."""

    name: str
    identities: tuple[ShownIdentity, ...]
    tags: tuple[Tag, ...]
    last_visit: dt.datetime | None
    is_generated: bool
    custom: dict[str, str] = field(default_factory=dict)
    facts: Profile = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def shown_name(profile: Profile, actor: Actor) -> str:
    """The name, masked unless the actor may see it; empty when there is none."""
    name = profile["name"].value if "name" in profile else ""
    return name if actor.may(VIEW_NAME) else mask_name(name)


def fields_told(member_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Which fields of their profile members have told, never what they told."""
    keys = open_keys(list(member_ids))
    rows = Member.objects.filter(id__in=member_ids).values_list("id", "profile_sealed")
    return {
        member_id: frozenset(open_profile(sealed, keys.get(member_id)))
        for member_id, sealed in rows
    }


def identities_of(people: Mapping[UUID, Person]) -> dict[UUID, list[Identity]]:
    """The open identities of each person, those of their own record first; one statement."""
    ids = {id_ for person in people.values() for id_ in person.ids}
    rows: dict[UUID, list[Identity]] = {}
    for row in Identity.objects.filter(member__in=ids, closed_at=None):
        rows.setdefault(row.member_id, []).append(row)
    return {
        member_id: [row for id_ in person.ids for row in rows.get(id_, ())]
        for member_id, person in people.items()
    }


def kind_name(kind: str) -> str:
    """What people call a kind of identity. Not Django's display of a row's choice, which resolves
    the words of every choice to say one: lists say a hundred."""
    return str(IdentityKind(kind).label)


def shown_identities(rows: Sequence[Identity], person: Person) -> tuple[ShownIdentity, ...]:
    """Open identities, masked; none of a record that was erased."""
    return tuple(
        ShownIdentity(
            id=row.id,
            kind=row.kind,
            kind_name=kind_name(row.kind),
            masked=mask_identity(row.kind, open_identity(row, person.keys[row.member_id])),
            verified_at=row.verified_at,
            origin=Origin(row.origin),
            at=row.created_at,
            record_id=row.member_id,
            number=person.number_of(row.member_id),
        )
        for row in rows
        if row.member_id in person.keys and row.value_sealed is not None
    )


def tags_of(
    people: Mapping[UUID, Person], seen: Collection[UUID] | QuerySet[Tag, Any]
) -> dict[UUID, list[MemberTag]]:
    """The tags of each person among ``seen``, each once, their own record's first; one
    statement."""
    ids = {id_ for person in people.values() for id_ in person.ids}
    rows: dict[UUID, list[MemberTag]] = {}
    for row in MemberTag.objects.filter(member__in=ids, tag__in=seen).select_related("tag"):
        rows.setdefault(row.member_id, []).append(row)
    found: dict[UUID, list[MemberTag]] = {}
    for member_id, person in people.items():
        once: dict[UUID, MemberTag] = {}
        for id_ in person.ids:
            for row in rows.get(id_, ()):
                once.setdefault(row.tag_id, row)
        found[member_id] = list(once.values())
    return found


def cards(members: Sequence[Member], actor: Actor) -> dict[UUID, Card]:
    """What a list shows of each of ``members``, with what was merged into them; a constant number
    of queries."""
    ids = [member.id for member in members]
    people = persons(members)
    identities = identities_of(people)
    tags = tags_of(people, visible_tags(actor).values("pk"))
    under = {id_: person.ids for id_, person in people.items()}
    visits = last_visits(ids, actor.scope, under=under)
    fields = visible_fields(actor)
    custom = custom_of(people, fields)
    extra = {each.key: asked(each.load, ids, actor) or {} for each in columns_for(actor)}
    result = {}
    for member in members:
        person = people[member.id]
        profile = person.profile
        result[member.id] = Card(
            name=shown_name(profile, actor),
            identities=shown_identities(identities[member.id], person),
            tags=tuple(row.tag for row in tags[member.id]),
            last_visit=visits.get(member.id),
            is_generated="name" in profile and profile["name"].origin == Origin.GENERATED,
            custom={one.field.code: one.value for one in custom[member.id] if one.is_leading},
            facts=profile,
            extra={code: values.get(member.id) for code, values in extra.items()},
        )
    return result


def clear_names(members: Sequence[Member]) -> dict[UUID, str]:
    """The names in full, for a file that somebody said why they need; a few statements."""
    profiles = {id_: person.profile for id_, person in persons(members).items()}
    return {
        id_: profile["name"].value if "name" in profile else "" for id_, profile in profiles.items()
    }


def clear_identities(members: Sequence[Member]) -> dict[UUID, str]:
    """The first identity of each in full, the one that the list shows; a few statements."""
    people = persons(members)
    found: dict[UUID, str] = {}
    for member_id, rows in identities_of(people).items():
        keys = people[member_id].keys
        for row in rows:
            if row.member_id in keys and row.value_sealed is not None:
                found[member_id] = open_identity(row, keys[row.member_id])
                break
    return found


def clear_identities_of_all(members: Sequence[Member]) -> dict[UUID, str]:
    """Every identity of each in full, with its kind; a few statements."""
    people = persons(members)
    return {
        member_id: "; ".join(
            f"{kind_name(row.kind)} {open_identity(row, people[member_id].keys[row.member_id])}"
            for row in rows
            if row.member_id in people[member_id].keys and row.value_sealed is not None
        )
        for member_id, rows in identities_of(people).items()
    }


class Batch:
    """What is asked for all members of a page at once, and only if a column needs it."""

    def __init__(self, ids: Sequence[UUID]) -> None:
        self._ids = ids
        self._answers: dict[str, Mapping[UUID, Any]] = {}

    def of(
        self, key: str, load: Callable[[Sequence[UUID]], Mapping[UUID, Any]]
    ) -> Mapping[UUID, Any]:
        if key not in self._answers:
            self._answers[key] = load(self._ids)
        return self._answers[key]


class ShownMembers(QuerySet[Member]):
    """Members that carry their ``card`` once they are fetched, made for the whole page at once."""

    actor: Actor

    @classmethod
    def of(cls, members: QuerySet[Member], actor: Actor) -> ShownMembers:
        shown = cls(model=members.model, query=members.query.chain())
        shown.actor = actor
        return shown

    def _clone(self) -> ShownMembers:
        clone: ShownMembers = super()._clone()  # type: ignore[misc]
        clone.actor = self.actor
        return clone

    def _fetch_all(self) -> None:
        is_fresh = self._result_cache is None
        super()._fetch_all()
        rows = self._result_cache
        if is_fresh and rows and isinstance(rows[0], Member):
            made = cards(rows, self.actor)
            batch = Batch([row.id for row in rows])
            for row in rows:
                setattr(row, "card", made[row.id])  # noqa: B010 not a field of the model
                setattr(row, "batch", batch)  # noqa: B010


def fact_in_words(code: str, value: str) -> str:
    """A profile value as people read it, in their language; most are words already."""
    field = PROFILE_FIELDS.get(code)
    known = GENDERS if field and field.kind is FieldKind.GENDER else _KNOWN_VALUES.get(code, {})
    return str(known.get(value, value))


def proofs(consents: Collection[Consent]) -> dict[UUID, str]:
    """What proves each consent, by its id, where something was kept; one statement."""
    keys = open_keys({row.member_id for row in consents})
    return {
        row.id: keys[row.member_id].open(bytes(row.proof_sealed), proof_context(row.id)).decode()
        for row in consents
        if row.proof_sealed is not None and row.member_id in keys
    }
