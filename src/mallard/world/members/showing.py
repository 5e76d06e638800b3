"""Members as screens and the API show them: opened, and masked for those who need not know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.masking import mask_name
from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.world.members.blind import open_identity
from mallard.world.members.fields import shown, typed, values_of, visible_fields
from mallard.world.members.models import (
    Consent,
    CustomField,
    Identity,
    Member,
    MemberTag,
    Note,
    Tag,
)
from mallard.world.members.panels import asked, columns_for
from mallard.world.members.permissions import VIEW_NAME
from mallard.world.members.profile import (
    GENDERS,
    PROFILE_FIELDS,
    FieldKind,
    Profile,
    known_codes,
    open_profile,
)
from mallard.world.members.queries import last_visits
from mallard.world.members.rules import age_on, mask_identity
from mallard.world.members.services.consents import proof_context
from mallard.world.members.services.remarks import note_context
from mallard.world.members.tagging import only_visible, visible_tags

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
    """An identity as anybody may see it."""

    id: UUID
    kind: str
    kind_name: str
    masked: str
    verified_at: dt.datetime | None
    is_generated: bool


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A profile fact, ready to read, with where it comes from."""

    code: str
    label: str
    value: str
    origin: Origin
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class ShownNote:
    id: UUID
    body: str
    author: str
    written_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Card:
    """One member in a list."""

    name: str
    identities: tuple[ShownIdentity, ...]
    tags: tuple[Tag, ...]
    last_visit: dt.datetime | None
    is_generated: bool
    custom: dict[str, str] = field(default_factory=dict)
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


def shown_identities(rows: Sequence[Identity], key: DataKey | None) -> tuple[ShownIdentity, ...]:
    """Open identities, masked; none when the member was erased."""
    return tuple(
        ShownIdentity(
            id=row.id,
            kind=row.kind,
            kind_name=row.get_kind_display(),
            masked=mask_identity(row.kind, open_identity(row, key)),
            verified_at=row.verified_at,
            is_generated=row.origin == Origin.GENERATED,
        )
        for row in rows
        if key is not None and row.value_sealed is not None
    )


def cards(members: Sequence[Member], actor: Actor) -> dict[UUID, Card]:
    """What a list shows of each of ``members``; a constant number of queries."""
    ids = [member.id for member in members]
    keys = open_keys(ids)
    identities: dict[UUID, list[Identity]] = {}
    for row in Identity.objects.filter(member__in=ids, closed_at=None):
        identities.setdefault(row.member_id, []).append(row)
    tags: dict[UUID, list[Tag]] = {}
    rows = MemberTag.objects.filter(member__in=ids).select_related("tag")
    seen = {tag.pk for tag in only_visible([row.tag for row in rows], actor)}
    for member_tag in rows:
        if member_tag.tag_id in seen:
            tags.setdefault(member_tag.member_id, []).append(member_tag.tag)
    visits = last_visits(ids, actor.scope)
    fields = visible_fields(actor)
    custom = values_of(ids, fields, keys)
    extra = {each.key: asked(each.load, ids, actor) or {} for each in columns_for(actor)}
    result = {}
    for member in members:
        key = keys.get(member.id)
        profile = open_profile(member.profile_sealed, key)
        result[member.id] = Card(
            name=shown_name(profile, actor),
            identities=shown_identities(identities.get(member.id, []), key),
            tags=tuple(tags.get(member.id, ())),
            last_visit=visits.get(member.id),
            is_generated="name" in profile and profile["name"].origin == Origin.GENERATED,
            custom={
                one.code: shown(one, custom.get(member.id, {}).get(one.id, ())) for one in fields
            },
            extra={code: values.get(member.id) for code, values in extra.items()},
        )
    return result


def clear_names(members: Sequence[Member]) -> dict[UUID, str]:
    """The names in full, for a file that somebody said why they need; one statement."""
    keys = open_keys([member.id for member in members])
    found = {}
    for member in members:
        profile = open_profile(member.profile_sealed, keys.get(member.id))
        found[member.id] = profile["name"].value if "name" in profile else ""
    return found


