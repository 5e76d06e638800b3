"""What-if: the replay is the product's own rules, and moves nothing."""

from __future__ import annotations

import datetime as dt
import random
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
from mallard.value.ledger.models import Transfer
from mallard.value.loyalty.models import Assessment, EarningRule, WhatIf, WhatIfStatus
from mallard.value.loyalty.queries import forget_programme, latest_assessments, programme
from mallard.value.loyalty.rules import Birthday, Kind, Scope, Terms, TierLevel
from mallard.value.loyalty.services import (
    Budgets,
    EarningRuleInput,
    set_earning_rule,
    set_tier_scheme,
)
from mallard.value.loyalty.services.deciding import decide, stored_cases
from mallard.value.loyalty.whatif.draft import Draft, DraftRule
from mallard.value.loyalty.whatif.replay import replay
from mallard.value.loyalty.whatif.services import run_what_if
from mallard.value.sales.facts import ReceiptInput, ReturnInput, ReturnLineInput
from mallard.value.sales.models import Receipt, Source
from mallard.world.members.models import MemberSearch
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
