"""What a receipt earns, decided without a database."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules import (
    Attribution,
    Goods,
    Place,
    RuleBook,
    RuleVersion,
    TierLevel,
    add_months,
    attribute,
    earn,
)
from mallard.value.loyalty.rules.schemes import Scheme

AT = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
STORE, OTHER_STORE = UUID(int=1), UUID(int=2)
DINING, FOOD_AND_DRINK = UUID(int=11), UUID(int=12)
RYE, BREAD, FOOD = UUID(int=21), UUID(int=22), UUID(int=23)
PLACE = Place(STORE, (DINING, FOOD_AND_DRINK))
SILVER = TierLevel("silver", 2, 100_000, 2, 5_000)


def rule(code: str, points: int = 1, per_minor: int = 100, **more: object) -> RuleVersion:
    values = {
        "version": 1,
        "starts_at": AT - dt.timedelta(days=1),
        "ends_at": None,
        "store_id": None,
        "trade_category_id": None,
        "category_id": None,
        "tenant_share_bp": 10_000,
        **more,
    }
    return RuleVersion(code=code, points=points, per_minor=per_minor, **values)  # type: ignore[arg-type]


def chosen(*rules: RuleVersion, categories: tuple[UUID, ...] = (RYE, BREAD, FOOD)) -> str | None:
    found = RuleBook(rules).rule_for(PLACE, categories, AT)
    return found.code if found else None


def test_the_most_specific_rule_wins() -> None:
    everything = rule("base")
    trade = rule("trade", trade_category_id=FOOD_AND_DRINK)
    near_trade = rule("near-trade", trade_category_id=DINING)
    store = rule("store", store_id=STORE)
    food = rule("food", category_id=FOOD)
    bread = rule("bread", category_id=BREAD)
    assert chosen(everything) == "base"
    assert chosen(everything, trade) == "trade"
    assert chosen(near_trade, trade) == "near-trade"
    assert chosen(everything, near_trade, store) == "store"
    assert chosen(store, food) == "food"
    assert chosen(food, bread, store) == "bread"
    assert chosen(rule("elsewhere", store_id=OTHER_STORE)) is None
    assert chosen(bread, categories=()) is None


def test_a_version_counts_from_its_start_until_its_end() -> None:
    old = rule("base", ends_at=AT)
    new = rule("base", version=2, starts_at=AT, points=2)
    book = RuleBook((old, new))
    before = book.rule_for(PLACE, (), AT - dt.timedelta(microseconds=1))
    at = book.rule_for(PLACE, (), AT)
    assert (before, at) == (old, new)
    assert book.rule_for(PLACE, (), AT - dt.timedelta(days=2)) is None


def goods(*lines: tuple[int, bool]) -> list[Goods]:
    return [Goods(i, amount, (), restricted) for i, (amount, restricted) in enumerate(lines, 1)]


def earned(*lines: tuple[int, bool], tier: TierLevel | None = None, **more: object):
    book = RuleBook((rule("base", **more),))
    bought = goods(*lines)
    return earn(bought, attribute(bought, PLACE, AT, book), tier)


def test_restricted_goods_never_earn() -> None:
    assert earned((5_000, True)).reason == Reason.RESTRICTED
    mixed = earned((5_000, True), (3_000, False))
    assert (mixed.reason, mixed.points) == (Reason.EARNED, 30)


def test_a_receipt_that_earns_nothing_says_why() -> None:
    assert earned((99, False)).reason == Reason.BELOW_ONE_POINT
    assert earned((0, False)).reason == Reason.NOTHING_PAID
    bought = goods((5_000, False))
    assert earn(bought, Attribution(), None).reason == Reason.NO_RULE


def test_the_bonus_is_funded_by_the_mall() -> None:
    silver = earned((10_100, False), tier=SILVER, tenant_share_bp=7_000)
    assert (silver.tenant_points, silver.mall_points, silver.bonus_points) == (71, 80, 50)


@given(
    amounts=st.lists(st.integers(0, 10**7), min_size=1, max_size=8),
    points=st.integers(0, 20),
    per_minor=st.integers(1, 5_000),
    share=st.integers(0, 10_000),
)
def test_points_are_whole_never_negative_and_all_funded(
    amounts: list[int], points: int, per_minor: int, share: int
) -> None:
    found = earned(
        *((amount, False) for amount in amounts),
        points=points,
        per_minor=per_minor,
        tenant_share_bp=share,
        tier=SILVER,
    )
    base = sum(amounts) * points // per_minor
    assert found.points == (base + base * 5_000 // 10_000 if base else 0)
    assert found.tenant_points >= 0
    assert found.mall_points >= found.bonus_points >= 0


@given(
    amounts=st.lists(st.integers(1, 10**6), min_size=2, max_size=6),
    taken=st.integers(1, 10**6),
)
def test_less_goods_never_earn_more(amounts: list[int], taken: int) -> None:
    whole = earned(*((amount, False) for amount in amounts), tier=SILVER)
    left = [max(0, amounts[0] - taken), *amounts[1:]]
    rest = earned(*((amount, False) for amount in left), tier=SILVER)
    assert rest.points <= whole.points


def test_a_tier_needs_both_spend_and_visits() -> None:
    member = TierLevel("member", 1, 0, 0, 0)
    scheme = Scheme(AT.date(), (member, SILVER))
    assert scheme.reached(spend_minor=100_000, visits=1) == member
    assert scheme.reached(spend_minor=99_999, visits=2) == member
    assert scheme.reached(spend_minor=100_000, visits=2) == SILVER
    assert Scheme(AT.date(), ()).reached(spend_minor=1, visits=1) is None


def test_months_end_where_the_month_ends() -> None:
    assert add_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2024, 2, 29), 12) == dt.date(2025, 2, 28)
    assert add_months(dt.date(2025, 12, 31), 12) == dt.date(2026, 12, 31)
