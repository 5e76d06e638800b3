"""Layers, awards, bases and limits of rules, decided without a database."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules import (
    Basis,
    Birthday,
    Circumstances,
    Earning,
    Goods,
    Kind,
    Place,
    RuleBook,
    RuleVersion,
    Scope,
    Terms,
    TermsInvalid,
    TierLevel,
    When,
    attribute,
    earn,
    earn_in_order,
)
from mallard.value.loyalty.rules.earning import Link

AT = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)  # a Sunday
SUNDAY = When(dt.date(2026, 3, 1), 12)
STORE, MALL, TENANT = UUID(int=1), UUID(int=2), UUID(int=3)
BAKERY, DINING = UUID(int=11), UUID(int=12)
BREAD, FOOD, TEA = UUID(int=21), UUID(int=22), UUID(int=23)
RYE = UUID(int=31)
PLACE = Place(STORE, (BAKERY, DINING), TENANT, MALL)
GOLD = TierLevel("gold", 3, 0, 0, 2_500)
SILVER = TierLevel("silver", 2, 0, 0, 0)


def rule(code: str, points: int = 1, per_minor: int = 100, **terms: object) -> RuleVersion:
    share = terms.pop("tenant_share_bp", 0)
    assert isinstance(share, int)
    return RuleVersion(
        code, 1, AT - dt.timedelta(days=40), None, None, None, None, points, per_minor, share,
        Terms(**terms),  # type: ignore[arg-type]
    )  # fmt: skip


BASE = rule("base")


def bread(amount_minor: int, line_no: int = 1, **more: object) -> Goods:
    return Goods(line_no, amount_minor, (BREAD, FOOD), False, product_id=RYE, **more)  # type: ignore[arg-type]


def earned(
    *rules: RuleVersion,
    goods: tuple[Goods, ...] = (bread(8_000),),
    tier: TierLevel | None = None,
    when: When = SUNDAY,
    circumstances: Circumstances = Circumstances(),  # noqa: B008 frozen
    **who: object,
) -> Earning:
    book = RuleBook((BASE, *rules))
    attribution = attribute(goods, PLACE, AT, book, when, **who)  # type: ignore[arg-type]
    return earn(goods, attribution, tier, circumstances)


def points_by_rule(earning: Earning) -> dict[str, int]:
    return {part.rule.code: part.points for part in earning.parts}


GOLD_SUNDAYS = rule(
    "gold-sundays",
    kind=Kind.MULTIPLIER,
    factor_bp=15_000,
    tiers=("gold",),
    weekdays=(7,),
    trade_categories=(BAKERY,),
)


def test_a_layer_adds_to_base_points_and_says_so() -> None:
    found = earned(GOLD_SUNDAYS, tier=GOLD)
    assert points_by_rule(found) == {"base": 80, "gold-sundays": 40}
    assert (found.bonus_points, found.points) == (20, 140)


def test_a_layer_is_only_for_its_tier_day_and_place() -> None:
    assert earned(GOLD_SUNDAYS, tier=SILVER).points == 80
    monday = When(dt.date(2026, 3, 2), 12)
    assert points_by_rule(earned(GOLD_SUNDAYS, tier=GOLD, when=monday)) == {"base": 80}
    elsewhere = rule("tea", kind=Kind.MULTIPLIER, categories=(TEA,))
    assert earned(elsewhere).points == 80
    for place in ({"malls": (MALL,)}, {"tenants": (TENANT,)}, {"stores": (STORE,)}):
        assert earned(rule("here", kind=Kind.MULTIPLIER, **place)).points == 160
        (name,) = place
        assert earned(rule("there", kind=Kind.MULTIPLIER, **{name: (TEA,)})).points == 80


def test_layers_are_taken_of_base_points_never_of_one_another() -> None:
    double = rule("double", kind=Kind.MULTIPLIER)
    triple = rule("triple", kind=Kind.MULTIPLIER, factor_bp=30_000)
    found = earned(double, triple, tier=GOLD)
    assert points_by_rule(found) == {"base": 80, "double": 80, "triple": 160}
    assert found.bonus_points == 20


def test_a_layer_covers_only_the_goods_it_names() -> None:
    double = rule("bread", kind=Kind.MULTIPLIER, categories=(BREAD,))
    tea = Goods(2, 2_000, (TEA,), False)
    found = earned(double, goods=(bread(8_000), tea))
    assert points_by_rule(found) == {"base": 100, "bread": 80}
    of_rye = rule("rye", kind=Kind.MULTIPLIER, products=(RYE,))
    assert points_by_rule(earned(of_rye, goods=(bread(8_000), tea)))["rye"] == 80


def test_restricted_goods_earn_by_no_rule_at_all() -> None:
    tobacco = (Goods(1, 9_000, (BREAD,), True),)
    found = earned(
        rule("double", kind=Kind.MULTIPLIER),
        rule("unit", kind=Kind.UNIT, categories=(BREAD,)),
        rule("visit", points=10, kind=Kind.AWARD, caps=((Scope.VISIT, 10),)),
        goods=tobacco,
    )
    assert (found.points, found.reason, found.parts) == (0, Reason.RESTRICTED, ())


def test_points_by_the_piece_count_whole_units_that_remain() -> None:
    by_piece = rule("rye", points=5, kind=Kind.UNIT, products=(RYE,), units=2)
    found = earned(by_piece, goods=(bread(8_000, quantity_milli=5_000),))
    assert points_by_rule(found) == {"rye": 10}
    assert earned(by_piece, goods=(bread(1, quantity_milli=1_999),)).points == 0


@pytest.mark.parametrize(
    ("terms", "points"),
    [
        ({}, 113),
        ({"basis": Basis.BEFORE_DISCOUNTS}, 133),
        ({"basis": Basis.BEFORE_TAX, "tax_bp": 1_300}, 100),
        ({"tenders_left_out": ("voucher",)}, 56),
    ],
)
def test_the_amount_that_counts_is_the_rules_choice(terms: dict[str, object], points: int) -> None:
    named = rule("named", categories=(BREAD,), **terms)
    paid = Circumstances(net_minor=11_300, tenders=(("voucher", 5_650), ("cash", 5_650)))
    found = earned(named, goods=(bread(11_300, discount_minor=2_000),), circumstances=paid)
    assert points_by_rule(found) == {"named": points}


def test_hours_may_pass_midnight() -> None:
    night = rule("night", kind=Kind.MULTIPLIER, hours=(22, 2))
    for hour, points in ((21, 80), (22, 160), (1, 160), (2, 80)):
        assert earned(night, when=When(dt.date(2026, 3, 1), hour)).points == points
    day = rule("member-day", kind=Kind.MULTIPLIER, month_days=(8, 28))
    assert earned(day, when=When(dt.date(2026, 2, 28), 9)).points == 160
    assert earned(day, when=When(dt.date(2026, 2, 27), 9)).points == 80


@pytest.mark.parametrize(
    ("birthday", "day", "points"),
    [
        ((2, 29), dt.date(2028, 2, 29), 160),
        ((2, 29), dt.date(2028, 2, 28), 80),
        ((2, 29), dt.date(2027, 2, 28), 160),
        ((2, 29), dt.date(2100, 2, 28), 160),
        ((3, 1), dt.date(2027, 3, 1), 160),
        (None, dt.date(2027, 3, 1), 80),
    ],
)
def test_who_was_born_on_a_leap_day_has_a_birthday_every_year(birthday, day, points: int) -> None:
    gift = rule("birthday", kind=Kind.MULTIPLIER, birthday=Birthday.DAY)
    assert earned(gift, when=When(day, 9), birthday=birthday).points == points


def test_a_rule_for_a_segment_is_only_for_its_members() -> None:
    families = rule("families", kind=Kind.MULTIPLIER, segment="families")
    assert earned(families, segments={"families"}).points == 160
    assert earned(families).points == 80


def test_a_limit_per_receipt_cuts_and_is_told() -> None:
    few = rule("few", kind=Kind.MULTIPLIER, caps=((Scope.RECEIPT, 30),))
    found = earned(few)
    assert points_by_rule(found) == {"base": 80, "few": 30}
    assert found.parts[1].wanted == 80


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": (0,)},
        {"hours": (5, 5)},
        {"factor_bp": 10_000},
        {"tax_bp": 600},
        {"tiers": ("gold",)},
        {"tenders_left_out": ("gold",)},
        {"caps": ((Scope.DAY, 0),)},
    ],
)
def test_terms_that_make_no_sense_cannot_be_built(wrong: dict[str, object]) -> None:
    with pytest.raises(TermsInvalid):
        Terms(**wrong)  # type: ignore[arg-type]
    with pytest.raises(TermsInvalid):
        Terms.from_json({"no_such_term": 1})


def test_terms_are_read_as_they_were_written() -> None:
    terms = Terms(
        kind=Kind.MULTIPLIER, hours=(22, 2), stores=(STORE,), tiers=("gold",),
        caps=((Scope.RECEIPT, 5), (Scope.DAY, 50)), birthday=Birthday.MONTH, total_cap=9,
    )  # fmt: skip
    assert Terms.from_json(terms.to_json()) == terms
    assert Terms.from_json({}) == Terms()
    assert Terms().to_json() == {}


# --- limits that receipts share

DAILY = rule("daily", kind=Kind.MULTIPLIER, caps=((Scope.DAY, 100),))
VISITS = rule("visits", points=10, kind=Kind.AWARD, caps=((Scope.VISIT, 10),))
FIRST = rule("first", points=50, kind=Kind.AWARD, is_first_purchase=True)
YEARLY = rule("yearly", points=7, kind=Kind.AWARD, caps=((Scope.YEAR, 7),))
LINKED = RuleBook((BASE, DAILY, VISITS, FIRST, YEARLY))


def link(number: int, day: int, hour: int, amount: int, mall: int, first: bool) -> Link:
    at = AT + dt.timedelta(days=day, hours=hour)
    goods = (bread(amount),)
    return Link(
        (at, str(STORE), f"R{number:03}"),
        goods,
        attribute(goods, PLACE, at, LINKED, When(at.date(), at.hour), is_first=first),
        GOLD,
        Circumstances(f"R{number:03}", mall, at.date(), first),
    )


HISTORIES = st.lists(
    st.tuples(
        st.integers(0, 400), st.integers(0, 19), st.sampled_from([0, 99, 5_000, 60_000]),
        st.integers(1, 2),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@given(history=HISTORIES, data=st.data())
def test_limits_do_not_depend_on_the_order_in_which_facts_arrive(history, data) -> None:
    links = [link(i, *facts, first=i == 0) for i, facts in enumerate(history)]
    shuffled = data.draw(st.permutations(links))
    assert earn_in_order(links, {}) == earn_in_order(shuffled, {})


@given(history=HISTORIES)
def test_limits_hold_for_every_day_visit_and_year(history) -> None:
    links = [link(i, *facts, first=False) for i, facts in enumerate(history)]
    found = earn_in_order(links, {})
    totals: dict[tuple[object, ...], int] = {}
    for one in links:
        where = one.circumstances
        for part in found[where.receipt_id].parts:
            code = part.rule.code
            key = {
                "daily": (code, where.business_day),
                "visits": (code, where.mall_id, where.business_day),
                "yearly": (code, where.business_day and where.business_day.year),
            }.get(code)
            if key is not None:
                totals[key] = totals.get(key, 0) + part.points
            assert 0 <= part.points <= part.wanted
    most = {"daily": 100, "visits": 10, "yearly": 7}
    assert all(points <= most[str(key[0])] for key, points in totals.items())


@given(history=HISTORIES, left=st.integers(0, 300))
def test_a_budget_is_never_overdrawn(history, left: int) -> None:
    costly = rule("costly", kind=Kind.MULTIPLIER, budget="spring")
    book = RuleBook((BASE, costly))
    links = []
    for i, (day, hour, amount, mall) in enumerate(history):
        at = AT + dt.timedelta(days=day, hours=hour)
        goods = (bread(amount),)
        links.append(
            Link(
                (at, str(STORE), f"R{i:03}"), goods, attribute(goods, PLACE, at, book), None,
                Circumstances(i, mall, at.date()),
            )
        )  # fmt: skip
    budgets = {"spring": left}
    found = earn_in_order(links, budgets)
    given_points = sum(
        part.points for one in found.values() for part in one.parts if part.rule is costly
    )
    assert budgets["spring"] == left - given_points >= 0


@given(
    amounts=st.lists(st.integers(1, 10**6), min_size=2, max_size=6),
    taken=st.integers(1, 10**6),
)
def test_less_goods_never_earn_more_under_layers_either(amounts: list[int], taken: int) -> None:
    extras = (GOLD_SUNDAYS, rule("bread", kind=Kind.MULTIPLIER, categories=(BREAD,)))
    goods = tuple(bread(amount, i) for i, amount in enumerate(amounts, 1))
    left = (bread(max(0, amounts[0] - taken)), *goods[1:])
    assert earned(*extras, goods=left, tier=GOLD).points <= (
        earned(*extras, goods=goods, tier=GOLD).points
    )


@given(amount=st.integers(1, 10**12), factor=st.integers(10_001, 200_000))
def test_points_are_whole_numbers_at_any_size(amount: int, factor: int) -> None:
    """Odoo kept points as floats: large balances lost their last digits."""
    found = earned(rule("layer", kind=Kind.MULTIPLIER, factor_bp=factor), goods=(bread(amount),))
    assert all(type(part.points) is int for part in found.parts)
    base = amount // 100
    assert found.points == base + base * (factor - 10_000) // 10_000
