"""What points and rewards are worth: figures that add up, bounds that are told, a fast page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mallard.kernel.access.actor import Scope
from mallard.kernel.settings.services import change_setting
from mallard.value.ledger import services as ledger
from mallard.value.ledger.models import FunderKind
from mallard.value.ledger.tests.factories import accrual, roll_up_all
from mallard.value.rewards import services
from mallard.value.rewards.liability import sheet
from mallard.value.rewards.pages import liability as liability_page
from mallard.value.rewards.tests.factories import (
    ACTOR,
    Counter,
    a_counter,
    a_reward,
    place,
    rich_members,
)
from mallard.value.rewards.valuing import (
    Assumptions,
    age_of,
    breakage_bp,
    cost_of,
    outcome,
    worth_of,
)
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.models import Task, TaskStatus


def test_worth_of_a_reward_for_a_thousand_points() -> None:
    worth = worth_of(2_000, 1_500, 500, 500_000)
    assert (worth.per_points_minor, worth.ratio_bp) == (500, 10_000)
    assert worth_of(100, 10, 10, 0).ratio_bp is None


@given(points=st.integers(0, 10**9), micro=st.integers(0, 10**7), percent=st.integers(0, 100))
def test_values_are_rounded_once_to_the_nearest(points: int, micro: int, percent: int) -> None:
    exact = points * micro * percent
    rounded = cost_of(points, micro, expected_percent=percent)
    assert abs(rounded * 100_000_000 - exact) * 2 <= 100_000_000


def test_what_if_prices_rise_and_fewer_points_are_expected_back() -> None:
    same = outcome(1_000_000, 400_000, 100_000, Assumptions(500_000, 100))
    dear = outcome(1_000_000, 400_000, 100_000, Assumptions(500_000, 80, 120))
    assert (same.liability_minor, same.burn_bp, same.years_bp) == (500_000, 2_500, 100_000)
    assert (dear.liability_minor, dear.burnt_points, dear.burn_bp) == (400_000, 120_000, 3_000)
    assert outcome(5, 0, 0, Assumptions(1, 1)).years_bp is None


def test_breakage_and_ages() -> None:
    assert breakage_bp(0, 0) is None
    assert breakage_bp(300, 100) == 2_500
    november = dt.date(2026, 11, 1)
    months = (dt.date(2026, 9, 1), dt.date(2026, 8, 1), dt.date(2025, 12, 1), dt.date(2025, 11, 1))
    assert [age_of(one, november) for one in months] == ["0-3", "4-6", "7-12", "13+"]


@pytest.fixture
def counter() -> Counter:
    return a_counter()


@pytest.mark.django_db(transaction=True)
def test_the_page_adds_up_and_asks_a_fixed_number_of_questions(
    django_assert_max_num_queries: Any,
) -> None:
    counter = a_counter()
    reward = a_reward(counter, stock=9)
    found = rich_members(counter, 3)
    place(found[0], reward, counter.desk, is_confirmed=True)
    roll_up_all()
    assert services.slice_liability() == 2_900
    read = sheet(ACTOR)
    assert (read.outstanding, read.issued, read.redeemed) == (2_900, 3_000, 100)
    assert sum(one.points for one in read.funders) == sum(read.by_end.values()) == 2_900
    client = Client()
    client.force_login(a_staff_user("finance", scope=Scope(is_group=True)))
    page = reverse("rewards:liability")
    client.get(page)
    with django_assert_max_num_queries(30):
        shown = client.get(page, {"expected": "50", "price": "120"}).content.decode()
    assert "2,900" in shown
    assert "CN¥14.50" in shown
    assert client.get(page, {"expected": "101"}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_many_funders_are_told_in_one_row_so_that_the_table_adds_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(liability_page, "FUNDERS_SHOWN", 1)
    counter = a_counter()
    [member] = rich_members(counter, 1)
    place_ = counter.trade.place
    for number, owner in enumerate((place_.bakery, place_.pharmacy), start=1):
        funder = ledger.open_funder(FunderKind.TENANT, owner.pk)
        ledger.post_accruals([accrual(member, funder, 10 * number)], actor=ACTOR)
    roll_up_all()
    services.slice_liability()
    client = Client()
    client.force_login(a_staff_user("finance", scope=Scope(is_group=True)))
    client.cookies["django_language"] = "en"
    page = client.get(reverse("rewards:liability"))
    rows = page.context["funders"]
    assert [row["points"] for row in rows] == [1_000, 30]
    assert rows[-1]["name"] == "2 further funders"
    assert sum(sum(row["ages"]) for row in rows) == 1_030


@pytest.mark.django_db
def test_a_mall_sees_its_own_funders_only(counter: Counter) -> None:
    from mallard.kernel.access.actor import Actor, ActorKind
    from mallard.kernel.ids import uuid7

    rich_members(counter, 1)
    services.slice_liability()
    far = Scope(mall_ids=frozenset([counter.far_desk.mall_id]))
    other = Actor(ActorKind.STAFF, uuid7(), "them", frozenset(), far)
    assert not sheet(other).funders


@pytest.mark.django_db(transaction=True)
def test_bounds_open_tasks_and_settle_them() -> None:
    counter = a_counter()
    reward = a_reward(counter, stock=9, cost_minor=200)
    found = rich_members(counter, 1)
    roll_up_all()
    change_setting("rewards.alert_liability_above", value=9, actor=ACTOR)
    assert services.watch_worth(actor=ACTOR) == 3
    assert services.watch_worth(actor=ACTOR) == 3
    keys = set(Task.objects.filter(status=TaskStatus.OPEN).values_list("key", flat=True))
    assert keys == {"worth:burn", "worth:liability", f"worth:reward:{reward.pk}"}
    place(found[0], reward, counter.desk, quantity=2, is_confirmed=True)
    roll_up_all()
    change_setting("rewards.alert_liability_above", value=0, actor=ACTOR)
    change_setting("rewards.alert_value_above", value=300, actor=ACTOR)
    assert services.watch_worth(actor=ACTOR) == 0
    assert not Task.objects.filter(status=TaskStatus.OPEN).exists()
