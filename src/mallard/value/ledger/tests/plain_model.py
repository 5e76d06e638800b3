"""The ledger as one would explain it on paper: plain Python, no SQL, nothing shared with the code
under test. The state machine compares the two after every step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

GRACE = dt.timedelta(days=30)


class NotEnough(Exception):
    """The paper ledger's refusal."""


@dataclass
class Lot:
    number: int
    owner: UUID
    funder: UUID
    source: UUID
    amount: int
    remaining: int
    matures: dt.datetime
    expires: dt.datetime
    held: int = 0
    expired: int = 0
    grace_ends: dt.datetime | None = None

    @property
    def free(self) -> int:
        return self.remaining - self.held

    @property
    def order(self) -> tuple[dt.datetime, dt.datetime, int]:
        return (self.expires, self.matures, self.number)


@dataclass
class Act:
    """Points of one lot that a member's act took: ``left`` may still go back to the lot, ``moved``
    went back when the records were taken apart and is the spender's since."""

    spender: UUID
    lot: Lot
    left: int
    moved: int = 0


@dataclass
class PlainLedger:
    members: list[UUID]
    now: dt.datetime
    lots: list[Lot] = field(default_factory=list)
    owed: dict[tuple[UUID, UUID], int] = field(default_factory=dict)
    merged_into: dict[UUID, UUID] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    redeemed: dict[str, list[Act]] = field(default_factory=dict)

    # who is who

    def survivor(self, member: UUID) -> UUID:
        return self.merged_into.get(member, member)

    def records(self, member: UUID) -> list[UUID]:
        survivor = self.survivor(member)
        others = sorted(m for m, into in self.merged_into.items() if into == survivor)
        return list(dict.fromkeys([member, survivor, *others]))

    # earning

    def earn(
        self,
        member: UUID,
        funder: UUID,
        source: UUID,
        points: int,
        matures: dt.datetime,
        expires: dt.datetime,
    ) -> int:
        lot = Lot(len(self.lots), member, funder, source, points, points, matures, expires)
        self.lots.append(lot)
        settled = 0
        for debtor in self.records(member):
            for (who, whom), debt in self.owed.items():
                paid = min(debt, lot.remaining) if who == debtor else 0
                if paid:
                    self.owed[who, whom] -= paid
                    lot.remaining -= paid
                    settled += paid
                    self.acts.append(Act(debtor, lot, paid))
        return settled

    # undoing a sale

    def reverse(
        self, member: UUID, funder: UUID, source: UUID, points: int
    ) -> tuple[int, int, int]:
        mine = sorted(
            (lot for lot in self.lots if lot.owner in self.records(member)), key=lambda x: x.order
        )
        own = [lot for lot in mine if lot.source == source and lot.funder == funder]
        from_own = from_others = 0
        for lot in own:
            free = min(lot.free, points - from_own)
            lot.remaining -= free
            from_own += free
            back = min(lot.expired, points - from_own)
            lot.expired -= back
            from_own += back
        for lot in mine:
            if lot in own or lot.expires <= self.now:
                continue
            taken = min(lot.free, points - from_own - from_others)
            if taken:
                lot.remaining -= taken
                from_others += taken
                self.acts.append(Act(member, lot, taken))
        missing = points - from_own - from_others
        if missing:
            self._owe(member, funder, missing)
        return from_own, from_others, missing

    def _owe(self, member: UUID, funder: UUID, points: int) -> None:
        self.owed[member, funder] = self.owed.get((member, funder), 0) + points

    # spending

    def _choose(self, member: UUID, points: int) -> list[tuple[Lot, int]]:
        chosen = []
        for wallet in self.records(member):
            for lot in sorted((x for x in self.lots if x.owner == wallet), key=lambda x: x.order):
                taken = min(points, lot.free) if lot.matures <= self.now < lot.expires else 0
                if taken:
                    chosen.append((lot, taken))
                    points -= taken
        if points:
            raise NotEnough
        return chosen

    def redeem(self, key: str, member: UUID, points: int) -> None:
        self._spend(key, member, self._choose(member, points))

    def _spend(self, key: str, member: UUID, chosen: list[tuple[Lot, int]]) -> None:
        acts = []
        for lot, taken in chosen:
            lot.remaining -= taken
            acts.append(Act(member, lot, taken))
        self.redeemed[key] = acts
        self.acts += acts

    def hold(self, member: UUID, points: int) -> list[tuple[Lot, int]]:
        chosen = self._choose(member, points)
        for lot, taken in chosen:
            lot.held += taken
        return chosen

    def post(self, key: str, member: UUID, chosen: list[tuple[Lot, int]]) -> None:
        for lot, taken in chosen:
            lot.held -= taken
        self._spend(key, member, chosen)

    def void(self, chosen: list[tuple[Lot, int]]) -> int:
        gone = 0
        for lot, taken in chosen:
            lot.held -= taken
            if lot.expires <= self.now:
                lot.remaining -= taken
                lot.expired += taken
                gone += taken
        return gone

    # giving back

    def left_of(self, key: str) -> int:
        return sum(act.left + act.moved for act in self.redeemed[key])

    def restore(self, key: str, points: int) -> None:
        grants = []
        late = sorted(
            self.redeemed[key], key=lambda act: (-act.lot.expires.timestamp(), act.lot.number)
        )
        for act in late:
            back = min(points, act.left)
            moved = min(points - back, act.moved)
            points -= back + moved
            if back:
                self._come_back(act.lot, back)
                act.left -= back
            if moved:
                act.moved -= moved
                debt = self.owed.get((act.spender, act.lot.funder), 0)
                paid = min(moved, debt)
                self.owed[act.spender, act.lot.funder] = debt - paid
                if moved > paid:
                    grants.append((act, moved - paid))
        for act, granted in grants:
            self.earn(act.spender, act.lot.funder, UUID(int=0), granted, self.now, self.now + GRACE)

    def _come_back(self, lot: Lot, points: int) -> None:
        """Into a lot that is over: until so long after its own end, once; later than that never."""
        if lot.expires <= self.now:
            end = lot.grace_ends or lot.expires + GRACE
            if end <= self.now:
                lot.expired += points
                return
            lot.expired += lot.free
            lot.remaining -= lot.free
            lot.expires = lot.grace_ends = end
        lot.remaining += points

    # time

    def expire(self) -> int:
        gone = 0
        for lot in self.lots:
            if lot.expires <= self.now and lot.free:
                gone += lot.free
                lot.expired += lot.free
                lot.remaining -= lot.free
        return gone

    # two records, one person

    def merge(self, member: UUID, survivor: UUID) -> None:
        self.merged_into[member] = survivor

    def unmerge(self, member: UUID) -> int:
        survivor = self.merged_into.pop(member)
        ours, theirs = {member}, {*self.records(survivor)}
        crossed = [
            act
            for act in self.acts
            if act.left
            and (
                (act.spender in ours and act.lot.owner in theirs)
                or (act.spender in theirs and act.lot.owner in ours)
            )
        ]
        for pair in sorted({(act.spender, act.lot.funder) for act in crossed}):
            self.owed.setdefault(pair, 0)
        total = 0
        for act in crossed:
            self._come_back(act.lot, act.left)
            self._owe(act.spender, act.lot.funder, act.left)
            total += act.left
            act.moved += act.left if any(act in acts for acts in self.redeemed.values()) else 0
            act.left = 0
        return total
