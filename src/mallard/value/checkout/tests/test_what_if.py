"""What-if: the replay is the product's own rules, and moves nothing."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from mallard.kernel import clock
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
    line,
)
from mallard.value.checkout.tests.test_limits_and_order import a_rule, all_kinds_of_limits
from mallard.value.ledger import services as ledger
from mallard.value.ledger.models import FunderKind, Transfer
from mallard.value.loyalty.models import Assessment, EarningRule, WhatIf, WhatIfStatus
from mallard.value.loyalty.queries import forget_programme, latest_assessments, programme
from mallard.value.loyalty.rules import Basis, Birthday, Kind, Scope, Terms, TierLevel, add_months
from mallard.value.loyalty.rules.schemes import Scheme, Window
from mallard.value.loyalty.services import (
    Budgets,
    EarningRuleInput,
    set_earning_rule,
    set_tier_scheme,
)
from mallard.value.loyalty.services.deciding import decide, stored_cases
from mallard.value.loyalty.standing import days_of
from mallard.value.loyalty.whatif import replay as replaying
from mallard.value.loyalty.whatif.draft import Counting, Draft, DraftRule
from mallard.value.loyalty.whatif.replay import replay
from mallard.value.loyalty.whatif.services import run_what_if
from mallard.value.sales.facts import ReceiptInput, ReturnInput, ReturnLineInput
from mallard.value.sales.models import Receipt, Source
from mallard.world.catalog.models import Category, Product
from mallard.world.members.models import MemberSearch
from mallard.world.members.queries import records_of
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONES = ("13812345678", "13912345678", "13712345678")
FIRST, LAST = NOON.date(), (NOON + dt.timedelta(days=400)).date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + 401 * DAY)
    return a_trading_world(tenant_share_bp=7_000)


def a_year(world: TradingWorld) -> None:
    """Three members, sixty receipts in two stores, returns; the same every time."""
    chance = random.Random(7)
    for phone in PHONES:
        member_id = a_member(phone, store=world.bakery)
        MemberSearch.objects.filter(member_id=member_id).update(birth_month=5, birth_day=3)
    receipts: list[ReceiptInput] = []
    returns: list[ReturnInput] = []
    for number in range(60):
        at = NOON + chance.randrange(380) * DAY + dt.timedelta(hours=chance.randrange(9))
        store = chance.choice([world.bakery, world.pharmacy])
        lines = tuple(
            line(chance.randrange(1, 40_000), sku=chance.choice(["BREAD-1", "CIG-1", "BREAD-1"]))
            for _ in range(chance.randrange(1, 4))
        )
        receipts.append(
            a_receipt(store, f"R{number}", phone=chance.choice(PHONES), at=at, lines=lines)
        )
        if number % 6 == 0:
            some = (ReturnLineInput(1, 500),) if number % 4 == 0 else None
            returns.append(a_return(store, f"B{number}", f"R{number}", at=at + DAY, lines=some))
    assert all(not one.error for one in record_receipts(receipts, actor=TILL, source=Source.POS))
    assert all(not one.error for one in record_returns(returns, actor=TILL, source=Source.POS))


def points_now() -> int:
    return sum(one.points for one in latest_assessments(_receipt_ids()).values())


def _receipt_ids() -> list[Any]:
    return list(Receipt.objects.values_list("id", flat=True))


def rich_rules() -> None:
    all_kinds_of_limits()
    a_rule("mondays", kind=Kind.MULTIPLIER, factor_bp=15_000, weekdays=(1, 2), tiers=("silver",))
    a_rule("birthday", kind=Kind.MULTIPLIER, birthday=Birthday.MONTH)
    a_rule("pieces", 3, kind=Kind.UNIT, month_days=(8, 18, 28))
    a_rule("evening", kind=Kind.MULTIPLIER, hours=(16, 20), caps=((Scope.RECEIPT, 40),))


def test_replayed_under_its_own_rules_a_year_gives_what_was_booked(world: TradingWorld) -> None:
    rich_rules()
    a_year(world)
    facts = programme()
    found = replay(FIRST, LAST, facts, Draft().programme(facts))
    assert (found["receipts"], found["same"]) == (60, 60)
    was = sum(sums[0] + sums[2] for sums in found["by_tenant"].values())
    now = sum(sums[1] + sums[3] for sums in found["by_tenant"].values())
    assert was == now == points_now() > 0
    assert all(was == now for was, now in found["by_rule"].values())
    assert all(was == now for was, now, _members in found["moves"])


@pytest.mark.django_db(transaction=True)
def test_two_processes_give_what_one_gives(world: TradingWorld, monkeypatch) -> None:
    rich_rules()
    a_year(world)
    facts = programme()
    terms = Terms(kind=Kind.AMOUNT, products=(Product.objects.earliest("id").id,))
    draft = Draft(
        rules=(DraftRule("one", "One", "一", 7, 100, 0, terms),),
        left_out=("mondays",),
        expiry_months=6,
    ).programme(facts)
    alone = replay(FIRST, LAST, facts, draft)
    monkeypatch.setattr(replaying, "RECEIPTS_A_PROCESS", 20)
    told: list[tuple[int, int]] = []
    beside = replay(FIRST, LAST, facts, draft, lambda *done: told.append(done), most_processes=2)
    assert json.dumps(beside) == json.dumps(alone)
    assert beside["receipts"] == 60 > beside["same"]
    assert [done for done, _total in told] in ([0, 1, 3], [0, 2, 3])


def test_goods_are_told_apart_as_far_as_rules_do(world: TradingWorld) -> None:
    """By category, by name in one store, and before discounts: still as it was booked."""
    bread = Product.objects.get(variants__sku="BREAD-1")
    a_rule("bread", 5, categories=(bread.category_id,), basis=Basis.BEFORE_DISCOUNTS)
    a_rule("this bread", 9, products=(bread.id,), stores=(world.pharmacy.id,))
    a_year(world)
    facts = programme()
    found = replay(FIRST, LAST, facts, Draft().programme(facts))
    assert (found["receipts"], found["same"]) == (60, 60)
    assert found["by_rule"]["bread"][0] > 0 < found["by_rule"]["this bread"][0]
    of_none = facts.book.kind_of_goods(())
    lineages = Category.objects.values_list("id", "lineage")
    kinds = {key: facts.book.kind_of_goods(tuple(lineage)) for key, lineage in lineages}
    assert {key for key, kind in kinds.items() if kind != of_none} == {
        key for key, lineage in lineages if bread.category_id in lineage
    }


def test_a_draft_gives_what_the_product_would_have_given(world: TradingWorld) -> None:
    """The same year twice: once tried on the plain programme, once with the rule in force."""
    a_year(world)
    facts = programme()
    terms = Terms(kind=Kind.MULTIPLIER, weekdays=(6, 7), caps=((Scope.DAY, 300),))
    draft = Draft(rules=(DraftRule("weekend", "Weekend", "周末", 0, 1, 0, terms),))
    tried = replay(FIRST, LAST, facts, draft.programme(facts))
    row = EarningRule.objects.get(code="base")
    set_earning_rule(
        EarningRuleInput("weekend", "Weekend", "周末", 0, 1, 0, NOON + 500 * DAY, terms=terms),
        actor=TILL,
    )
    EarningRule.objects.filter(code="weekend").update(starts_at=row.starts_at)
    forget_programme()
    facts = programme()
    again = replay(FIRST, LAST, facts, Draft().programme(facts))
    assert again["by_tenant"] == tried["by_tenant"]
    assert tried["by_rule"]["weekend"][1] > 0
    cases = stored_cases(latest_assessments(_receipt_ids()), facts)
    kept = sum(one.earning.points for one in decide(cases, set(), facts, Budgets()))
    assert kept == points_now()


def test_other_thresholds_say_who_moves(world: TradingWorld) -> None:
    a_year(world)
    facts = programme()
    nobody = Draft(tiers=(facts.tiers[0], TierLevel("silver", 2, 10**12, 2, 5_000)))
    found = replay(FIRST, LAST, facts, nobody.programme(facts))
    assert ["silver", "member", 3] in found["moves"]
    assert found["by_rule"]["+tier"][0] > 0 == found["by_rule"]["+tier"][1]


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def a_form(**more: str) -> dict[str, str]:
    tiers = {"spend_member": "0", "visits_member": "0", "bonus_member": "0"}
    silver = {"spend_silver": "1000", "visits_silver": "2", "bonus_silver": "50"}
    period = {"name": "Double", "first_day": FIRST.isoformat(), "last_day": LAST.isoformat()}
    return {**period, **tiers, **silver, **more}


def test_a_what_if_is_drafted_run_and_kept_and_moves_nothing(manager, world) -> None:
    a_year(world)
    before = (Transfer.objects.count(), Assessment.objects.count(), points_now())
    assert manager.post("/loyalty/what-if/new", a_form(bonus_silver="100")).status_code == 302
    row = WhatIf.objects.get()
    page = f"/loyalty/what-if/{row.pk}"
    rule = {
        "code": "double", "name_en": "Double", "name_zh": "双倍", "kind": "multiplier",
        "factor": "2", "tenant_share": "100",
    }  # fmt: skip
    assert manager.post(f"{page}/rule", rule).status_code == 302
    assert "Members earn double points." in manager.get(page).content.decode()
    assert manager.post(f"{page}/start").status_code == 302
    assert WhatIf.objects.get().status == WhatIfStatus.WAITING
    assert "begins in a moment" in manager.get(page).content.decode()
    run_what_if(row.pk)
    html = manager.get(page).content.decode()
    assert "60 members" in html.replace('<span class="num">', "").replace("</span>", "")
    assert "By tenant" in html
    assert manager.get(f"{page}/progress")["HX-Refresh"] == "true"
    assert (Transfer.objects.count(), Assessment.objects.count(), points_now()) == before
    row.refresh_from_db()
    was, now = row.result["by_rule"]["double"]
    assert (was, now) == (0, row.result["by_rule"]["base"][1])
    refused = manager.post(f"{page}/rule", rule)
    assert refused.status_code == 422


def test_a_draft_begins_with_what_tiers_take_today(manager, world: TradingWorld) -> None:
    """Not with what they took when the programme was set up: leaving a figure alone keeps it."""
    facts = programme()
    today = facts.tiers
    raised = tuple(
        replace(level, spend_minor=level.spend_minor * 3, visits=level.visits + 7)
        for level in today
    )
    set_tier_scheme(
        replace(
            facts.schemes[-1], starts_on=clock.now().date() + dt.timedelta(days=2), levels=raised
        ),
        actor=TILL,
    )
    with clock.frozen(clock.now() + dt.timedelta(days=3)):
        forget_programme()
        form = manager.get("/loyalty/what-if/new").context["form"]
        shown = {level.code: form.fields[f"visits_{level.code}"].initial for level in raised}
        assert shown == {level.code: level.visits for level in raised}
        values = {name: form[name].value() for name in form.fields if name != "left_out"}
        manager.post("/loyalty/what-if/new", values | {"name": "As it is"})
        assert WhatIf.objects.get().draft["tiers"] == []


def test_a_period_that_ends_before_it_begins_is_refused(manager, world: TradingWorld) -> None:
    answer = manager.post("/loyalty/what-if/new", a_form(last_day="2020-01-01"))
    assert answer.status_code == 422
    assert "ends before it begins" in answer.content.decode()
    assert not WhatIf.objects.exists()
    long_ago = manager.post("/loyalty/what-if/new", a_form(first_day="2010-01-01"))
    assert "at most 750 days" in long_ago.content.decode()


def test_points_that_would_expire_are_told(world: TradingWorld) -> None:
    """A year's points, some of them spent: with six months' life more of them are gone by today."""
    a_year(world)
    facts = programme()
    same = replay(FIRST, LAST, facts, Draft().programme(facts))
    was, now = same["expired"]
    assert was == now == gone_by_the_books(facts.expiry_months) > 0
    shorter = replay(FIRST, LAST, facts, Draft(expiry_months=6).programme(facts))
    assert shorter["expired"] == [was, gone_by_the_books(6)]
    assert shorter["expired"][1] > was
    longer = replay(FIRST, LAST, facts, Draft(expiry_months=36).programme(facts))
    assert longer["expired"] == [was, 0]


def gone_by_the_books(months: int) -> int:
    today = clock.now().date()
    return sum(
        one.points
        for one in latest_assessments(_receipt_ids()).values()
        if add_months(one.business_day, months) <= today
    )


def test_what_was_spent_is_not_told_as_expired(world: TradingWorld) -> None:
    member_id = a_member(PHONES[0], store=world.bakery)
    record_receipts(
        [a_receipt(world.bakery, "R1", 50_000, phone=PHONES[0], at=NOON)],
        actor=TILL,
        source=Source.POS,
    )
    spend_at = NOON + 200 * DAY
    spent = ledger.Redemption(
        key="gift", member_id=member_id, points=120, source_kind="gift", source_id=member_id,
        redemption_account_id=ledger.open_redemption(FunderKind.MALL, world.bakery.mall_id),
        reason="gift card", occurred_at=spend_at, recorded_at=spend_at, group_id=member_id,
    )  # fmt: skip
    ledger.redeem([spent], actor=TILL)
    facts = programme()
    found = replay(FIRST, LAST, facts, Draft(expiry_months=3).programme(facts))
    # As it was 120 were spent in time; with three months they were gone before.
    assert found["expired"] == [380, 500]


@pytest.mark.parametrize("window", list(Window))
def test_another_window_gives_what_the_product_would_have_given(world, window: Window) -> None:
    """The same year: tried with a draft, then with the scheme in force from the beginning."""
    a_year(world)
    facts = programme()
    levels = (facts.tiers[0], TierLevel("silver", 2, 0, 0, 5_000, value=300))
    counting = Counting(window, 20, 1_000, 10)
    draft = Draft(tiers=levels, counting=counting)
    read_back = Draft.from_json(draft.to_json(), facts.tiers)
    assert read_back == draft
    tried = replay(FIRST, LAST, facts, read_back.programme(facts))
    scheme = counting.applied_to(Scheme(dt.date(1970, 1, 2), levels))
    in_force = replace(facts, schemes=(facts.schemes[0], scheme))
    again = replay(FIRST, LAST, in_force, Draft().programme(in_force))
    assert [one[1] for one in again["by_rule"].values()] == [
        one[1] for one in tried["by_rule"].values()
    ]
    at_end = Counter(dict.fromkeys(("member", "silver"), 0))
    for _was, now, members in tried["moves"]:
        at_end[now] += members
    days = days_of({records_of([one])[one] for one in members_of_year()}, in_force)
    tomorrow = LAST + DAY
    expected = Counter(one.tier_on(tomorrow, in_force.schemes).code for one in days.values())  # type: ignore[union-attr]
    assert +at_end == +expected


def members_of_year() -> list[Any]:
    return list(Receipt.objects.values_list("member_id", flat=True).distinct())


def test_a_draft_of_before_is_read_as_it_was_meant() -> None:
    """Drafts that were kept before qualifying value could be tried say nothing of it."""
    today = (TierLevel("member", 1, 0, 0, 0), TierLevel("silver", 2, 100, 2, 500, value=30))
    kept = {"tiers": [{"code": "silver", "spend_minor": 200, "visits": 3, "bonus_bp": 600}]}
    read = Draft.from_json(kept, today)
    assert read.tiers[1] == TierLevel("silver", 2, 200, 3, 600, value=30)
    assert (read.counting, read.expiry_months) == (None, None)


def test_window_grace_value_and_expiry_are_drafted_on_screen(manager, world) -> None:
    a_year(world)
    more = {
        "expiry_months": "6", "window": "calendar", "grace_days": "30", "value_per_amount": "10",
        "value_per_visit": "5", "value_silver": "400",
    }  # fmt: skip
    assert manager.post("/loyalty/what-if/new", a_form(**more)).status_code == 302
    row = WhatIf.objects.get()
    assert row.draft["counting"]["value_per_minor"] == 1_000
    assert row.draft["expiry_months"] == 6
    page = f"/loyalty/what-if/{row.pk}"
    html = manager.get(page).content.decode()
    for said in ("Points expire after 6 months", "kept until the end of the next",
                 "One qualifying value for every CN¥10.00", "400 qualifying value"):  # fmt: skip
        assert said in html
    run_what_if(row.pk)
    assert "Expired unspent by the day of the replay" in manager.get(page).content.decode()
    # A result that was kept before is shown without what it does not know.
    row.refresh_from_db()
    del row.result["expired"]
    row.save()
    assert "Expired unspent" not in manager.get(page).content.decode()
    same = a_form(name="Same", window="rolling", grace_days="0", expiry_months="")
    assert manager.post("/loyalty/what-if/new", same).status_code == 302
    again = WhatIf.objects.get(name="Same").draft
    assert (again["counting"], again["expiry_months"], again["tiers"]) == (None, None, [])
