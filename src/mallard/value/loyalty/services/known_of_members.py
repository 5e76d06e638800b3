"""What rules may ask about members, read once for a batch and only where a rule asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from mallard.value.loyalty.queries import ProgrammeFacts
from mallard.value.loyalty.rules import When
from mallard.value.loyalty.segments import segments_of
from mallard.value.loyalty.services.chains import Person, first_receipts
from mallard.world.malls.facts import StoreFacts
from mallard.world.members.queries import birthdays_of


class Bought(Protocol):
    """A receipt, as far as these questions go."""

    @property
    def receipt_id(self) -> UUID: ...
    @property
    def member_id(self) -> UUID | None: ...
    @property
    def store(self) -> StoreFacts: ...
    @property
    def occurred_at(self) -> dt.datetime: ...
    @property
    def business_day(self) -> dt.date: ...


@dataclass(slots=True)
class KnownOfMembers:
    """``touched`` are persons whose first purchase is a new receipt: an older one may have been
    taken for it until now."""

    birthdays: dict[Person, tuple[int, int]] = field(default_factory=dict)
    segments: dict[Person, set[str]] = field(default_factory=dict)
    firsts: set[UUID] = field(default_factory=set)
    touched: set[Person] = field(default_factory=set)
    asks_when: bool = False

    def when(self, receipt: Bought) -> When | None:
        if not self.asks_when:
            return None
        return When(receipt.business_day, receipt.occurred_at.astimezone(receipt.store.zone).hour)


def known_of_members(
    receipts: Sequence[Bought], records: Mapping[UUID, Person], facts: ProgrammeFacts
) -> KnownOfMembers:
    """At most one statement for each kind of question; none where no rule in force asks."""
    known = KnownOfMembers()
    asked = facts.book.any_terms(r.occurred_at for r in receipts)
    if not any(terms.asks_who or terms.asks_when for terms in asked):
        if facts.book.has_first_purchase:
            _first_purchases(known, receipts, records)
        return known
    known.asks_when = any(terms.asks_when or terms.birthday for terms in asked)
    persons = _persons(receipts, records)
    if any(terms.birthday for terms in asked):
        known.birthdays = _birthdays(persons)
    segments = {terms.segment for terms in asked if terms.segment}
    if segments:
        members = [record for person in persons for record in person]
        found = segments_of(segments, members)
        for person in persons:
            known.segments[person] = {one for record in person for one in found.get(record, ())}
    if facts.book.has_first_purchase:
        _first_purchases(known, receipts, records)
    return known


def _persons(receipts: Sequence[Bought], records: Mapping[UUID, Person]) -> set[Person]:
    return {records[r.member_id] for r in receipts if r.member_id is not None}


def _birthdays(persons: Collection[Person]) -> dict[Person, tuple[int, int]]:
    of_records = birthdays_of([record for person in persons for record in person])
    return {
        person: of_records[record]
        for person in persons
        for record in reversed(person)
        if record in of_records
    }


def _first_purchases(
    known: KnownOfMembers, receipts: Sequence[Bought], records: Mapping[UUID, Person]
) -> None:
    known.firsts = first_receipts(_persons(receipts, records))
    known.touched = {
        records[r.member_id]
        for r in receipts
        if r.member_id is not None and r.receipt_id in known.firsts
    }
