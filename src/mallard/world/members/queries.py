"""Reads of members. Who may see whom is decided here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    F,
    Field,
    Func,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from mallard.kernel.access.actor import Actor, ActorKind, Scope
from mallard.kernel.database.prepared import ask, fetch_rows
from mallard.kernel.search_text import query_terms, tsquery_literal
from mallard.world.malls.queries import stores_in
from mallard.world.members import moving
from mallard.world.members.blind import BlindIndexes
from mallard.world.members.errors import MemberNotFound
from mallard.world.members.inputs import MemberRef
from mallard.world.members.models import (
    Child,
    Consent,
    ConsentChannel,
    ConsentPurpose,
    GuardianConsent,
    Identity,
    IdentityKind,
    Member,
    MemberPresence,
    MemberSearch,
    MemberStatus,
)
from mallard.world.members.reach import shares_with_tenants, was_at
from mallard.world.members.rules import (
    NUMBER_KIND,
    normalise_identity,
    normalise_last_four,
)

__all__ = ["MemberRef", "find_by_identities", "visible_member", "visible_members"]


# --- who sees whom


def visible_members(actor: Actor) -> QuerySet[Member]:
    """The members that ``actor`` may know of.

    The group's staff see everybody. A mall's staff see who enrolled or bought there. Tenants and
    stores see who bought from them *and* consented to sharing with tenants. A member who was
    merged brings along where they had been. A member sees themself.
    """
    if actor.kind is ActorKind.MEMBER:
        return Member.objects.filter(pk__in=[actor.id])
    scope = actor.scope
    if scope.is_group:
        return Member.objects.all()
    condition = Q(pk__in=[])
    if scope.mall_ids:
        malls = Scope(mall_ids=scope.mall_ids)
        condition |= (
            Q(enrolled_mall__in=scope.mall_ids)
            | Q(enrolled_store__in=stores_in(malls).values("pk"))
            | was_at(malls)
        )
    if scope.tenant_ids or scope.store_ids:
        theirs = Scope(tenant_ids=scope.tenant_ids, store_ids=scope.store_ids)
        condition |= was_at(theirs, min_receipts=1) & shares_with_tenants()
    return Member.objects.filter(condition)


def visible_member(actor: Actor, member_id: UUID) -> Member:
    """The member, if ``actor`` may know of them; raises `MemberNotFound` otherwise."""
    member = (
        visible_members(actor)
        .select_related("enrolled_store", "enrolled_mall", "merged_into")
        .filter(pk=member_id)
        .first()
    )
    if member is None:
        raise MemberNotFound()
    return member


# --- finding


@dataclass(frozen=True, slots=True)
class FoundMember:
    """Whom an identity belongs to: the record itself, and who stands for it after merges.

    Receipts and points stay with the record, because merging moves nothing.
    """

    member_id: UUID
    survivor_id: UUID
    status: str
    joined_at: dt.datetime
    is_alone: bool = False
    """Nobody was merged into the record, nor it into another, when it was looked up."""


Found = dict[MemberRef, FoundMember]


def find_by_identities(refs: Collection[MemberRef]) -> Found:
    """The member record behind each reference.

    For tills and batches: not scoped, a few statements whatever the number. References
    that are malformed or unknown, or whose member was erased, are left out.
    """
    return find_by_identities_soon(refs)()


def find_by_identities_soon(refs: Collection[MemberRef]) -> Callable[[], Found]:
    """The same, asked together with other things (`prepared.together`); the result gives it."""
    blind = BlindIndexes()
    by_number: dict[str, list[MemberRef]] = {}
    by_index: dict[tuple[str, bytes], list[MemberRef]] = {}
    for ref in refs:
        value = normalise_identity(ref.kind, ref.value)
        if value is None:
            continue
        if ref.kind == NUMBER_KIND:
            by_number.setdefault(value, []).append(ref)
        else:
            by_index.setdefault((ref.kind, blind.full(ref.kind, value)), []).append(ref)
    numbers = ask(_BY_NUMBER, [list(by_number)]) if by_number else None
    indexes = ask(_BY_INDEX, [[index for _kind, index in by_index]]) if by_index else None
    moved = moving.resolve(refs)
    ids = ask(_BY_ID, [list(set(moved.values()))]) if moved else None

    def found() -> Found:
        owners: dict[MemberRef, _Record] = {}
        for number, *record in numbers.rows() if numbers else ():
            owners.update(dict.fromkeys(by_number[number], _Record(*record)))
        for kind, index, *record in indexes.rows() if indexes else ():
            owners.update(dict.fromkeys(by_index.get((kind, bytes(index)), ()), _Record(*record)))
        records = {row[0]: _Record(*row) for row in (ids.rows() if ids else ())}
        owners |= {ref: records[id_] for ref, id_ in moved.items() if id_ in records}
        return _with_survivors(owners)

    return found


class _Record(NamedTuple):
    id: UUID
    merged_into_id: UUID | None
    status: str
    joined_at: dt.datetime
    is_alone: bool


_BY_NUMBER = """
    SELECT m.number, m.id, m.merged_into_id, m.status, m.joined_at,
        m.merged_into_id IS NULL
            AND NOT EXISTS (SELECT FROM members_member o WHERE o.merged_into_id = m.id)
    FROM members_member m WHERE m.number = ANY(%s::text[])
