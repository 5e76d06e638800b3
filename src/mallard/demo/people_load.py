"""Writing the demo's catalogue, programme and members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, ZONE
from mallard.demo.people import LONGEST_MEMBERSHIP_DAYS, DemoPerson
from mallard.demo.place import BUSINESS_DAY_CUTOFF_HOUR, CURRENCY
from mallard.demo.products import DemoCategory, DemoProduct
from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import business_day_start
from mallard.kernel.provenance import Origin
from mallard.value.loyalty import services as loyalty
from mallard.value.loyalty.models import Benefit, EarningRule, Programme
from mallard.value.loyalty.rules import Kind, Scope, Terms
from mallard.value.loyalty.services import BenefitInput, EarningRuleInput, TierInput
from mallard.world.catalog import services as catalog
from mallard.world.catalog.facts import CategoryInput, ProductBrandInput, ProductInput
from mallard.world.malls.models import Store, TradeCategory
from mallard.world.members import services as members
from mallard.world.members.inputs import ConsentInput, Enrolment, IdentityInput

Item = TypeVar("Item")

PRODUCT_BATCH = 5_000
CONSENT_SOURCE = "demo"

TIERS = (
    TierInput("member", "Member", "普卡会员", 0, 0, 0),
    TierInput("silver", "Silver", "银卡会员", 100_000, 24, 1_000),
    TierInput("gold", "Gold", "金卡会员", 300_000, 60, 2_500),
    TierInput("platinum", "Platinum", "铂金会员", 600_000, 100, 5_000),
)
# Tier, kind, names, hours of parking a month.
BENEFITS = (
    ("silver", "gift", "Birthday gift", "生日礼遇", None),
    ("gold", "gift", "Birthday gift", "生日礼遇", None),
    ("gold", "parking", "Four hours of free parking a month", "每月 4 小时免费停车", 4),
    ("platinum", "gift", "Birthday gift", "生日礼遇", None),
    ("platinum", "parking", "Twelve hours of free parking a month", "每月 12 小时免费停车", 12),
    ("platinum", "lounge", "The lounge, with a guest", "贵宾室，可带一位同伴", None),
    ("platinum", "priority", "Served first at every desk", "服务台优先接待", None),
)
# Trade, code, names, points per minor units, the tenant's share of the cost in basis points.
RULES = (
    (None, "base", "One point a dollar", "消费 1 美元积 1 分", 1, 100, 10_000),
    ("DINING", "dining", "Two points a dollar on dining", "餐饮双倍积分", 2, 100, 5_000),
    ("SERVICE-FUEL", "fuel", "One point for 5 dollars of fuel", "加油每 5 美元积 1 分",
     1, 500, 10_000),
    ("SERVICE-SUNDRIES", "sundries", "One point for 10 dollars at service counters",
     "便民柜台每 10 美元积 1 分", 1, 1_000, 10_000),
)  # fmt: skip
MEMBER_DAY_RULE, MEMBER_DAY = "member-day", 216
"""On that day of the year, a Saturday, base points count twice; the malls pay."""
CHECK_IN_RULE, CHECK_IN_POINTS, MOST_CHECK_IN_POINTS_A_YEAR = "check-in", 2, 200
FRIEND_RULE, FRIEND_POINTS, MOST_FRIEND_POINTS_A_YEAR = "friend", 300, 1_500


def load_catalogue(
    tree: Sequence[DemoCategory], goods: Iterable[DemoProduct], *, actor: Actor
) -> Iterator[int]:
    """Save categories and products; yields how many products a step has saved.

    Raises `RuntimeError` when the catalogue refuses a product: the reading is wrong then.
    """
    catalog.save_categories(
        [
            CategoryInput(
                code=category.code,
                name_en=category.name_en,
                name_zh=category.name_zh,
                parent_code=category.parent,
                restricted=category.restricted,
                origin=Origin.SOURCE if category.parent else Origin.GENERATED,
            )
            for category in tree
        ],
        actor=actor,
    )
    catalog.save_brands(
        [
            ProductBrandInput(
                code="National", name_en="National brand", name_zh="全国品牌", origin=Origin.SOURCE
            ),
            ProductBrandInput(
                code="Private", name_en="Private label", name_zh="自有品牌", origin=Origin.SOURCE
            ),
        ],
        actor=actor,
    )
    for batch in _batches(goods, PRODUCT_BATCH):
        outcomes = catalog.save_products(
            [
                ProductInput(
                    code=product.sku,
                    category_code=product.category,
                    name_en=product.name,
                    brand_code=product.brand or None,
                    restricted=product.restricted,
                    origin=Origin.SOURCE,
                )
                for product in batch
            ],
            actor=actor,
        )
        refused = [outcome for outcome in outcomes if outcome.error is not None]
        if refused:
            raise RuntimeError(f"{len(refused)} products were refused, first: {refused[0]}")
        yield len(batch)


def load_programme(*, weeks: int, actor: Actor) -> None:
    """The group's points programme: what is there already stays as it is."""
    if not Programme.objects.exists():
        loyalty.set_up_programme(
            code="starlake",
            name_en="Star Lake Club",
            name_zh="星湖会",
            currency=CURRENCY,
            maturing_days=7,
            expiry_months=12,
            point_cost_micro=500_000,
            tiers=TIERS,
            actor=actor,
        )
    if not Benefit.objects.exists():
        for tier, kind, name_en, name_zh, amount in BENEFITS:
            loyalty.add_benefit(
                BenefitInput(kind, name_en, name_zh, tier_code=tier, amount=amount), actor=actor
            )
    known = set(EarningRule.objects.values_list("code", flat=True))
    for rule in (*_rules_of_goods(weeks=weeks), *_rules_of_members(weeks=weeks)):
        if rule.code not in known:
            loyalty.set_earning_rule(rule, actor=actor)


