"""Measuring: every open member is looked at, a batch at a time; figures are written at the end.

A member is measured whole, over the records merged into theirs, as their page shows them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Invalid
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.intake.models import ImportRow, RowAction
from mallard.world.members.blind import open_identity
from mallard.world.members.fields import active_fields, clean, typed
from mallard.world.members.guarding import birth_date_in
from mallard.world.members.models import (
    CustomField,
    Identity,
    Member,
    MemberStatus,
)
from mallard.world.members.persons import Person, custom_of, persons
from mallard.world.members.profile import PROFILE_FIELDS
from mallard.world.members.services import note_children
from mallard.world.quality.checks import (
    IDENTITIES,
    Checked,
    Held,
    checked,
    is_good_identity,
)
from mallard.world.quality.models import MemberQuality, QualityDay, Source
from mallard.world.quality.settings import FRESH_DAYS

BATCH = 2_000
Group = tuple[UUID | None, str, str]
"""Mall, source, key."""


@dataclass(slots=True)
class _Figures:
    """What is counted on the way: members by group, and by group and field what is wrong."""

    members: Counter[Group] = field(default_factory=Counter)
    missing: Counter[tuple[Group, str]] = field(default_factory=Counter)
    invalid: Counter[tuple[Group, str]] = field(default_factory=Counter)
    stale: Counter[tuple[Group, str]] = field(default_factory=Counter)

    def add(self, group: Group, found: Checked) -> None:
        self.members[group] += 1
        self.missing.update((group, name) for name in found.missing)
        self.invalid.update((group, name) for name in found.invalid)
        self.stale.update((group, name) for name in found.stale)


def measure(*, actor: Actor) -> int:
    """Look at every open member and write today's figures; returns how many members.

    Each batch of 2,000 is a transaction of its own: values are opened for it and forgotten after
    it. Today's figures replace earlier ones of the same day.
    """
    at = now()
    fields = active_fields()
    names = _field_names(fields)
    figures = _Figures()
    last: UUID | None = None
    while (ids := _next(last)) != []:
        for group, found in _look_at(ids, fields, at, actor):
            figures.add(group, found)
        last = ids[-1]
    _write_day(figures, names, at, actor)
    return sum(n for (_mall, source, _key), n in figures.members.items() if source == Source.MALL)


def _field_names(fields: Collection[CustomField]) -> list[str]:
    """Every field that is measured, by the name that rows and addresses use."""
    return [
        *(f"profile.{code}" for code in PROFILE_FIELDS),
        *(f"identity.{kind}" for kind in IDENTITIES),
        *(f"custom.{one.code}" for one in fields),
    ]


def _next(last: UUID | None) -> list[UUID]:
    rows = Member.objects.filter(status=MemberStatus.OPEN, merged_into=None)
    if last is not None:
        rows = rows.filter(pk__gt=last)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


@atomic_retrying
def _look_at(
    ids: Sequence[UUID], fields: Sequence[CustomField], at: dt.datetime, actor: Actor
) -> list[tuple[Group, Checked]]:
    """One batch: check, keep what is wrong by name, and say to which groups each one belongs."""
    members = list(
        Member.objects.filter(pk__in=ids, status=MemberStatus.OPEN).select_related("enrolled_store")
    )
    people = persons(members)
    profiles = {member_id: person.profile for member_id, person in people.items()}
    identities = _identities(people)
    custom = _custom(people, fields)
    files = _files(ids)
    fresh_from = at - dt.timedelta(days=FRESH_DAYS.value)
    found = {
        member_id: checked(
            profiles[member_id],
            identities.get(member_id, {}),
            {one.code: custom.get((member_id, one.id)) for one in fields},
            today=at.date(),
            fresh_from=fresh_from,
        )
        for member_id in people
    }
    _keep(found, at)
    dates = {id_: birth_date_in(profile) for id_, profile in profiles.items()}
    known = {id_: date for id_, date in dates.items() if date is not None}
    note_children(known, at=at, actor=actor)
    return [(group, found[m.pk]) for m in members for group in _groups(m, files.get(m.pk))]


def _groups(member: Member, file: UUID | None) -> Iterator[Group]:
    store = member.enrolled_store
    mall = member.enrolled_mall_id or (store.mall_id if store else None)
    yield mall, Source.MALL.value, ""
    yield mall, Source.CHANNEL.value, str(member.origin)
    if file is not None:
        yield mall, Source.FILE.value, str(file)


def _identities(people: Mapping[UUID, Person]) -> dict[UUID, dict[str, list[Held]]]:
    """The open identities of each person, by kind."""
    owner = {id_: member_id for member_id, person in people.items() for id_ in person.ids}
    found: dict[UUID, dict[str, list[Held]]] = {}
    rows = Identity.objects.filter(member__in=list(owner), closed_at=None, kind__in=IDENTITIES)
    for row in rows:
        member_id = owner[row.member_id]
        key = people[member_id].keys.get(row.member_id)
        if key is None or row.value_sealed is None:
            continue
        # What a generator made up says so itself, and is no stand-in of somebody's.
        is_made_up = row.origin == Origin.GENERATED
        good = is_made_up or is_good_identity(row.kind, open_identity(row, key))
        held = Held(row.verified_at or row.created_at, good)
        found.setdefault(member_id, {}).setdefault(row.kind, []).append(held)
    return found


def _custom(
    people: Mapping[UUID, Person], fields: Sequence[CustomField]
) -> dict[tuple[UUID, UUID], Held]:
    """The value that counts, by person and field."""
    return {
        (member_id, one.field.id): Held(one.at, _is_taken(one.field, one.values))
        for member_id, said in custom_of(people, fields).items()
        for one in said
        if one.is_leading
    }


def _is_taken(one: CustomField, values: tuple[str, ...]) -> bool:
    """Whether the field, as it is today, would take this value again."""
    try:
        return clean(one, typed(one, values)) == values
    except Invalid:
        return False


def _files(ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The file by which each of these members was enrolled."""
    rows = ImportRow.objects.filter(
        member__in=ids, action=RowAction.CREATE, is_done=True, is_undone=False
    )
    pairs = rows.values_list("member_id", "member_import_id")
    return {member_id: import_id for member_id, import_id in pairs if member_id is not None}


