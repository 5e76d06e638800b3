"""Who attributes receipts to whom: strangers' receipts, and staff who give to themselves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import ActorKind
from mallard.kernel.secrets.services import open_keys
from mallard.value.watch import patterns, rules
from mallard.value.watch.finding.findings import Fact, Finding, Period, Subject
from mallard.value.watch.finding.statements import AT_A_DESK, PERSONS, receipt_facts, rows_of
from mallard.world.members.blind import BlindIndexes
from mallard.world.members.models import Identity, IdentityKind, Member
from mallard.world.members.profile import open_profile
from mallard.world.members.rules import normalise_identity
from mallard.world.staff.models import StaffUser

_PAIRS = f"""
    WITH {PERSONS}
    SELECT e.at, r.store_id, s.mall_id, r.actor_kind, r.actor_id,
        COALESCE(p.person, r.member_id) AS member, count(*), array_agg(r.id)
    FROM unnest(%s::timestamptz[]) AS e(at)
    JOIN sales_receipt r ON r.occurred_at >= e.at - make_interval(days => %s)
        AND r.occurred_at < e.at
    JOIN malls_store s ON s.id = r.store_id
    LEFT JOIN persons p ON p.record = r.member_id
    WHERE r.occurred_at >= %s AND r.occurred_at < %s AND r.member_id IS NOT NULL
        AND r.actor_id IS NOT NULL AND r.actor_kind = ANY(%s) AND r.source <> ALL(%s)
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING count(*) >= %s
"""  # noqa: S608 no values

_USUAL = f"""
    WITH {PERSONS}
    SELECT k.at, k.store_id, count(*), count(DISTINCT COALESCE(p.person, r.member_id))
    FROM unnest(%s::timestamptz[], %s::uuid[]) AS k(at, store_id)
    JOIN sales_receipt r ON r.store_id = k.store_id
        AND r.occurred_at >= k.at - make_interval(days => %s) AND r.occurred_at < k.at
    LEFT JOIN persons p ON p.record = r.member_id
    WHERE r.member_id IS NOT NULL
    GROUP BY 1, 2
"""  # noqa: S608 no values

_OF_RECORDERS = """
    SELECT k.at, k.store_id, r.actor_id, count(*)
    FROM unnest(%s::timestamptz[], %s::uuid[]) AS k(at, store_id)
    JOIN sales_receipt r ON r.store_id = k.store_id
        AND r.occurred_at >= k.at - make_interval(days => %s) AND r.occurred_at < k.at
    WHERE r.member_id IS NOT NULL AND r.actor_id = ANY(%s::uuid[])
    GROUP BY 1, 2, 3
"""

_OF_MEMBERS = f"""
    WITH {PERSONS}
    SELECT k.at, k.store_id, COALESCE(p.person, r.member_id), count(*)
    FROM unnest(%s::timestamptz[], %s::uuid[]) AS k(at, store_id)
    JOIN sales_receipt r ON r.store_id = k.store_id
        AND r.occurred_at >= k.at - make_interval(days => %s) AND r.occurred_at < k.at
    LEFT JOIN persons p ON p.record = r.member_id
    WHERE r.member_id IS NOT NULL AND COALESCE(p.person, r.member_id) = ANY(%s::uuid[])
    GROUP BY 1, 2, 3
"""  # noqa: S608 no values


@dataclass(frozen=True, slots=True)
class _Pair:
    """What one person or till gave one member at a store in the window that ends ``at``."""

    at: dt.datetime
    store_id: UUID
    mall_id: UUID
    actor_kind: str
    actor_id: UUID
    member_id: UUID
    n: int
    receipt_ids: Sequence[UUID]

    @property
    def subject(self) -> Subject:
        is_staff = self.actor_kind == ActorKind.STAFF
        return Subject(
            member_id=self.member_id,
            staff_id=self.actor_id if is_staff else None,
            till_id=None if is_staff else self.actor_id,
            store_id=self.store_id,
            mall_id=self.mall_id,
        )


def _pairs(
    period: Period, terms: Mapping[str, int], *, least: int, kinds: Collection[str]
) -> list[_Pair]:
    ends = period.ends()
    begin = min(ends) - dt.timedelta(days=terms["days"])
    parameters = [ends, terms["days"], begin, max(ends), list(kinds), list(AT_A_DESK), least]
    return [_Pair(*row) for row in rows_of(_PAIRS, parameters)]


def strangers(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Members to whom one cashier or till gives far more than chance and the store's usual."""
    kinds = (ActorKind.STAFF.value, ActorKind.API.value)
    pairs = _pairs(period, terms, least=terms["each"], kinds=kinds)
    usual = _Usual.read(pairs, terms["days"])
    groups: dict[Any, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.at, pair.store_id, pair.actor_id].append(pair)
    met = [
        (pair, verdict)
        for group in groups.values()
        for pair, verdict in zip(
            group, rules.strangers([usual.given(one) for one in group], terms), strict=True
        )
        if verdict is not None
    ]
    return _findings(patterns.STRANGERS.code, met, terms["each"])


