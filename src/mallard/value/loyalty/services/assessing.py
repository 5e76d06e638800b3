"""The loyalty part of a checkout batch: assess receipts, post what they earn.

``assess_receipts``, ``reassess_receipts`` and ``assess_afresh`` run inside the transaction of
``checkout.services``, which holds the members' locks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import (
    AssessmentFacts,
    ProgrammeFacts,
    latest_assessments,
    programme,
)
from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules import (
    Attribution,
    Circumstances,
    Earning,
    Goods,
    Place,
    TierLevel,
    attribute,
)
from mallard.value.loyalty.services.budgets import Budgets
from mallard.value.loyalty.services.deciding import (
    Case,
    Decided,
    Stored,
    decide,
    stored_cases,
)
from mallard.value.loyalty.services.inactivity import renew_lives
from mallard.value.loyalty.services.known_of_members import KnownOfMembers, known_of_members
from mallard.value.loyalty.services.posting import (
    SOURCE_KIND,
    Assessed,
    post_differences,
    write_assessments,
)
from mallard.value.loyalty.standing import PersonDay, tiers_at
from mallard.value.sales.queries import stored_receipts
from mallard.world.malls.facts import StoreFacts

__all__ = ["SOURCE_KIND", "Assessable", "assess_afresh", "assess_receipts", "reassess_receipts"]


@dataclass(frozen=True, slots=True)
class Assessable:
    """A new receipt as earning sees it. ``bars`` is a reason why it cannot earn at all."""

    receipt_id: UUID
    member_id: UUID | None
    store: StoreFacts
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    business_day: dt.date
    currency: str
    goods: tuple[Goods, ...]
    bars: Reason | None = None
    number: str = ""
    net_minor: int = 0
    tenders: tuple[tuple[str, int], ...] = ()


def why_not(r: Assessable, facts: ProgrammeFacts) -> Reason | None:
    """Why a receipt cannot earn at all, whatever the rules."""
    if r.bars is not None:
        return r.bars
    if r.member_id is None:
        return Reason.NO_MEMBER
    return Reason.OTHER_CURRENCY if r.currency != facts.currency else None


def assess_receipts(
    receipts: Sequence[Assessable],
    *,
    records: Mapping[UUID, tuple[UUID, ...]],
    actor: Actor,
    budgets: Budgets | None = None,
    tiers: Mapping[PersonDay, TierLevel | None] | None = None,
) -> dict[UUID, Earning]:
    """Assess new receipts and post what they earn; returns the earning of each by its id.

    The new receipts are written already; their members' ``tiers`` on these days are asked, where
    the caller does not know them. ``records``: all records of the person behind each
    member, as they are under their locks. Where a rule has a limit, other receipts of the same
    person may earn differently now: those are assessed again, and are among the answers.
    ``budgets`` are settled by the caller, last before the commit; here, where there are none given.
    """
    try:
        facts = programme()
    except NoProgramme:
        return _without_programme(receipts)
    own_budgets = budgets or Budgets()
    wanted = {(r.member_id, r.business_day) for r in receipts if r.member_id and not r.bars}
    tiers = tiers or {}
    if unknown := [pair for pair in wanted if pair not in tiers]:
        tiers = {**tiers, **tiers_at(unknown, facts, records=records)}
    known = known_of_members(receipts, records, facts)
    cases: list[Case] = []
    assessed: list[Assessed] = []
    by_id: dict[UUID, Assessable] = {}
    for r in receipts:
        reason = why_not(r, facts)
        if reason is not None or r.member_id is None:
            assessed.append(_first(r, None, Earning(reason or Reason.NO_MEMBER), None))
            continue
        by_id[r.receipt_id] = r
        tier = tiers[r.member_id, r.business_day]
        cases.append(_case(r, records[r.member_id], tier, known, facts))
    for done in decide(cases, known.touched, facts, own_budgets):
        new = by_id.get(done.case.receipt_id)
        if new is not None:
            assessed.append(_first(new, done.case.tier, done.earning, done.case.attribution))
        elif done.case.stored is not None and done.is_changed:
            assessed.append(_again(done, done.case.stored, _recorded(receipts), {}))
    write_assessments(assessed)
    post_differences(assessed, facts, actor=actor)
    renew_lives(assessed, facts, actor=actor)
    if budgets is None:
        own_budgets.settle()
    return {a.receipt_id: a.earning for a in assessed}


def _without_programme(receipts: Sequence[Assessable]) -> dict[UUID, Earning]:
    """Before a programme is set up receipts are recorded, and earn nothing for ever."""
    assessed = [_first(r, None, _no_programme(r), None) for r in receipts]
    write_assessments(assessed)
    return {a.receipt_id: a.earning for a in assessed}


def _no_programme(r: Assessable) -> Earning:
    no_member = Reason.NO_MEMBER if r.member_id is None else None
    return Earning(r.bars or no_member or Reason.NO_PROGRAMME)


def assess_afresh(
    r: Assessable,
    *,
    remaining: Sequence[Goods] | None = None,
    records: Mapping[UUID, tuple[UUID, ...]],
    actor: Actor,
    budgets: Budgets,
) -> dict[UUID, Earning]:
    """Assess a stored receipt as if it came now, and post the difference to what it earned.

    For a sale whose member or goods have become known later: lines are attributed to rules anew, by
    the rules of its time. ``remaining`` are its goods less what came back. Answers the earnings
    that changed, those of receipts that share a limit with it included.
    """
    before = latest_assessments([r.receipt_id]).get(r.receipt_id)
    try:
        facts = programme()
    except NoProgramme:
        nothing = _further(_first(r, None, _no_programme(r), None), before)
        write_assessments([nothing])
        return {r.receipt_id: nothing.earning}
    reason = why_not(r, facts)
    assessed: list[Assessed] = []
    if reason is not None or r.member_id is None:
        nothing = _first(r, None, Earning(reason or Reason.NO_MEMBER), None)
        assessed.append(_further(nothing, before))
    else:
        known = known_of_members([r], records, facts)
        tiers = tiers_at([(r.member_id, r.business_day)], facts, records=records)
        tier = tiers[r.member_id, r.business_day]
        case = _case(r, records[r.member_id], tier, known, facts)
        if remaining is not None:
            case = replace(case, goods=remaining)
        if before is not None and before.member_id is not None:
            # What its rules gave until now goes back to their budgets.
            stored = stored_receipts([r.receipt_id])[r.receipt_id]
            case = replace(case, stored=Stored(stored, r.store, before))
        for done in decide([case], known.touched, facts, budgets):
            if done.case.receipt_id == r.receipt_id:
                new = _first(r, done.case.tier, done.earning, done.case.attribution)
                assessed.append(_further(new, before))
            elif done.case.stored is not None and done.is_changed:
                assessed.append(_again(done, done.case.stored, r.recorded_at, {}))
    write_assessments(assessed)
    post_differences(assessed, facts, actor=actor)
    return {a.receipt_id: a.earning for a in assessed}


def _further(new: Assessed, before: AssessmentFacts | None) -> Assessed:
    """The next revision. A sale that earned nobody anything is a purchase, no reassessment."""
    if before is None:
        return new
    has_earned = before.member_id is not None
    return replace(new, revision=before.revision + 1, before=before if has_earned else None)


def _recorded(receipts: Sequence[Assessable]) -> dt.datetime:
    return max(r.recorded_at for r in receipts)


def _case(
    r: Assessable,
    person: tuple[UUID, ...],
    tier: TierLevel | None,
    known: KnownOfMembers,
    facts: ProgrammeFacts,
) -> Case:
    store = r.store
    place = Place(store.id, store.trade_category_ids, store.tenant_id, store.mall_id)
    is_first = r.receipt_id in known.firsts
    attribution = attribute(
        r.goods,
        place,
        r.occurred_at,
        facts.book,
        known.when(r),
        birthday=known.birthdays.get(person),
        segments=known.segments.get(person, ()),
        is_first=is_first,
    )
    return Case(
        receipt_id=r.receipt_id,
        person=person,
        order=(r.occurred_at, str(store.id), r.number),
        goods=r.goods,
        attribution=attribution,
        tier=tier,
        circumstances=Circumstances(
            r.receipt_id, store.mall_id, r.business_day, is_first, r.net_minor, r.tenders
        ),
    )


def _first(
    r: Assessable, tier: TierLevel | None, earning: Earning, attribution: Attribution | None
) -> Assessed:
    return Assessed(
        r.receipt_id, 1, r.member_id, r.store.mall_id, r.store.tenant_id, r.store,
        r.occurred_at, r.recorded_at, r.business_day, tier, earning, attribution,
    )  # fmt: skip


def reassess_receipts(
    receipt_ids: Collection[UUID],
    returned_at: Mapping[UUID, dt.datetime],
    *,
    recorded_at: dt.datetime,
    actor: Actor,
    budgets: Budgets | None = None,
) -> dict[UUID, Earning]:
    """Assess receipts again, after a return or a late fact, and post the differences.

    What remains of the sale is assessed under the rules of the sale (the attribution of lines to
    rules is kept) and the tier that its business day has *now*; receipts that share a limit with it
    are assessed with it. Returns the earnings that changed, by receipt id. ``returned_at`` says of
    which receipts goods came back, and when.
    """
    try:
        facts = programme()
    except NoProgramme:
        return {}  # nothing has earned
    own_budgets = budgets or Budgets()
    before = {
        receipt_id: known
        for receipt_id, known in latest_assessments(receipt_ids).items()
        if known.member_id is not None and known.reason not in NEVER_EARNS
    }
    cases = stored_cases(before, facts)
    changed = [
        _again(done, done.case.stored, recorded_at, returned_at)
        for done in decide(cases, set(), facts, own_budgets)
        if done.case.stored is not None and done.is_changed
    ]
    write_assessments(changed)
    post_differences(changed, facts, actor=actor)
    renew_lives(changed, facts, actor=actor)
    if budgets is None:
        own_budgets.settle()
    return {a.receipt_id: a.earning for a in changed}


NEVER_EARNS = {
    Reason.MEMBER_CLOSED,
    Reason.BEFORE_JOINING,
    Reason.OTHER_CURRENCY,
    Reason.NO_PROGRAMME,
}


def _again(
    done: Decided,
    stored: Stored,
    recorded_at: dt.datetime,
    returned_at: Mapping[UUID, dt.datetime],
) -> Assessed:
    receipt = stored.receipt
    return Assessed(
        receipt.id,
        stored.before.revision + 1,
        receipt.member_id,
        receipt.mall_id,
        receipt.tenant_id,
        stored.store,
        receipt.occurred_at,
        recorded_at,
        receipt.business_day,
        done.case.tier,
        done.earning,
        done.case.attribution,
        stored.before,
        returned_at.get(receipt.id),
    )
