"""Which pairs are worth comparing, what is compared, and which pairs somebody may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import statement_limits
from mallard.kernel.errors import NotFound
from mallard.kernel.search_text import normalise, simplified
from mallard.kernel.secrets.services import open_keys
from mallard.world.duplicates.models import DuplicatePair
from mallard.world.duplicates.rules import Traits
from mallard.world.members.models import Identity, Member
from mallard.world.members.profile import open_profile
from mallard.world.members.queries import visible_members

_OPEN = "m.status = 'open' AND m.merged_into_id IS NULL"
_TRAITS = f"""
    fours AS MATERIALIZED (
        SELECT DISTINCT i.member_id, i.blind_last_four AS value FROM members_identity i
        JOIN members_member m ON m.id = i.member_id
        WHERE i.closed_at IS NULL AND i.blind_last_four IS NOT NULL AND {_OPEN}
    ), days AS MATERIALIZED (
        SELECT s.member_id, s.birth_month, s.birth_day, s.terms FROM members_membersearch s
        JOIN members_member m ON m.id = s.member_id WHERE {_OPEN}
    ), known AS MATERIALIZED (
        SELECT DISTINCT i.member_id, i.kind, i.blind_full AS value FROM members_identity i
        JOIN members_member m ON m.id = i.member_id
        WHERE i.blind_full IS NOT NULL AND {_OPEN}
    )
"""  # noqa: S608 no values
_CANDIDATES = f"""
    WITH {_TRAITS}
    SELECT a.member_id, b.member_id FROM fours a JOIN fours b USING (value)
        JOIN days x ON x.member_id = a.member_id JOIN days y ON y.member_id = b.member_id
        WHERE a.member_id < b.member_id
            AND (x.terms = y.terms AND x.terms <> ''
                OR (x.birth_month, x.birth_day) = (y.birth_month, y.birth_day))
    UNION
    SELECT x.member_id, y.member_id FROM days x
        JOIN days y USING (birth_month, birth_day)
        WHERE x.member_id < y.member_id AND x.terms <> '' AND y.terms <> ''
            AND tsvector_to_array(x.terms) && tsvector_to_array(y.terms)
    UNION
    SELECT a.member_id, b.member_id FROM known a JOIN known b USING (kind, value)
        WHERE a.member_id < b.member_id
"""  # noqa: S608 no values


def candidates() -> Iterator[tuple[UUID, UUID]]:
    """Pairs of open members that share enough to be compared: last four and name or birthday;
    birthday and part of the name; something that one was known by and the other is.

    Without nested loops: the planner knows nothing of how many rows the parts have, and where it
    takes them for few, it compares everybody with everybody, for hours.
    """
    with statement_limits(statement_ms=0), connection.cursor() as cursor:
        with transaction.atomic(), connection.cursor() as planner:
            planner.execute("SET LOCAL enable_nestloop = off")
            cursor.execute(_CANDIDATES)
            planner.execute("SET LOCAL enable_nestloop = on")
        while rows := cursor.fetchmany(5_000):
            yield from rows


def traits_of(member_ids: Collection[UUID]) -> dict[UUID, Traits]:
    """What is compared of each member; a fixed number of queries."""
    ids = list(member_ids)
    keys = open_keys(ids)
    fours: dict[UUID, set[bytes]] = {}
    identities: dict[UUID, set[tuple[str, bytes]]] = {}
    for row in Identity.objects.filter(member__in=ids, blind_full__isnull=False):
        identities.setdefault(row.member_id, set()).add((row.kind, bytes(row.blind_full or b"")))
        if row.closed_at is None and row.blind_last_four is not None:
            fours.setdefault(row.member_id, set()).add(bytes(row.blind_last_four))
    found = {}
    for member in Member.objects.filter(pk__in=ids).only("id", "profile_sealed"):
        facts = open_profile(member.profile_sealed, keys.get(member.id))
        value = {code: fact.value for code, fact in facts.items()}
        birth = value.get("birth_date")
        found[member.id] = Traits(
            name=_plain(value.get("name", "")),
            gender=value.get("gender", ""),
            birth_date=dt.date.fromisoformat(birth) if birth else None,
            fours=frozenset(fours.get(member.id, ())),
            identities=frozenset(identities.get(member.id, ())),
        )
    return found


def _plain(name: str) -> str:
    """A name without what says nothing: case, width, 繁/简, punctuation."""
    text = simplified(normalise(name))
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def visible_pairs(actor: Actor) -> QuerySet[DuplicatePair]:
    """Pairs of which ``actor`` may know both members."""
    pairs = DuplicatePair.objects.select_related("first", "second")
    if actor.scope.is_group:
        return pairs
    theirs = visible_members(actor).values("pk")
    return pairs.filter(first__in=theirs, second__in=theirs)


def visible_pair(actor: Actor, pair_id: UUID) -> DuplicatePair:
    """Raises `NotFound`."""
    found = visible_pairs(actor).filter(pk=pair_id).first()
    if found is None:
        raise NotFound()
    return found