def own_till(period: Period, terms: Mapping[str, int]) -> list[Finding]:
    """Receipts that staff recorded for a member who is known by their e-mail or their name."""
    pairs = _pairs(period, terms, least=terms["least"], kinds=(ActorKind.STAFF.value,))
    links = links_of({(pair.actor_id, pair.member_id) for pair in pairs})
    met = [
        (pair, verdict)
        for pair in pairs
        if (
            verdict := rules.own_till(pair.n, links.get((pair.actor_id, pair.member_id), ""), terms)
        )
    ]
    return _findings(patterns.OWN_TILL.code, met, terms["least"])


def _findings(
    pattern: str, met: Sequence[tuple[_Pair, rules.Verdict]], least: int
) -> list[Finding]:
    facts: dict[UUID, Fact] = receipt_facts([id_ for pair, _v in met for id_ in pair.receipt_ids])
    return [
        Finding(pattern, pair.subject, verdict, tuple(facts[i] for i in pair.receipt_ids), least)
        for pair, verdict in met
    ]


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual at the stores of some pairs, in the same windows."""

    stores: Mapping[Any, tuple[int, int]]
    recorders: Mapping[Any, int]
    members: Mapping[Any, int]

    @classmethod
    def read(cls, pairs: Sequence[_Pair], days: int) -> _Usual:
        places = sorted({(pair.at, pair.store_id) for pair in pairs})
        if not places:
            return cls({}, {}, {})
        keys = [[at for at, _store in places], [store for _at, store in places], days]
        recorders = list({pair.actor_id for pair in pairs})
        members = list({pair.member_id for pair in pairs})
        return cls(
            {(at, store): (n, of) for at, store, n, of in rows_of(_USUAL, keys)},
            {tuple(key): n for *key, n in rows_of(_OF_RECORDERS, [*keys, recorders])},
            {tuple(key): n for *key, n in rows_of(_OF_MEMBERS, [*keys, members])},
        )

    def given(self, pair: _Pair) -> rules.Given:
        of_store, members = self.stores[pair.at, pair.store_id]
        return rules.Given(
            n=pair.n,
            of_member=self.members[pair.at, pair.store_id, pair.member_id],
            of_recorder=self.recorders[pair.at, pair.store_id, pair.actor_id],
            of_store=of_store,
            members=members,
        )


def links_of(pairs: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], str]:
    """How the member of a pair is the member of staff, where they are: by e-mail or by name."""
    if not pairs:
        return {}
    staff = {row.pk: row for row in StaffUser.objects.filter(pk__in={one for one, _m in pairs})}
    member_ids = list({member for _s, member in pairs})
    blind = BlindIndexes()
    emails: dict[UUID, set[bytes]] = defaultdict(set)
    rows = Identity.objects.filter(
        member__in=member_ids, kind=IdentityKind.EMAIL, blind_full__isnull=False
    )
    for member_id, index in rows.values_list("member_id", "blind_full"):
        emails[member_id].add(bytes(index or b""))
    names = _names(member_ids)
    found = {}
    for staff_id, member_id in pairs:
        person = staff.get(staff_id)
        if person is None:
            continue
        email = normalise_identity(IdentityKind.EMAIL, person.email)
        if email and blind.full(IdentityKind.EMAIL, email) in emails[member_id]:
            found[staff_id, member_id] = "email"
        elif rules.is_same_name(person.name, names.get(member_id, "")):
            found[staff_id, member_id] = "name"
    return found


def _names(member_ids: Collection[UUID]) -> dict[UUID, str]:
    """The members' names, opened for comparison only: nothing of them is kept."""
    keys = open_keys(list(member_ids))
    names = {}
    for member_id, sealed in Member.objects.filter(pk__in=member_ids).values_list(
        "pk", "profile_sealed"
    ):
        profile = open_profile(sealed, keys.get(member_id))
        if "name" in profile:
            names[member_id] = profile["name"].value
    return names
