"""Targets of people and of new members: set on screen, read, watched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from mallard.kernel.access.actor import WHOLE_GROUP, Scope, system
from mallard.kernel.clock import frozen
from mallard.review.targets import queries, services, watching
from mallard.review.targets.models import Metric, Target
from mallard.review.targets.rules import equal_share
from mallard.review.targets.services import TargetInput
from mallard.value.sales.models import StoreDay
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks import wording
from mallard.world.tasks.models import Task

pytestmark = pytest.mark.django_db
SYSTEM = system("tests")
MONTH = dt.date(2026, 11, 1)
DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 11, 11, 4, tzinfo=dt.UTC)  # noon of the 11th at the malls: ten whole days


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with frozen(NOW):
        yield


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def assistant(world: World) -> Any:
    at = Scope(store_ids=frozenset([world.lakeside_bakery.id]))
    return a_staff_user("sales_assistant", name="Mei Lin", scope=at)


@pytest.fixture
def director(client: Client) -> Client:
    client.force_login(a_staff_user("director"))
    return client


def sold(store: Any, per_day: int) -> None:
    StoreDay.objects.bulk_create(
        StoreDay(store=store, business_day=MONTH + DAY * n, receipts=1, net_minor=per_day)
        for n in range(10)
    )


def joined(store: Any, count: int) -> None:
    for _ in range(count):
        a_member(store_id=store.id, joined_at=NOW - 2 * DAY)


def wanted(world: World, amount: int, **more: Any) -> TargetInput:
    return TargetInput(month=MONTH, mall_id=world.lakeside.id, amount=amount, **more)


class TestOnScreen:
    def test_the_assistants_of_a_store_are_offered_and_nobody_else(
        self, director: Client, world: World, assistant: Any
    ) -> None:
        elsewhere = Scope(store_ids=frozenset([world.lakeside_pharmacy.id]))
        a_staff_user("sales_assistant", name="Elsewhere Yu", scope=elsewhere)
        here = Scope(store_ids=frozenset([world.lakeside_bakery.id]))
        a_staff_user("cashier", name="Cash Ier", scope=here)
        page = director.get(reverse("targets:people", args=[world.lakeside_bakery.id]))
        told = page.content.decode()
        assert "Mei Lin" in told
        assert "Elsewhere Yu" not in told
        assert "Cash Ier" not in told

    @pytest.mark.parametrize(
        ("metric", "typed", "amount", "changed"),
        [("net_sales", "60.50", 6_050, "70"), ("new_members", "30", 30, "31")],
    )
    def test_set_changed_and_taken_away(
        self,
        director: Client,
        world: World,
        assistant: Any,
        metric: str,
        typed: str,
        amount: int,
        changed: str,
    ) -> None:
        store = world.lakeside_bakery
        page = f"{reverse('targets:people', args=[store.id])}?month=2026-11&metric={metric}"
        field = f"person_{assistant.id}"
        assert director.post(page, {field: typed}).status_code == 302
        row = Target.objects.get()
        assert (row.store, row.person, row.metric, row.amount) == (store, assistant, metric, amount)
        assert f'value="{typed}"' in director.get(page).content.decode()
        assert director.post(page, {field: changed}).status_code == 302
        assert Target.objects.get().amount > amount
        wrong = director.post(page, {field: "plenty"})
        assert wrong.status_code == 422
        assert Target.objects.get().amount > amount
        assert director.post(page, {field: ""}).status_code == 302
        assert not Target.objects.exists()

    def test_half_a_member_is_refused(self, director: Client, world: World) -> None:
        page = f"{reverse('targets:edit', args=[world.lakeside.id])}?metric=new_members"
        assert director.post(page, {"mall": "1.5"}).status_code == 422
        assert director.post(page, {"mall": "15"}).status_code == 302
        assert Target.objects.get().metric == "new_members"

    def test_setting_one_figure_leaves_the_other(
        self, director: Client, world: World, assistant: Any
    ) -> None:
        store = world.lakeside_bakery.id
        person = {"store_id": store, "person_id": assistant.id}
        services.set_targets([wanted(world, 5_000, **person)], actor=SYSTEM)
        page = f"{reverse('targets:edit', args=[world.lakeside.id])}?month=2026-11"
        director.post(f"{page}&metric=new_members", {f"store_{store}": "9"})
        director.post(page, {f"store_{store}": ""})
        assert set(Target.objects.values_list("metric", "person", "amount")) == {
            ("net_sales", assistant.id, 5_000),
            ("new_members", None, 9),
        }

    def test_who_has_part_of_the_mall_cannot(self, client: Client, world: World) -> None:
        tenant = Scope(tenant_ids=frozenset([world.bakery.id]))
        client.force_login(a_staff_user("director", scope=tenant))
        page = reverse("targets:people", args=[world.lakeside_bakery.id])
        assert client.get(page).status_code == 404


class TestShown:
    def test_new_members_are_shown_wherever_targets_are(
        self, director: Client, world: World, assistant: Any
    ) -> None:
        store = world.lakeside_bakery
        places: list[dict[str, Any]] = [{"store_id": store.id}]
        places.append({"store_id": store.id, "person_id": assistant.id})
        targets = [wanted(world, 30, metric="new_members", **one) for one in places]
        services.set_targets(targets, actor=SYSTEM)
        joined(store, 7)
        for address in (
            reverse("targets:overview"),
            reverse("targets:mall", args=[world.lakeside.id]),
            reverse("targets:store", args=[store.id]),
            "/",
        ):
            told = director.get(address).content.decode()
            assert "New members" in told, address
            assert "70.0%" in told, address
        (person,) = queries.person_attainments(
            world.lakeside, MONTH, [store.id], metric="new_members"
        )
        assert person.attainment.actual_to_date == 7

    def test_malls_of_one_zone_are_read_together(
        self, world: World, django_assert_num_queries: Any
    ) -> None:
        stores = [world.lakeside_bakery, world.hillside_bakery]
        targets = [
            TargetInput(
                month=MONTH, mall_id=one.mall_id, store_id=one.id, amount=30, metric="new_members"
            )
            for one in stores
        ]
        services.set_targets(targets, actor=SYSTEM)
        joined(stores[0], 2)
        joined(stores[1], 5)
        malls = [(world.lakeside, MONTH), (world.hillside, MONTH)]
        with django_assert_num_queries(2):
            queries.mall_attainments(malls[:1], WHOLE_GROUP, metric="new_members")
        with django_assert_num_queries(2):
            found = queries.mall_attainments(malls, WHOLE_GROUP, metric="new_members")
        assert [found[mall.id].attainment.actual_to_date for mall, _month in malls] == [2, 5]

    def test_a_share_carries_on_what_does_not_divide(self) -> None:
        daily = {MONTH + DAY * n: 1 for n in range(7)}
        share = equal_share(daily, 3)
        assert list(share.values()) == [0, 0, 1, 0, 0, 1, 0]


class TestWatch:
    def test_malls_and_people_behind_are_tasks_until_they_are_back(
        self, world: World, assistant: Any
    ) -> None:
        store = world.lakeside_bakery
        services.set_targets(
            [
                wanted(world, 60_000),
                wanted(world, 30_000, store_id=store.id),
                wanted(world, 45_000, store_id=store.id, person_id=assistant.id),
            ],
            actor=SYSTEM,
        )
        sold(store, 1_000)  # the store is on target, the mall and the person are behind
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(2, 0)
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(0, 0)
        told = {
            (one.message, one.role, one.mall_id, one.store_id, one.params.get("person"))
            for one in Task.objects.filter(kind="corrective")
        }
        mall = world.lakeside.id
        assert told == {
            ("mall_below", "crm_manager", mall, None, None),
            ("person_below", "tenant_manager", mall, store.id, "Mei Lin"),
        }
        StoreDay.objects.filter(business_day=MONTH).update(net_minor=50_000)
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(0, 2)
        assert set(Task.objects.values_list("status", flat=True)) == {"done"}

    def test_who_is_behind_in_new_members_is_told_of_apart(
        self, world: World, assistant: Any
    ) -> None:
        store = world.lakeside_bakery
        members = {"metric": Metric.NEW_MEMBERS}
        at_store = {"store_id": store.id}
        services.set_targets(
            [
                wanted(world, 30_000, **at_store),
                wanted(world, 30, **members, **at_store),
                wanted(world, 30, **members),
                wanted(world, 3, **members, **at_store, person_id=assistant.id),
            ],
            actor=SYSTEM,
        )
        joined(store, 5)  # of 10 to date the mall's and the store's; of 3 at most, the person's 5
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(3, 0)
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(0, 0)
        tasks = {one.message: one for one in Task.objects.filter(kind="corrective")}
        assert set(tasks) == {"below", "below_members", "mall_below_members"}
        task = tasks["below_members"]
        assert (task.params["actual"], task.params["target"]) == (5, 10)
        with override("zh-hans"):
            title, detail = wording.asked(task.kind, task.message, task.params)
        assert "新会员目标" in title
        assert "50.0%" in title
        assert "新会员 5 人" in detail
        # Back in members only: the task of net sales stays.
        joined(store, 5)
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(0, 2)
        assert [one.message for one in Task.objects.exclude(status="done")] == ["below"]

    def test_who_sees_one_store_looks_at_it_and_its_people_only(
        self, world: World, assistant: Any
    ) -> None:
        there = {"store_id": world.lakeside_pharmacy.id, "person_id": assistant.id}
        services.set_targets([wanted(world, 60_000), wanted(world, 9_000, **there)], actor=SYSTEM)
        at = Scope(store_ids=frozenset([world.lakeside_bakery.id]))
        narrow = replace(SYSTEM, scope=at)
        assert watching.watch_targets(actor=narrow) == watching.Watched(0, 0)
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(2, 0)