"""
_BY_ID = """
    SELECT m.id, m.merged_into_id, m.status, m.joined_at,
        m.merged_into_id IS NULL
            AND NOT EXISTS (SELECT FROM members_member o WHERE o.merged_into_id = m.id)
    FROM members_member m WHERE m.id = ANY(%s::uuid[])
"""
_BY_INDEX = """
    SELECT i.kind, i.blind_full, m.id, m.merged_into_id, m.status, m.joined_at,
        m.merged_into_id IS NULL
            AND NOT EXISTS (SELECT FROM members_member o WHERE o.merged_into_id = m.id)
    FROM members_identity i JOIN members_member m ON m.id = i.member_id
    WHERE i.blind_full = ANY(%s::bytea[]) AND i.closed_at IS NULL
"""


def _with_survivors(owners: Mapping[MemberRef, _Record]) -> dict[MemberRef, FoundMember]:
    known = {ref: row for ref, row in owners.items() if row.status != MemberStatus.ERASED}
    merged = survivors_of({row.id for row in known.values() if row.merged_into_id is not None})
    return {
        ref: FoundMember(
            row.id, merged.get(row.id, row.id), row.status, row.joined_at, row.is_alone
        )
        for ref, row in known.items()
    }


def records_of(member_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """For each member record, all records of the same person, itself included, by id.

    One statement: up to whoever survives, and down to everybody merged into them.
    """
    return records_soon(member_ids)()


def records_soon(member_ids: Collection[UUID]) -> Callable[[], dict[UUID, tuple[UUID, ...]]]:
    """The same, asked together with other things; the result gives it."""
    if not member_ids:
        return dict
    answer = ask(_RECORDS, [list(member_ids)])
    return lambda: {member_id: tuple(records) for member_id, records in answer.rows()}


_RECORDS = """
    WITH RECURSIVE up AS (
        SELECT id AS asked, id, merged_into_id FROM members_member
        WHERE id = ANY(%s::uuid[])
        UNION ALL
        SELECT up.asked, m.id, m.merged_into_id
        FROM up JOIN members_member m ON m.id = up.merged_into_id
    ), down AS (
        SELECT asked, id FROM up WHERE merged_into_id IS NULL
        UNION ALL
        SELECT down.asked, m.id
        FROM down JOIN members_member m ON m.merged_into_id = down.id
    )
    SELECT asked, array_agg(id ORDER BY id) FROM down GROUP BY asked
"""


def birthdays_of(member_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Month and day of birth of the members who told it, from the row that erasing deletes.

    Never the year: who asks for a birthday has no need of an age.
    """
    if not member_ids:
        return {}
    rows = fetch_rows(
        "SELECT member_id, birth_month, birth_day FROM members_membersearch"
        " WHERE member_id = ANY(%s::uuid[]) AND birth_month IS NOT NULL",
        [list(member_ids)],
    )
    return {member_id: (month, day) for member_id, month, day in rows}


