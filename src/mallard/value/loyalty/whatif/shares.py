"""A share of a replay: some persons under the product's own rules, and what they add up to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from mallard.kernel.database.transactions import statement_limits
from mallard.value.loyalty.queries import ProgrammeFacts
from mallard.value.loyalty.rules import (
    Attribution,
    Circumstances,
    Earning,
    Place,
    TierLevel,
    When,
    earn,
    earn_in_order,
)
from mallard.value.loyalty.rules.attribution import attribute_to_anybody, budgets_of
from mallard.value.loyalty.rules.earning import Link
from mallard.value.loyalty.rules.schemes import Days, Scheme
from mallard.value.loyalty.rules.terms import POINTS_TENDER, RECEIPT_KINDS
from mallard.value.loyalty.segments import segments_of
from mallard.value.loyalty.services.assessing import NEVER_EARNS
from mallard.value.loyalty.services.chains import first_receipts
from mallard.value.loyalty.standing import days_of
from mallard.value.loyalty.whatif.expiring import Dated, Lives, gone_unspent
from mallard.value.loyalty.whatif.facts import Basket, Bought, Period, Reader
from mallard.value.loyalty.whatif.sums import Sums
from mallard.value.sales.models import Tender
from mallard.world.malls.models import Store
from mallard.world.malls.queries import store_facts_by_id
from mallard.world.members.queries import birthdays_of

WITHOUT_END = 10**15
NO_GOODS = Basket((), [])
Person = tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """Some persons, with all records of each, and what they are replayed under.

    ``steps`` are so many persons as are read at once. ``facts`` is the programme as it is: for
    the tiers that members have. ``lives`` is how long points live as it is and in the draft, and
    ``until`` the day at whose end they have expired or not: all shares go by the same.
    """

    steps: Sequence[Sequence[Person]]
    first: dt.date
    last: dt.date
    facts: ProgrammeFacts
    draft: ProgrammeFacts
    lives: tuple[Lives, Lives]
    until: dt.date


def replay_share(share: Share) -> Iterator[int | Sums]:
    """Assess the receipts of a share again; reads only. Yields after each step how many persons
    it had, and at the end the sums."""
    with statement_limits(statement_ms=0):
        terms = [rule.terms for rule in share.draft.book.versions]
        reader = Reader(
            share.first,
            share.last,
            share.draft.book,
            any(one.tenders_left_out for one in terms)
            or Tender.objects.filter(kind=POINTS_TENDER).exists(),
        )
        rules = _Rules(share.draft)
        sums = Sums()
        for persons in share.steps:
            _Step(persons, share, rules, sums).run(reader)
            yield len(persons)
        yield sums


@dataclass(slots=True)
class _Rules:
    """The draft's rules on receipts, and what they decided: baskets and moments repeat."""

    draft: ProgrammeFacts
    places: dict[str, tuple[Place, ZoneInfo]] = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)
    asks_when: bool = False
    may_share: bool = False
    """Whether what a receipt earns may depend on others."""
    _moments: dict[tuple[dt.date, int], tuple[When, tuple[bool, ...]]] = field(default_factory=dict)
    _decided: dict[object, Attribution] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stores = store_facts_by_id(set(Store.objects.values_list("id", flat=True)))
        for key, one in stores.items():
            place = Place(one.id, one.trade_category_ids, one.tenant_id, one.mall_id)
            self.places[str(key)] = place, one.zone
        rules = [one for one in self.draft.book.versions if one.terms.kind in RECEIPT_KINDS]
        self.asks_when = any(one.terms.asks_when or one.terms.birthday for one in rules)
        self.may_share = any(one.terms.is_linked or budgets_of(one) for one in rules)
        self.budgets = {code: WITHOUT_END for one in rules for code in budgets_of(one)}

    def attribution(self, bought: Bought, basket: Basket) -> tuple[Attribution, When | None]:
        """The rules for anybody with this basket, and the moment if rules ask for it."""
        place, zone = self.places[bought.store_id]
        when, moment = self._moment(bought, zone) if self.asks_when else (None, ())
        book = self.draft.book
        key = bought.store_id, basket.shape, book.period(bought.occurred_at), moment
        found = self._decided.get(key)
        if found is None:
            found = attribute_to_anybody(basket.goods, place, bought.occurred_at, book, when)
            self._decided[key] = found
        return found, when

    def _moment(self, bought: Bought, zone: ZoneInfo) -> tuple[When, tuple[bool, ...]]:
        key = bought.business_day, bought.occurred_at.astimezone(zone).hour
        found = self._moments.get(key)
        if found is None:
            when = When(*key)
            found = self._moments[key] = when, self.draft.book.tells_apart(when)
        return found