def _begin(*, weeks: int) -> datetime:
    begin = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
    return begin + timedelta(weeks=weeks)


def _rules_of_goods(*, weeks: int) -> Iterator[EarningRuleInput]:
    """What is spent, by trade; in force since the first members joined."""
    trades = dict(TradeCategory.objects.values_list("code", "id"))
    for trade, code, name_en, name_zh, points, per_minor, share in RULES:
        yield EarningRuleInput(
            code=code,
            name_en=name_en,
            name_zh=name_zh,
            points=points,
            per_minor=per_minor,
            tenant_share_bp=share,
            starts_at=_begin(weeks=weeks) - timedelta(days=LONGEST_MEMBERSHIP_DAYS),
            trade_category_id=trades[trade] if trade else None,
        )


def _rules_of_members(*, weeks: int) -> Iterator[EarningRuleInput]:
    """The member day, checking in and bringing a friend: at the malls' cost."""
    first, last = member_day(weeks=weeks)
    begin = _begin(weeks=weeks)
    checks_in = Terms(kind=Kind.CHECK_IN, caps=((Scope.YEAR, MOST_CHECK_IN_POINTS_A_YEAR),))
    brings = Terms(kind=Kind.REFERRAL, caps=((Scope.YEAR, MOST_FRIEND_POINTS_A_YEAR),))
    for code, name_en, name_zh, points, starts_at, ends_at, terms in (
        (MEMBER_DAY_RULE, "Member day: double points", "会员日双倍积分", 0, first, last,
         Terms(kind=Kind.MULTIPLIER)),
        (CHECK_IN_RULE, "Check in", "每日签到", CHECK_IN_POINTS, begin, None, checks_in),
        (FRIEND_RULE, "Bring a friend", "老带新", FRIEND_POINTS, begin, None, brings),
    ):  # fmt: skip
        yield EarningRuleInput(
            code=code,
            name_en=name_en,
            name_zh=name_zh,
            points=points,
            per_minor=1,
            tenant_share_bp=0,
            starts_at=starts_at,
            ends_at=ends_at,
            terms=terms,
        )


def member_day(*, weeks: int) -> tuple[datetime, datetime]:
    """From when to when it lasts: a business day of the malls."""
    day = FIRST_DAY + timedelta(weeks=weeks, days=MEMBER_DAY)
    return (
        business_day_start(day, ZONE, BUSINESS_DAY_CUTOFF_HOUR),
        business_day_start(day + timedelta(days=1), ZONE, BUSINESS_DAY_CUTOFF_HOUR),
    )


def load_members(people: Iterable[DemoPerson], *, actor: Actor) -> None:
    """Enrol everybody, in one batch: all of them or none."""
    stores = {
        code: (store_id, mall_id)
        for code, store_id, mall_id in Store.objects.values_list("code", "id", "mall_id")
    }
    members.enrol_members([enrolment(person, stores) for person in people], actor=actor)


def enrolment(person: DemoPerson, stores: Mapping[str, tuple[UUID, UUID]]) -> Enrolment:
    """A person as the members app takes them; what the source knows is marked as its."""
    store_id, mall_id = stores[person.enrolled_store]
    profile = {
        "name": person.name,
        "gender": person.gender,
        "birth_date": person.birth_date.isoformat(),
        "occupation": person.occupation,
    }
    known: dict[str, str] = {}
    if person.demographics is not None:
        facts = person.demographics
        known = {
            "age_band": facts.age_band,
            "income_band": facts.income_band,
            "marital_status": facts.marital_status or "",
            "home_ownership": facts.home_ownership or "",
            "household_size": facts.household_size,
            "household_kind": facts.household_composition,
            "kids_count": facts.kids_count,
        }
    identities = [IdentityInput("phone", person.phone), IdentityInput("card", person.card)]
    if person.email:
        identities.append(IdentityInput("email", person.email))
    return Enrolment(
        profile=profile | known,
        identities=tuple(identities),
        consents=tuple(
            ConsentInput(
                purpose=consent.purpose,
                channel=consent.channel,
                is_granted=consent.is_granted,
                occurred_at=person.joined_at,
                source=CONSENT_SOURCE,
            )
            for consent in person.consents
        ),
        store_id=store_id,
        mall_id=mall_id,
        joined_at=person.joined_at,
        recorded_at=person.joined_at,
        language=person.language,
        origin=Origin.GENERATED,
        origins=dict.fromkeys(known, Origin.SOURCE),
    )


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