def joined_at_of(member_ids: Collection[UUID]) -> dict[UUID, dt.datetime]:
    """When each of these records joined."""
    return dict(Member.objects.filter(id__in=member_ids).values_list("id", "joined_at"))


def enrolled_by_store(
    store_ids: Collection[UUID], since: dt.datetime, until: dt.datetime
) -> dict[UUID, int]:
    """How many members enrolled at each of these stores from ``since`` to before ``until``; a store
    where nobody did is left out."""
    rows = Member.objects.filter(
        enrolled_store__in=store_ids, joined_at__gte=since, joined_at__lt=until
    )
    counted = rows.order_by().values_list("enrolled_store").annotate(members=Count("pk"))
    return {store_id: members for store_id, members in counted if store_id is not None}


def survivors_of(member_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """For each member the one who stands for them today: themselves, or whom they were merged
    into. Those who end at a closed or erased member are left out."""
    wanted = set(member_ids)
    known: dict[UUID, tuple[UUID | None, str]] = {}
    missing = set(wanted)
    while missing:
        rows = Member.objects.filter(pk__in=missing).values_list("id", "merged_into_id", "status")
        known.update({id_: (into, status) for id_, into, status in rows})
        missing = {into for into, _status in known.values() if into is not None} - known.keys()
    result = {}
    for start in wanted & known.keys():
        end = start
        while (into := known[end][0]) is not None:
            end = into
        if known[end][1] == MemberStatus.OPEN:
            result[start] = end
    return result


def records_under(member_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """For each member their own record first, then those merged into it, directly or not. One
    statement; ids that do not exist are left out."""
    if not member_ids:
        return {}
    return {
        member_id: tuple(records) for member_id, records in fetch_rows(_UNDER, [list(member_ids)])
    }


_UNDER = """
    WITH RECURSIVE down AS (
        SELECT id AS asked, id, 0 AS depth FROM members_member WHERE id = ANY(%s::uuid[])
        UNION ALL
        SELECT down.asked, m.id, down.depth + 1
        FROM down JOIN members_member m ON m.merged_into_id = down.id
    )
    SELECT asked, array_agg(id ORDER BY depth, id) FROM down GROUP BY asked
"""


def search_members(members: QuerySet[Member], text: str) -> QuerySet[Member]:
    """Those of ``members`` whom ``text`` may mean: a number, a whole identity of any kind, the
    last four of a phone, card or plate, or part of a name in Chinese or Latin letters."""
    if not text.strip():
        return members
    blind = BlindIndexes()
    # One branch per index: PostgreSQL reads each of them, where an "or" would read every member.
    branches: list[QuerySet[Any, Any]] = []
    if refs := moving.refs_like(text):
        shown = {found.survivor_id for found in find_by_identities(refs).values()}
        branches.append(Member.objects.filter(pk__in=shown).values_list("pk"))
    number = normalise_identity(NUMBER_KIND, text)
    if number is not None:
        branches.append(Member.objects.filter(number=number).values_list("pk"))
    indexes = [
        blind.full(kind, value)
        for kind in IdentityKind.values
        if (value := normalise_identity(kind, text)) is not None
    ]
    if indexes:
        whole = Identity.objects.filter(blind_full__in=indexes)
        branches.append(whole.values_list("member_id"))
    four = normalise_last_four(text)
    if four is not None:
        ending = Identity.objects.filter(blind_last_four=blind.tail(four))
        branches.append(ending.values_list("member_id"))
    terms = query_terms(text)
    if terms:
        named = MemberSearch.objects.filter(_named(tsquery_literal(terms)))
        branches.append(named.values_list("member_id"))
    if not branches:
        return members.none()
    return members.filter(pk__in=branches[0].union(*branches[1:], all=True))


class _TsQuery(Field):  # not generic at run time
    """A query whose terms are made already: PostgreSQL's own parser does not know Chinese."""

    def db_type(self, connection: Any) -> str:
        return "tsquery"


def _named(literal: str) -> Func:
    return Func(
        F("terms"),
        Cast(Value(literal), _TsQuery()),
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


# --- consents and presence


def current_consents(member_ids: Collection[UUID]) -> dict[UUID, list[Consent]]:
    """The consents that count now: of each member, purpose and channel the person's latest word,
    on whichever of their records they said it. A merge loses no refusal."""
    records = records_of(member_ids)
    latest = (
        Consent.objects.filter(
            member__in={one for theirs in records.values() for one in theirs} | set(member_ids)
        )
        .order_by("member_id", "purpose", "channel", "-occurred_at", "-id")
        .distinct("member_id", "purpose", "channel")
    )
    of_record: dict[UUID, list[Consent]] = {}
    for consent in latest:
        of_record.setdefault(consent.member_id, []).append(consent)
    result: dict[UUID, list[Consent]] = {}
    for id_ in member_ids:
        said = [one for record in records.get(id_, (id_,)) for one in of_record.get(record, ())]
        said.sort(key=lambda one: (one.occurred_at, one.id))
        words = {(one.purpose, one.channel): one for one in said}
        result[id_] = [words[key] for key in sorted(words)]
    return result


def has_consent(member_id: UUID, purpose: str, channel: str) -> bool:
    """Whether the member allows ``purpose`` on ``channel``: what was said of the channel itself
    counts before what was said of any channel. Nothing said means no, and so does a child without
    a guardian's consent, whatever the child said."""
    if purpose in FOR_GUARDIANS and children_without_guardian([member_id]):
        return False
    said = {
        consent.channel: consent.is_granted
        for consent in current_consents([member_id])[member_id]
        if consent.purpose == purpose
    }
    return said.get(channel, said.get(ConsentChannel.ANY, False))


def refused_profiling(member_ids: Collection[UUID]) -> set[UUID]:
    """Those of ``member_ids`` who said no to personalised recommendations, on whichever channel,
    and children without a guardian's consent.

    Whoever computes features, scores or recommendations of members leaves them out.
    """
    return {
        id_
        for id_, said in current_consents(member_ids).items()
        if any(one.purpose == ConsentPurpose.PROFILING and not one.is_granted for one in said)
    } | children_without_guardian(member_ids)


FOR_GUARDIANS = frozenset({ConsentPurpose.MARKETING, ConsentPurpose.PROFILING})
"""What nobody may do with a child's data unless a guardian allows it (PIPL articles 28 and 31)."""


def children_without_guardian(member_ids: Collection[UUID]) -> set[UUID]:
    """Those of ``member_ids`` who are too young by any record of theirs, without a guardian's
    consent that stands; one stands for all records of a person, like the person's own."""
    if not member_ids or not Child.objects.exists():
        return set()
    records = records_of(member_ids)
    everybody = {record for theirs in records.values() for record in theirs}
    children = set(Child.objects.filter(member__in=everybody).values_list("member_id", flat=True))
    standing = GuardianConsent.objects.filter(member__in=everybody, ended_at=None)
    allowed = set(standing.values_list("member_id", flat=True))
    found = {id_ for id_, theirs in records.items() if not children.isdisjoint(theirs)}
    return {id_ for id_ in found if allowed.isdisjoint(records[id_])}


def last_visits(
    member_ids: Collection[UUID],
    scope: Scope,
    *,
    under: Mapping[UUID, Collection[UUID]] | None = None,
) -> Mapping[UUID, dt.datetime]:
    """When each member was last present at a store of ``scope``, by any record merged into
    theirs (``under``, if the caller knows: `records_under`)."""
    under = records_under(member_ids) if under is None else under
    everybody = {record for records in under.values() for record in records}
    presences = MemberPresence.objects.filter(member__in=everybody, receipts__gt=0)
    if not scope.is_group:
        presences = presences.filter(store__in=stores_in(scope).values("pk"))
    rows = presences.order_by("member_id", F("last_at").desc()).distinct("member_id")
    last = dict(rows.values_list("member_id", "last_at"))
    found = {id_: [last[one] for one in records if one in last] for id_, records in under.items()}
    return {id_: max(times) for id_, times in found.items() if times}
