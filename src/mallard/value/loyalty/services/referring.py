"""Points for who brought a friend (老带新): after the friend's first valid purchase, never before.

Decided anew from the facts each time: the first purchase that earned points and of which goods
remain, the rule in force when it was made, the limits. So late receipts, returns and merges come
out the same in whatever order they become known, and only the difference is posted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import business_day, business_day_start
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.value.ledger.models import FunderKind
from mallard.value.ledger.services import (
    Accrual,
    Reversal,
    open_funders,
    post_accruals,
    reverse_accruals,
)
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.locks import lock_referral_rewards
from mallard.value.loyalty.models import ReferralReward
from mallard.value.loyalty.queries import ProgrammeFacts, programme
from mallard.value.loyalty.rules import Kind, RuleVersion, Scope, add_months
from mallard.world.malls.models import Mall
from mallard.world.members.queries import records_of, survivors_of
from mallard.world.members.referrals import Edge, referral_edges

SOURCE_KIND = "referral"


@dataclass(frozen=True, slots=True)
class Purchase:
    """The first purchase of a friend that counts."""

    receipt_id: UUID
    mall_id: UUID
    occurred_at: dt.datetime


# Of each person: the first receipt since joining that earned points and still has goods. The latest
# assessment says both, whatever was returned.
_FIRST_VALID = """
    SELECT DISTINCT ON (asked.person) asked.person, r.id, s.mall_id, r.occurred_at
    FROM unnest(%s::int[], %s::uuid[]) AS asked(person, member_id)
    JOIN members_member m ON m.id = asked.member_id
    JOIN sales_receipt r ON r.member_id = m.id AND r.occurred_at >= m.joined_at
    JOIN malls_store s ON s.id = r.store_id
    JOIN LATERAL (
        SELECT a.reason FROM loyalty_assessment a WHERE a.receipt_id = r.id
        ORDER BY a.revision DESC LIMIT 1
    ) latest ON latest.reason = 'earned'
    ORDER BY asked.person, r.occurred_at, r.store_id, r.number
