"""Decide what receipts earn: alone where nothing is shared, else with those they share it with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from mallard.value.loyalty.queries import AssessmentFacts, ProgrammeFacts
from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules import (
    Attribution,
    Circumstances,
    Earning,
    Goods,
    TierLevel,
    earn,
    earn_in_order,
)
from mallard.value.loyalty.rules.attribution import budgets_of
from mallard.value.loyalty.rules.earning import Link
from mallard.value.loyalty.services.budgets import Budgets
from mallard.value.loyalty.services.chains import (
    Person,
    attribution_of,
    budgeted_points,
    first_receipts,
    mates_of,
    tenders_of,
)
from mallard.value.loyalty.standing import tiers_at
from mallard.value.sales.facts import StoredLine, StoredReceipt
from mallard.value.sales.queries import stored_receipts
from mallard.world.malls.facts import StoreFacts
from mallard.world.malls.queries import store_facts_by_id
from mallard.world.members.queries import records_of


@dataclass(frozen=True, slots=True)
class Stored:
    """A receipt that is stored, and what it was assessed to earn before."""

    receipt: StoredReceipt
    store: StoreFacts
    before: AssessmentFacts


@dataclass(frozen=True, slots=True)
class Case:
    """A receipt to decide: a new one, or one that was assessed before."""

    receipt_id: UUID
    person: Person
    order: tuple[dt.datetime, str, str]
    goods: Sequence[Goods]
    attribution: Attribution
    tier: TierLevel | None
    circumstances: Circumstances
    stored: Stored | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    case: Case
    earning: Earning

    @property
    def is_changed(self) -> bool:
        """Whether it differs from what was assessed before."""
        if self.case.stored is None:
            return True
        before = self.case.stored.before
        tier = self.case.tier
        return (
            before.tenant_points != self.earning.tenant_points
            or before.mall_points != self.earning.mall_points
            or before.reason != self.earning.reason
            or before.tier_code != (tier.code if tier else None)
            or (self.case.attribution.is_linked and _by_rule(before) != self._by_rule())
        )

    def _by_rule(self) -> dict[str, int]:
        return {part.rule.code: part.points for part in self.earning.parts if part.points}


def _by_rule(before: AssessmentFacts) -> dict[str, int]:
    return {step.code: step.points for step in before.steps if step.points}


def decide(
    cases: Sequence[Case],
    touched: Collection[Person],
    facts: ProgrammeFacts,
    budgets: Budgets,
) -> Iterator[Decided]:
    """The earning of each case, and of the stored receipts that share a limit with one of them.

    ``touched`` are persons all of whose receipts must be looked at for another reason.
    """
    linked = [case for case in cases if case.attribution.is_linked]
    every = list(cases)
    if linked or touched:
        every += _mates(cases, linked, touched, facts)
    budgets.look_up({code for case in every for code in case.attribution.budgets()})
    chains: dict[Person, list[Case]] = defaultdict(list)
    for case in every:
        if case.attribution.is_linked or case.attribution.budgets():
            chains[case.person].append(case)
        else:
            yield Decided(case, _told(case, earn(case.goods, case.attribution, case.tier,
                                                 case.circumstances)))  # fmt: skip
    for chain in chains.values():
        yield from _decide_together(chain, facts, budgets)


def _decide_together(
    chain: Sequence[Case], facts: ProgrammeFacts, budgets: Budgets
) -> Iterator[Decided]:
    given = {
        case.receipt_id: budgeted_points(case.stored.before, facts.book) if case.stored else {}
        for case in chain
    }
    links = [
        Link(
            case.order,
            case.goods,
            case.attribution,
            case.tier,
            case.circumstances,
            given[case.receipt_id],
        )
        for case in chain
    ]
    earnings = earn_in_order(links, budgets.left)
    for case in chain:
        earning = earnings[case.receipt_id]
        for code, points in given[case.receipt_id].items():
            budgets.use(code, -points)
        for part in earning.parts:
            for code in budgets_of(part.rule):
                budgets.use(code, part.points)
        yield Decided(case, _told(case, earning))


def _told(case: Case, earning: Earning) -> Earning:
    """An earning of nothing says so where everything came back."""
    if earning.points or case.stored is None:
        return earning
    if any(line.remaining_minor for line in case.stored.receipt.lines):
        return earning
    return Earning(Reason.RETURNED, earning.parts)


def _mates(
    cases: Sequence[Case],
    linked: Sequence[Case],
    touched: Collection[Person],
    facts: ProgrammeFacts,
) -> list[Case]:
    days: dict[Person, set[dt.date]] = defaultdict(set)
    for case in linked:
        if case.circumstances.business_day is not None:
            days[case.person].add(case.circumstances.business_day)
    for_life = {case.person for case in linked if case.attribution.is_for_life} | set(touched)
    given = {case.receipt_id for case in cases}
    mates = mates_of(days, for_life, facts)
    return stored_cases({key: one for key, one in mates.items() if key not in given}, facts)


def stored_cases(before: Mapping[UUID, AssessmentFacts], facts: ProgrammeFacts) -> list[Case]:
    """Receipts that were assessed, as they stand now; a fixed number of statements."""
    receipts = stored_receipts(before)
    if not receipts:
        return []
    stores = store_facts_by_id({r.store_id for r in receipts.values()})
    members = {key: one.member_id for key, one in before.items() if one.member_id}
    records = records_of(set(members.values()))
    tiers = tiers_at(
        [(members[r.id], r.business_day) for r in receipts.values()], facts, records=records
    )
    attributions = {key: attribution_of(before[key], facts.book) for key in receipts}
    firsts: set[UUID] = set()
    asking = {
        records[members[key]]
        for key, found in attributions.items()
        if any(rule.terms.is_first_purchase for rule in found.rules())
    }
    if asking:
        firsts = first_receipts(asking)
    paid = [
        key
        for key, found in attributions.items()
        if receipts[key].is_paid_in_points
        or any(rule.terms.tenders_left_out for rule in found.rules())
    ]
    tenders = tenders_of(paid) if paid else {}
    return [
        Case(
            receipt_id=r.id,
            person=records[members[r.id]],
            order=(r.occurred_at, str(r.store_id), r.number),
            goods=[_goods(line) for line in r.lines],
            attribution=attributions[r.id],
            tier=tiers[members[r.id], r.business_day],
            circumstances=Circumstances(
                r.id,
                r.mall_id,
                r.business_day,
                r.id in firsts,
                sum(line.amount_minor for line in r.lines),
                tenders.get(r.id, ()),
            ),
            stored=Stored(r, stores[r.store_id], before[r.id]),
        )
        for r in receipts.values()
    ]


def _goods(line: StoredLine) -> Goods:
    """What is left of a line; of its discount, the share of the amount that is left."""
    left = line.remaining_minor
    return Goods(
        line.line_no,
        left,
        (),
        line.restricted is not None,
        line.quantity_milli - line.returned_quantity_milli,
        line.discount_minor * left // line.amount_minor if line.amount_minor else 0,
    )
