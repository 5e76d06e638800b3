"""What the items of a batch refer to, looked up once; and the locks of the people in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.prepared import together
from mallard.value.checkout.errors import BatchTooLarge
from mallard.value.sales.errors import UnknownMember, UnknownStore
from mallard.world.catalog.queries import VariantFacts
from mallard.world.malls.facts import StoreFacts
from mallard.world.malls.queries import store_facts, store_ids_in
from mallard.world.members.locks import lock_members_soon
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.queries import FoundMember, MemberRef, records_of, records_soon

MAX_BATCH = 5_000

Persons = dict[UUID, tuple[UUID, ...]]
"""All records of the person behind each member record."""


def check_size(items: Sequence[object]) -> None:
    if len(items) > MAX_BATCH:
        raise BatchTooLarge(most=MAX_BATCH, count=len(items))


@dataclass(slots=True)
class Till:
    """What the items of a batch refer to, looked up once: stores, goods, members."""

    stores: dict[str, StoreFacts]
    allowed: frozenset[UUID] | None
    now: dt.datetime
    goods: dict[str, VariantFacts] = field(default_factory=dict)
    members: dict[MemberRef, FoundMember] = field(default_factory=dict)
    waiting_returns: list[UUID] = field(default_factory=list)
    """Returns that came before one of these sales."""

    def store(self, code: str) -> StoreFacts:
        """The store of that code within the actor's scope."""
        store = self.stores.get(code)
        if store is None or (self.allowed is not None and store.id not in self.allowed):
            raise UnknownStore(store=code)
        return store

    def member(self, ref: MemberRef | None) -> FoundMember | None:
        if ref is None:
            return None
        found = self.members.get(ref)
        if found is None:
            raise UnknownMember(kind=ref.kind)
        return found

    def store_ids(self) -> set[UUID]:
        """The stores of the batch that the actor may act for."""
        return {
            store.id
            for store in self.stores.values()
            if self.allowed is None or store.id in self.allowed
        }

    def see_again(self, locked: dict[UUID, Member]) -> None:
        """Take members as they are under their locks: one may have been closed or forgotten
        between the look-up and the lock."""
        self.members = {
            ref: replace(found, status=locked[found.member_id].status)
            for ref, found in self.members.items()
            if found.member_id in locked and locked[found.member_id].status != MemberStatus.ERASED
        }


def open_till(codes: Collection[str], actor: Actor) -> Till:
    return Till(store_facts(codes), store_ids_in(actor.scope), clock.now())


def lock_persons(
    member_ids: Iterable[UUID],
    *,
    alone: Collection[UUID] = (),
    meanwhile: Callable[[Persons], None] | None = None,
) -> tuple[Persons, dict[UUID, Member]]:
    """Lock all records of the persons behind these members.

    Returns the records by member, and every locked row by its id. Who belongs to whom is asked
    again under the locks, because records may have been merged while we waited for them. ``alone``:
    members known to have had one record just now, of whom nothing has to be asked beforehand.
    ``meanwhile`` asks what else is to be known under these locks (`prepared.ask`); it is called
    again where the persons turn out to be others than it was told.
    """
    wanted = set(member_ids)
    persons: Persons = {member_id: (member_id,) for member_id in wanted}
    if not wanted <= set(alone):
        persons = records_of(wanted)
    locked: dict[UUID, Member] = {}
    while True:
        with together():
            members = lock_members_soon(_all_records(persons))
            now = records_soon(wanted)
            if meanwhile is not None:
                meanwhile(persons)
            locked |= {member.id: member for member in members()}
            told, persons = persons, now()
        if told == persons:
            return persons, locked


def _all_records(persons: Persons) -> set[UUID]:
    return {record_id for records in persons.values() for record_id in records}
