"""Replaying a period: the product's own rules, person by person, and what they add up to."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from mallard.kernel import clock
from mallard.value.loyalty.queries import ProgrammeFacts
from mallard.value.loyalty.rules import (
    Circumstances,
    Earning,
    Place,
    RuleBook,
    TierLevel,
    When,
    attribute,
    earn,
    earn_in_order,
)
from mallard.value.loyalty.rules.earning import Link, budgets_of
from mallard.value.loyalty.rules.schemes import Days, Scheme
from mallard.value.loyalty.rules.terms import POINTS_TENDER
from mallard.value.loyalty.segments import segments_of
from mallard.value.loyalty.services.assessing import NEVER_EARNS
from mallard.value.loyalty.services.chains import first_receipts
from mallard.value.loyalty.settings import EXPIRY_MODE, EXPIRY_MONTH
from mallard.value.loyalty.standing import days_of
from mallard.value.loyalty.whatif.expiring import Dated, Lives, gone_unspent
from mallard.value.loyalty.whatif.facts import Bought, Period, Reader
from mallard.value.sales.models import Tender
from mallard.world.malls.facts import StoreFacts
from mallard.world.malls.models import Store
from mallard.world.malls.queries import store_facts_by_id
from mallard.world.members.queries import birthdays_of, records_of

PERSONS_A_STEP = 250
WITHOUT_END = 10**15
Person = tuple[UUID, ...]
Progress = Callable[[int, int], None]
TIER_BONUS = "+tier"


@dataclass(slots=True)
class Sums:
    """What is added up while replaying; points as they were and as they would be."""

    receipts: int = 0
    same: int = 0
    by_store_month: defaultdict[tuple[str, int], list[int]] = field(
        default_factory=lambda: defaultdict(_four)
    )
    rules_was: Counter[str] = field(default_factory=Counter)
    rules_now: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    budgets: Counter[str] = field(default_factory=Counter)
    expired_was: int = 0
    expired_now: int = 0

    def add(self, bought: Bought, earning: Earning) -> None:
        tenant, mall = earning.tenant_points, earning.mall_points
        self.receipts += 1
        self.same += tenant == bought.tenant_points and mall == bought.mall_points
        day = bought.business_day
        sums = self.by_store_month[bought.store_id, day.year * 12 + day.month - 1]
        sums[0] += bought.tenant_points
        sums[1] += tenant
        sums[2] += bought.mall_points
        sums[3] += mall
        if bought.tenant_points or bought.mall_points:
            for step in orjson.loads(bought.explanation):
                self.rules_was[step[0]] += step[4]
            self.rules_was[TIER_BONUS] += bought.bonus_points
        for part in earning.parts:
            self.rules_now[part.rule.code] += part.points
            for code in budgets_of(part.rule):
                self.budgets[code] += part.points
        self.rules_now[TIER_BONUS] += earning.bonus_points

    def to_json(self, stores: Mapping[str, StoreFacts]) -> dict[str, Any]:
        """The sums as they are kept: ``[tenants' was, now, malls' was, now]`` for each place."""
        tenants: defaultdict[str, list[int]] = defaultdict(_four)
        malls: defaultdict[str, list[int]] = defaultdict(_four)
        months: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for (store_id, month), figures in self.by_store_month.items():
            store = stores[store_id]
            for sums in (tenants[str(store.tenant_id)], malls[str(store.mall_id)]):
                for i, figure in enumerate(figures):
                    sums[i] += figure
            of_month = months[f"{month // 12}-{month % 12 + 1:02}"]
            of_month[0] += figures[0] + figures[2]
            of_month[1] += figures[1] + figures[3]
        codes = self.rules_was.keys() | self.rules_now.keys()
        return {
            "receipts": self.receipts,
            "same": self.same,
            "by_rule": {
                code: [self.rules_was[code], self.rules_now[code]]
                for code in sorted(codes)
                if self.rules_was[code] or self.rules_now[code]
            },
            "by_tenant": dict(tenants),
            "by_mall": dict(malls),
            "by_month": dict(sorted(months.items())),
            "moves": [[was, now, count] for (was, now), count in sorted(self.moves.items())],
            "budgets": dict(self.budgets),
            "expired": [self.expired_was, self.expired_now],
        }


def _four() -> list[int]:
    return [0, 0, 0, 0]


def replay(
    first: dt.date,
    last: dt.date,
    facts: ProgrammeFacts,
    draft: ProgrammeFacts,
    progress: Progress = lambda _done, _total: None,
    *,
    ahead: bool = False,
) -> dict[str, Any]:
    """Assess every member's receipts of a period again under ``draft``; reads only.

    ``facts`` is the programme as it is: for the tiers that members have. Budgets do not stop a
    rule here: what rules would give without end is added up, to be held against the budget.
    ``ahead`` as `Reader.read_all` takes it.
    """
    terms = [rule.terms for rule in draft.book.versions]
    reader = Reader(
        first,
        last,
        any(one.products for one in terms),
        any(one.tenders_left_out for one in terms)
        or Tender.objects.filter(kind=POINTS_TENDER).exists(),
    )
    members = _members(first, last)
    records = records_of(members)
    persons = sorted(set(records.values()))
    stores: dict[str, StoreFacts] = {
        str(key): one
        for key, one in store_facts_by_id(set(Store.objects.values_list("id", flat=True))).items()
    }
    sums = Sums()
    groups = [
        persons[start : start + PERSONS_A_STEP] for start in range(0, len(persons), PERSONS_A_STEP)
    ]
    progress(0, len(persons))
    periods = reader.read_all([_records(group) for group in groups], ahead=ahead)
    done = 0
    for group, period in zip(groups, periods, strict=True):
        _Step(group, facts, draft, stores, sums).run(period, last)
        done += len(group)
        progress(done, len(persons))
    return sums.to_json(stores)


def _records(persons: Sequence[Person]) -> list[UUID]:
    return [record for person in persons for record in person]


def _members(first: dt.date, last: dt.date) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT member_id FROM sales_memberday WHERE business_day BETWEEN %s AND %s",
            [first, last],
        )
        return [row[0] for row in cursor.fetchall()]


@dataclass(slots=True)
class _Step:
    """Some persons of a replay, with what rules may ask of them."""

    persons: Sequence[Person]
    facts: ProgrammeFacts
    draft: ProgrammeFacts
    stores: Mapping[str, StoreFacts]
    sums: Sums
    of_record: dict[str, Person] = field(default_factory=dict)
    days: dict[Person, Days] = field(default_factory=dict)
    birthdays: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    segments: dict[UUID, set[str]] = field(default_factory=dict)
    firsts: set[str] = field(default_factory=set)
    asks_when: bool = False
    until: dt.date = field(default_factory=lambda: clock.now().date())

    def run(self, period: Period, last: dt.date) -> None:
        records = _records(self.persons)
        self.of_record = {str(record): person for person in self.persons for record in person}
        # The draft may go by the day of joining where the programme does not.
        both = (*self.facts.schemes, *self.draft.schemes)
        self.days = days_of(self.persons, replace(self.facts, schemes=both))
        self._ask_for_members(self.draft.book, records)
        by_person: dict[Person, list[Bought]] = defaultdict(list)
        for bought in period.receipts:
            by_person[self.of_record[bought.member_id]].append(bought)
        spent: dict[Person, list[Dated]] = defaultdict(list)
        for record, day, points in period.spent:
            spent[self.of_record[record]].append((day, points))
        for person, receipts in by_person.items():
            was: list[Dated] = []
            now: list[Dated] = []
            for bought, earning in self._earnings(person, receipts, period):
                self.sums.add(bought, earning)
                was.append((bought.business_day, bought.tenant_points + bought.mall_points))
                now.append((bought.business_day, earning.points))
            self._expire(was, now, spent.get(person, []))
        self._move(last)

    def _expire(self, was: list[Dated], now: list[Dated], spent: list[Dated]) -> None:
        mode, month = EXPIRY_MODE.value, EXPIRY_MONTH.value
        lives = [Lives(one.expiry_months, mode, month) for one in (self.facts, self.draft)]
        self.sums.expired_was += gone_unspent(was, spent, lives[0], until=self.until)
        self.sums.expired_now += gone_unspent(now, spent, lives[1], until=self.until)

    def _move(self, last: dt.date) -> None:
        """The tiers at the end of the period, as they are and as they would be."""
        tomorrow = last + dt.timedelta(days=1)
        for person in self.persons:
            was = self._tier(person, tomorrow, self.facts.schemes)
            now = self._tier(person, tomorrow, self.draft.schemes)
            self.sums.moves[was.code if was else "", now.code if now else ""] += 1

    def _ask_for_members(self, book: RuleBook, records: Sequence[UUID]) -> None:
        terms = [rule.terms for rule in book.versions]
        self.asks_when = any(one.asks_when or one.birthday for one in terms)
        if any(one.birthday for one in terms):
            self.birthdays = birthdays_of(records)
        segments = {one.segment for one in terms if one.segment}
        if segments:
            self.segments = segments_of(segments, records)
        if book.has_first_purchase:
            self.firsts = {str(key) for key in first_receipts(self.persons)}

    def _tier(self, person: Person, day: dt.date, schemes: Sequence[Scheme]) -> TierLevel | None:
        return (self.days.get(person) or Days()).tier_on(day, schemes)

    def _earnings(
        self, person: Person, receipts: Sequence[Bought], period: Period
    ) -> Iterator[tuple[Bought, Earning]]:
        """What each receipt of a person would earn; together where a limit is shared."""
        birthday = next((self.birthdays[r] for r in person if r in self.birthdays), None)
        segments = {one for record in person for one in self.segments.get(record, ())}
        tiers: dict[dt.date, TierLevel | None] = {}
        linked: list[tuple[Bought, Link]] = []
        book = self.draft.book
        may_share = any(rule.terms.is_linked or budgets_of(rule) for rule in book.versions)
        for bought in receipts:
            if bought.reason in NEVER_EARNS:
                continue
            store = self.stores[bought.store_id]
            day = bought.business_day
            if day not in tiers:
                tiers[day] = self._tier(person, day, self.draft.schemes)
            when = None
            if self.asks_when:
                when = When(day, bought.occurred_at.astimezone(store.zone).hour)
            goods = period.goods.get(bought.id, ())
            is_first = bought.id in self.firsts
            attribution = attribute(
                goods,
                Place(store.id, store.trade_category_ids, store.tenant_id, store.mall_id),
                bought.occurred_at,
                book,
                when,
                birthday=birthday,
                segments=segments,
                is_first=is_first,
            )
            circumstances = Circumstances(
                bought.id,
                store.mall_id,
                day,
                is_first,
                bought.net_minor,
                period.tenders.get(bought.id, ()),
            )
            if may_share and (attribution.is_linked or attribution.budgets()):
                order = (bought.occurred_at, bought.store_id, bought.number)
                linked.append((bought, Link(order, goods, attribution, tiers[day], circumstances)))
            else:
                yield bought, earn(goods, attribution, tiers[day], circumstances)
        if linked:
            budgets = {code: WITHOUT_END for rule in book.versions for code in budgets_of(rule)}
            earnings = earn_in_order([link for _bought, link in linked], budgets)
            for bought, _link in linked:
                yield bought, earnings[bought.id]