def clear_identities(members: Sequence[Member]) -> dict[UUID, str]:
    """The first identity of each in full, the one that the list shows; two statements."""
    ids = [member.id for member in members]
    keys = open_keys(ids)
    found: dict[UUID, str] = {}
    for row in Identity.objects.filter(member__in=ids, closed_at=None):
        if row.member_id not in found and row.value_sealed is not None:
            found[row.member_id] = open_identity(row, keys.get(row.member_id))
    return found


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
            for row in rows:
                setattr(row, "card", made[row.id])  # noqa: B010 not a field of the model


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything that this app knows of one member, as the actor may see it."""

    name: str
    facts: tuple[ShownFact, ...]
    identities: tuple[ShownIdentity, ...]
    custom: tuple[tuple[CustomField, str], ...]
    tags: tuple[MemberTag, ...]
    notes: tuple[ShownNote, ...]
    is_name_generated: bool


def portrait(member: Member, actor: Actor) -> Portrait:
    """The member in full."""
    key = open_keys([member.id]).get(member.id)
    profile = open_profile(member.profile_sealed, key)
    identities = list(member.identities.filter(closed_at=None))
    sees_names = actor.may(VIEW_NAME)
    return Portrait(
        name=shown_name(profile, actor),
        facts=tuple(_facts(profile, sees_names=sees_names)),
        identities=shown_identities(identities, key),
        custom=custom_values(member, key, actor),
        tags=tuple(
            member.member_tags.filter(tag__in=visible_tags(actor).values("pk")).select_related(
                "tag"
            )
        ),
        notes=tuple(_notes(member, key)) if sees_names else (),
        is_name_generated="name" in profile and profile["name"].origin == Origin.GENERATED,
    )


def custom_values(
    member: Member, key: DataKey | None, actor: Actor
) -> tuple[tuple[CustomField, str], ...]:
    """The custom fields that the actor may see, each with the member's value, ready to read."""
    fields = visible_fields(actor)
    values = values_of([member.id], fields, {member.id: key} if key else {}).get(member.id, {})
    return tuple((one, shown(one, values.get(one.id, ()))) for one in fields)


def raw_custom(member: Member, actor: Actor) -> dict[str, Any]:
    """The values of custom fields as the form takes them."""
    fields = visible_fields(actor)
    values = values_of([member.id], fields, open_keys([member.id])).get(member.id, {})
    return {f"custom_{one.code}": typed(one, values.get(one.id, ())) for one in fields}


def fact_in_words(code: str, value: str) -> str:
    """A profile value as people read it, in their language; most are words already."""
    field = PROFILE_FIELDS.get(code)
    known = GENDERS if field and field.kind is FieldKind.GENDER else _KNOWN_VALUES.get(code, {})
    return str(known.get(value, value))


def _facts(profile: Profile, *, sees_names: bool) -> list[ShownFact]:
    shown = []
    for code in known_codes(profile):
        field, fact = PROFILE_FIELDS[code], profile[code]
        if code == "name":
            continue
        value = fact_in_words(code, fact.value)
        if field.kind is FieldKind.DATE:
            # Who may not know the name sees how old somebody is, not the day.
            age = str(age_on(dt.date.fromisoformat(value), now().date()))
            value = f"{value} ({age})" if sees_names else age
        shown.append(ShownFact(code, str(field.label), value, fact.origin, fact.at))
    return shown


def _notes(member: Member, key: DataKey | None) -> list[ShownNote]:
    rows = Note.objects.filter(member=member).select_related("author")[:50]
    return [
        ShownNote(
            id=row.id,
            body=key.open(bytes(row.body_sealed), note_context(row.id)).decode(),
            author=row.author.name if row.author else "",
            written_at=row.written_at,
        )
        for row in rows
        if key is not None
    ]


def proofs(consents: Collection[Consent], member_id: UUID) -> dict[UUID, str]:
    """What proves each consent, by its id, where something was kept."""
    key = open_keys([member_id]).get(member_id)
    if key is None:
        return {}
    return {
        row.id: key.open(bytes(row.proof_sealed), proof_context(row.id)).decode()
        for row in consents
        if row.proof_sealed is not None
    }


def raw_profile(member: Member) -> dict[str, str]:
    """The values of the profile, unmasked, for the form that changes them."""
    key = open_keys([member.id]).get(member.id)
    return {code: fact.value for code, fact in open_profile(member.profile_sealed, key).items()}