"""


@atomic_retrying
def settle_referrals(member_ids: Collection[UUID], *, actor: Actor) -> int:
    """Give, take back or leave the points of who brought these members, or was brought by them;
    returns how many rewards changed. Again changes nothing."""
    try:
        facts = programme()
    except NoProgramme:
        return 0
    if not any(rule.terms.kind is Kind.REFERRAL for rule in facts.book.versions):
        return 0
    records = records_of(member_ids)
    everybody = {one for person in records.values() for one in person} | set(member_ids)
    edges = referral_edges(member_ids=everybody)
    if not edges:
        return 0
    lock_referral_rewards()
    purchases = _purchases(edges)
    return sum(_settle(edge, purchases.get(edge.friend_id), facts, actor) for edge in edges)


def _purchases(edges: Collection[Edge]) -> dict[UUID, Purchase]:
    """The first valid purchase by friend, of all their records together."""
    persons = records_of({edge.friend_id for edge in edges})
    friends = list(persons)
    pairs = [(i, record) for i, friend in enumerate(friends) for record in persons[friend]]
    rows = fetch_rows(_FIRST_VALID, [[i for i, _r in pairs], [record for _i, record in pairs]])
    return {friends[i]: Purchase(receipt, mall, at) for i, receipt, mall, at in rows}


def _latest(edge: Edge) -> dict[str, ReferralReward]:
    """What each rule gives for a referral as it stands."""
    rows = ReferralReward.objects.filter(referral=edge.id).order_by("revision")
    return {row.rule_code: row for row in rows}


def _settle(edge: Edge, bought: Purchase | None, facts: ProgrammeFacts, actor: Actor) -> int:
    before = _latest(edge)
    wanted = _wanted(edge, bought, facts)
    changed = 0
    for code in sorted(before.keys() | wanted.keys()):
        known, rule = before.get(code), wanted.get(code)
        if known is None and (rule is None or bought is None):
            continue
        points = _within_limits(rule, edge, bought) if rule and bought else 0
        if known is not None and known.points == points:
            continue
        if known is None and not points:
            continue
        row = _write(edge, code, rule, known, points, bought)
        _post(row, known.points if known else 0, facts, actor)
        changed += 1
    return changed


def _wanted(
    edge: Edge, bought: Purchase | None, facts: ProgrammeFacts
) -> Mapping[str, RuleVersion]:
    """The rules that reward this referral, by code; none when it does not hold."""
    if bought is None or edge.ended_at is not None:
        return {}
    people = survivors_of([edge.referrer_id, edge.friend_id])
    referrer = people.get(edge.referrer_id)
    if referrer is None or referrer == people.get(edge.friend_id):
        return {}  # closed, erased, or one and the same person
    rules = facts.book.given_without_receipt(Kind.REFERRAL, bought.occurred_at)
    return {rule.code: rule for rule in rules}


def _within_limits(rule: RuleVersion, edge: Edge, bought: Purchase) -> int:
    """The rule's points, as far as its limits leave them: what the person was given for other
    friends under the same rule is counted, first come, first served."""
    points = rule.points
    if not rule.terms.caps:
        return points
    person = records_of([edge.referrer_id]).get(edge.referrer_id, (edge.referrer_id,))
    theirs = Q(referral__from_member__in=person, rule_code=rule.code) & ~Q(referral=edge.id)
    rows = ReferralReward.objects.filter(theirs).order_by("revision")
    latest = {row.referral_id: row for row in rows}.values()
    for scope, most in rule.terms.caps:
        used = sum(
            row.points
            for row in latest
            if scope is not Scope.YEAR or row.happened_at.year == bought.occurred_at.year
        )
        points = min(points, max(most - used, 0))
    return points


def _write(
    edge: Edge,
    code: str,
    rule: RuleVersion | None,
    known: ReferralReward | None,
    points: int,
    bought: Purchase | None,
) -> ReferralReward:
    """A further revision. Wallet and funder stay those of the first, so that what is taken back
    comes from where it went."""
    if known is not None:
        member_id, mall_id, version = known.member_id, known.mall_id, known.rule_version
        happened_at = bought.occurred_at if bought else known.happened_at
    else:
        if bought is None or rule is None:
            raise ValueError("a first reward needs a purchase and a rule")
        member_id = survivors_of([edge.referrer_id])[edge.referrer_id]
        mall_id, version, happened_at = bought.mall_id, rule.version, bought.occurred_at
    return ReferralReward.objects.create(
        referral_id=edge.id,
        rule_code=code,
        rule_version=rule.version if rule else version,
        revision=known.revision + 1 if known else 1,
        member_id=member_id,
        mall_id=mall_id,
        receipt_id=bought.receipt_id if bought and points else None,
        points=points,
        happened_at=happened_at,
        decided_at=clock.now(),
    )


def _post(row: ReferralReward, before: int, facts: ProgrammeFacts, actor: Actor) -> None:
    mall = Mall.objects.get(pk=row.mall_id)
    funder = open_funders({(FunderKind.MALL, mall.pk)})[FunderKind.MALL, mall.pk]
    key = f"referral:{row.referral_id}:{row.rule_code}:{row.revision}"
    if row.points < before:
        taken = Reversal(
            key=key,
            member_id=row.member_id,
            funder_id=funder,
            points=before - row.points,
            source_kind=SOURCE_KIND,
            source_id=row.referral_id,
            reason="referral_undone",
            occurred_at=row.decided_at,
            recorded_at=row.decided_at,
            group_id=uuid7(),
        )
        reverse_accruals([taken], actor=actor)
        return
    zone, cutoff = ZoneInfo(mall.time_zone), mall.business_day_cutoff_hour
    day = business_day(row.happened_at, zone, cutoff)
    matures_on = day + dt.timedelta(days=facts.maturing_days)
    given = Accrual(
        key=key,
        member_id=row.member_id,
        funder_id=funder,
        points=row.points - before,
        source_kind=SOURCE_KIND,
        source_id=row.referral_id,
        reason="referral",
        occurred_at=row.happened_at,
        recorded_at=row.decided_at,
        matures_at=business_day_start(matures_on, zone, cutoff),
        expires_at=business_day_start(add_months(day, facts.expiry_months), zone, cutoff),
        group_id=uuid7(),
    )
    post_accruals([given], actor=actor)


def rewarded_points(referral_ids: Collection[UUID]) -> dict[UUID, int]:
    """What each referral gives as it stands; nothing for one that has not (yet)."""
    rows = ReferralReward.objects.filter(referral__in=list(referral_ids)).order_by("revision")
    latest = {(row.referral_id, row.rule_code): row.points for row in rows}
    found: dict[UUID, int] = {}
    for (referral, _code), points in latest.items():
        found[referral] = found.get(referral, 0) + points
    return found