def _keep(found: Mapping[UUID, Checked], at: dt.datetime) -> None:
    """A row per member; only those that changed are written."""
    known = {
        row.pk: (row.missing, row.invalid, row.stale)
        for row in MemberQuality.objects.filter(pk__in=list(found))
    }
    changed = [
        member
        for member, one in found.items()
        if known.get(member) != (one.missing, one.invalid, one.stale)
    ]
    MemberQuality.objects.filter(pk__in=changed).delete()
    MemberQuality.objects.bulk_create(
        MemberQuality(
            member_id=member,
            missing=found[member].missing,
            invalid=found[member].invalid,
            stale=found[member].stale,
            checked_at=at,
        )
        for member in changed
    )


@atomic_retrying
def _write_day(figures: _Figures, names: Sequence[str], at: dt.datetime, actor: Actor) -> None:
    day = at.date()
    QualityDay.objects.filter(day=day).delete()
    QualityDay.objects.bulk_create(
        _row(day, group, name, figures) for group in figures.members for name in names
    )
    gone = MemberQuality.objects.exclude(member__status=MemberStatus.OPEN, member__merged_into=None)
    gone.delete()
    record(actor, "quality.measured", "quality", None, after={"day": day.isoformat()})


def _row(day: dt.date, group: Group, name: str, figures: _Figures) -> QualityDay:
    mall, source, key = group
    members = figures.members[group]
    filled = members - figures.missing[group, name]
    return QualityDay(
        id=uuid7(),
        day=day,
        mall_id=mall,
        source=source,
        key=key,
        field=name,
        members=members,
        filled=filled,
        valid=filled - figures.invalid[group, name],
        fresh=filled - figures.stale[group, name],
    )


def drop_erased(member_ids: Collection[UUID]) -> None:
    """What was measured of erased members goes."""
    MemberQuality.objects.filter(pk__in=list(member_ids)).delete()