@dataclass(slots=True)
class _Step:
    """Some persons of a replay, with what rules may ask of them."""

    persons: Sequence[Person]
    share: Share
    rules: _Rules
    sums: Sums
    days: dict[Person, Days] = field(default_factory=dict)
    birthdays: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    segments: dict[UUID, set[str]] = field(default_factory=dict)
    firsts: set[str] = field(default_factory=set)

    def run(self, reader: Reader) -> None:
        records = [record for person in self.persons for record in person]
        of_record = {str(record): person for person in self.persons for record in person}
        period = reader.read(records)
        facts, draft = self.share.facts, self.share.draft
        # The draft may go by the day of joining where the programme does not.
        self.days = days_of(self.persons, replace(facts, schemes=(*facts.schemes, *draft.schemes)))
        self._ask_for_members(records)
        by_person: dict[Person, list[Bought]] = defaultdict(list)
        for bought in period.receipts:
            by_person[of_record[bought.member_id]].append(bought)
        spent: dict[Person, list[Dated]] = defaultdict(list)
        for record, day, points in period.spent:
            spent[of_record[record]].append((day, points))
        for person, receipts in by_person.items():
            was: list[Dated] = []
            now: list[Dated] = []
            for bought, earning in self._earnings(person, receipts, period):
                would_earn = self.sums.add(bought, earning)
                was.append((bought.business_day, bought.tenant_points + bought.mall_points))
                now.append((bought.business_day, would_earn))
            self._expire(was, now, spent.get(person, []))
        self._move()

    def _expire(self, was: list[Dated], now: list[Dated], spent: list[Dated]) -> None:
        (as_it_is, in_draft), until = self.share.lives, self.share.until
        self.sums.expired_was += gone_unspent(was, spent, as_it_is, until=until)
        self.sums.expired_now += gone_unspent(now, spent, in_draft, until=until)

    def _move(self) -> None:
        """The tiers at the end of the period, as they are and as they would be."""
        tomorrow = self.share.last + dt.timedelta(days=1)
        for person in self.persons:
            was = self._tier(person, tomorrow, self.share.facts.schemes)
            now = self._tier(person, tomorrow, self.share.draft.schemes)
            self.sums.moves[was.code if was else "", now.code if now else ""] += 1

    def _ask_for_members(self, records: Sequence[UUID]) -> None:
        book = self.share.draft.book
        terms = [rule.terms for rule in book.versions]
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
        rules = self.rules
        for bought in receipts:
            if bought.reason in NEVER_EARNS:
                continue
            day = bought.business_day
            if day not in tiers:
                tiers[day] = self._tier(person, day, self.share.draft.schemes)
            basket = period.baskets.get(bought.id, NO_GOODS)
            is_first = bought.id in self.firsts
            to_anybody, when = rules.attribution(bought, basket)
            attribution = to_anybody.of_member(
                when, birthday=birthday, segments=segments, is_first=is_first
            )
            circumstances = Circumstances(
                bought.id,
                rules.places[bought.store_id][0].mall_id,
                day,
                is_first,
                bought.net_minor,
                period.tenders.get(bought.id, ()),
            )
            goods = basket.goods
            if rules.may_share and (attribution.is_linked or attribution.budgets()):
                order = (bought.occurred_at, bought.store_id, bought.number)
                linked.append((bought, Link(order, goods, attribution, tiers[day], circumstances)))
            else:
                yield bought, earn(goods, attribution, tiers[day], circumstances)
        if linked:
            earnings = earn_in_order([link for _bought, link in linked], dict(rules.budgets))
            for bought, _link in linked:
                yield bought, earnings[bought.id]
