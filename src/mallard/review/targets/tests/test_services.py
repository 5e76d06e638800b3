"""Targets against the database: set, refused, read in scope, watched; their pages and the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope, system
from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import frozen
from mallard.kernel.errors import DomainError
from mallard.review.targets import queries, services, watching
from mallard.review.targets.errors import TargetInvalid
from mallard.review.targets.files import read_targets
from mallard.review.targets.models import Target
from mallard.review.targets.services import TargetInput
from mallard.value.sales.models import StoreDay
from mallard.world.malls.errors import OutsideScope
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.models import Task
from mallard.world.tasks.tests.factories import acting

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


def sold(store: Any, amounts: dict[dt.date, int]) -> None:
    StoreDay.objects.bulk_create(
        [
            StoreDay(
                store=store, business_day=day, receipts=1, net_minor=amount + 7, refund_minor=7
            )
            for day, amount in amounts.items()
        ]
    )


def a_target(world: World, amount: int = 30_000, **more: Any) -> TargetInput:
    wanted = {"store_id": world.lakeside_bakery.id, **more}
    return TargetInput(month=MONTH, mall_id=world.lakeside.id, amount=amount, **wanted)


def at_mall(mall: Any) -> Scope:
    return Scope(mall_ids=frozenset([mall.id]))


class TestSetting:
    def test_set_changed_and_taken_away(self, world: World) -> None:
        wanted = [a_target(world), a_target(world, 90_000, store_id=None)]
        assert services.set_targets(wanted, actor=SYSTEM) == 2
        assert services.set_targets(wanted, actor=SYSTEM) == 0
        assert services.set_targets([a_target(world, 31_000)], actor=SYSTEM) == 1
        assert services.set_targets([a_target(world, 0)], actor=SYSTEM) == 1
        assert list(Target.objects.values_list("store", "amount")) == [(None, 90_000)]
        assert Entry.objects.filter(action="targets.targets_set").count() == 3

    @pytest.mark.parametrize(
        "wrong", [{"metric": "nonsense"}, {"amount": -1}, {"amount": 10**16}, {"elsewhere": True}]
    )
    def test_refused_whole(self, world: World, wrong: dict[str, Any]) -> None:
        if wrong.pop("elsewhere", False):
            wrong = {"store_id": world.hillside_bakery.id}
        with pytest.raises(TargetInvalid):
            services.set_targets(
                [a_target(world, store_id=None), a_target(world, **wrong)], actor=SYSTEM
            )
        manager = acting(a_staff_user("crm_manager", scope=at_mall(world.hillside)))
        tenant = acting(
            a_staff_user("director", scope=Scope(tenant_ids=frozenset([world.bakery.id])))
        )
        for actor in (manager, tenant):
            with pytest.raises(OutsideScope):
                services.set_targets([a_target(world)], actor=actor)
        assert not Target.objects.exists()

    @pytest.mark.parametrize("wrong", [{"amount": 0}, {"month": dt.date(2026, 11, 2)}])
    def test_the_database_refuses(self, world: World, wrong: dict[str, Any]) -> None:
        right = {"mall": world.lakeside, "month": MONTH, "amount": 1}
        Target.objects.create(**right)
        with pytest.raises(IntegrityError), transaction.atomic():
            Target.objects.create(**{**right, "month": dt.date(2026, 12, 1), **wrong})
        with pytest.raises(IntegrityError), transaction.atomic():
            Target.objects.create(**right)


class TestReading:
    def test_a_store_its_mall_and_its_people(self, world: World) -> None:
        person = a_staff_user("sales_assistant")
        services.set_targets(
            [a_target(world), a_target(world, 6_000, person_id=person.id)], actor=SYSTEM
        )
        sold(world.lakeside_bakery, {MONTH + DAY * n: 800 for n in range(12)})
        sold(world.lakeside_pharmacy, {MONTH: 9_999})
        found = queries.store_attainments(world.lakeside, MONTH, WHOLE_GROUP)
        reached = found[0].attainment
        assert (reached.target_to_date, reached.actual_to_date) == (10_000, 8_000)
        assert reached.bp == 8_000
        whole = queries.mall_attainment(world.lakeside, MONTH, WHOLE_GROUP)
        assert whole is not None
        assert whole.attainment.actual_to_date == 8_000  # of the stores that have targets
        services.set_targets([a_target(world, 60_000, store_id=None)], actor=SYSTEM)
        whole = queries.mall_attainment(world.lakeside, MONTH, WHOLE_GROUP)
        assert whole is not None
        assert whole.attainment.actual_to_date == 17_999  # of the whole mall
        people = queries.person_attainments(world.lakeside, MONTH, [world.lakeside_bakery.id])
        assert [one.attainment.bp for one in people] == [40_000]

    def test_malls_are_read_together_each_with_its_own_stores(
        self, world: World, django_assert_num_queries: Any
    ) -> None:
        hillside = {"mall_id": world.hillside.id, "store_id": world.hillside_bakery.id}
        wanted = [a_target(world, 90_000, store_id=None)]
        wanted += [a_target(world), replace(a_target(world), **hillside)]
        services.set_targets(wanted, actor=SYSTEM)
        services.set_targets([replace(wanted[0], month=dt.date(2026, 12, 1))], actor=SYSTEM)
        sold(world.lakeside_bakery, {MONTH: 800})
        sold(world.lakeside_pharmacy, {MONTH: 30})
        sold(world.hillside_bakery, {MONTH: 5, MONTH + DAY: 6})
        sold(world.hillside_pharmacy, {MONTH: 70_000})
        malls = [(world.lakeside, MONTH), (world.hillside, MONTH)]
        with django_assert_num_queries(4):
            alone = queries.mall_attainments(malls[:1], WHOLE_GROUP)
        with django_assert_num_queries(4):
            both = queries.mall_attainments(malls, WHOLE_GROUP)
        assert alone == {world.lakeside.id: both[world.lakeside.id]}
        reached = [both[mall.id].attainment for mall, _month in malls]
        assert [(one.amount, one.actual_to_date) for one in reached] == [
            (90_000, 830),
            (30_000, 11),
        ]
        assert queries.mall_attainments(malls, at_mall(world.hillside)).keys() == {
            world.hillside.id
        }

    def test_new_members_are_counted_where_they_enrolled(self, world: World) -> None:
        services.set_targets([a_target(world, 30, metric="new_members")], actor=SYSTEM)
        for _ in range(4):
            a_member(store_id=world.lakeside_bakery.id, joined_at=NOW - 2 * DAY)
        a_member(store_id=world.lakeside_bakery.id, joined_at=NOW)  # the day has not ended
        found = queries.store_attainments(world.lakeside, MONTH, WHOLE_GROUP, metric="new_members")
        assert found[0].attainment.actual_to_date == 4

    def test_a_tenant_sees_their_own_stores_only(self, world: World) -> None:
        services.set_targets(
            [
                a_target(world),
                a_target(world, store_id=world.lakeside_pharmacy.id),
                a_target(world, store_id=None),
            ],
            actor=SYSTEM,
        )
        scope = Scope(tenant_ids=frozenset([world.bakery.id]))
        found = queries.store_attainments(world.lakeside, MONTH, scope)
        assert [one.place_id for one in found] == [world.lakeside_bakery.id]
        assert queries.mall_attainment(world.lakeside, MONTH, scope) is None
        assert queries.visible_targets(scope).count() == 1


class TestWatch:
    def test_behind_is_a_task_once_a_month_and_back_is_done(self, world: World) -> None:
        services.set_targets([a_target(world)], actor=SYSTEM)
        sold(world.lakeside_bakery, {MONTH + DAY * n: 800 for n in range(10)})
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(1, 0)
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(0, 0)
        task = Task.objects.get()
        assert (task.kind, task.role, task.store) == (
            "corrective", "tenant_manager", world.lakeside_bakery,
        )  # fmt: skip
        StoreDay.objects.filter(business_day=MONTH).update(net_minor=9_000)
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(0, 1)
        task.refresh_from_db()
        assert task.status == "done"
        StoreDay.objects.filter(business_day=MONTH).update(net_minor=0)
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(0, 0)

    def test_two_days_behind_are_no_task_yet(self, world: World) -> None:
        services.set_targets([a_target(world)], actor=SYSTEM)
        sold(world.lakeside_bakery, {MONTH: 8_500})
        assert watching.watch_targets(actor=SYSTEM) == watching.Watched(0, 0)


class TestFile:
    HEAD = "month,mall,store,person,metric,amount\n"

    def test_rows_become_targets(self, world: World) -> None:
        rows = '2026-11,LAKE,LAKE-BAKERY,,,"120,000.50"\n2026-12,LAKE,,,new_members,40\n'
        read = read_targets((self.HEAD + rows).encode(), actor=SYSTEM)
        assert read.problems == []
        assert [(one.amount, one.metric) for one in read.targets] == [
            (12_000_050, "net_sales"), (40, "new_members"),
        ]  # fmt: skip
        assert services.set_targets(read.targets, actor=SYSTEM) == 2

    def test_each_wrong_row_is_told(self, world: World) -> None:
        rows = (
            "2026-11,NOWHERE,,,,1\n2026-11,LAKE,HILL-BAKERY,,,1\n2026-11,LAKE,,x@y.z,,1\n"
            "2026-11,LAKE,,,profit,1\n2026-13,LAKE,,,,1\n2026-11,LAKE,,,,-1\n2026-11,LAKE,,,,NaN\n"
            "\n2026-11,LAKE,,,,1.234\n2026-11,LAKE,,,,100\n"
        )
        read = read_targets((self.HEAD + rows).encode("gb18030"), actor=SYSTEM)
        assert [row for row, _sentence in read.problems] == [2, 3, 4, 5, 6, 7, 8, 10]
        assert len(read.targets) == 1
        with pytest.raises(DomainError):
            read_targets(b"a,b\n1,2\n", actor=SYSTEM)


class TestPages:
    @pytest.fixture
    def director(self, client: Client) -> Client:
        client.force_login(a_staff_user("director"))
        return client

    def test_set_on_the_grid_and_drilled_down(self, director: Client, world: World) -> None:
        mall, store = world.lakeside, world.lakeside_bakery
        page = f"{reverse('targets:edit', args=[mall.pk])}?month=2026-11"
        wrong = director.post(page, {f"store_{store.pk}": "a lot", "mall": "9"})
        assert wrong.status_code == 422
        assert "a lot" in wrong.content.decode()
        assert not Target.objects.exists()
        right = director.post(page, {f"store_{store.pk}": "300.00"})
        assert right.status_code == 302
        assert Target.objects.get().amount == 30_000
        sold(store, {MONTH + DAY * n: 800 for n in range(10)})
        for address in (
            reverse("targets:overview"),
            reverse("targets:mall", args=[mall.pk]),
            reverse("targets:store", args=[store.pk]),
            "/",
        ):
            answer = director.get(address)
            assert answer.status_code == 200
            assert "80.0%" in answer.content.decode(), address
        assert director.post(reverse("targets:watch")).status_code == 302
        assert Task.objects.get().kind == "corrective"

    def test_a_file_is_taken_whole_or_not(self, director: Client, world: World) -> None:
        page = reverse("targets:import")
        wrong = SimpleUploadedFile("t.csv", b"month,mall,amount\n2026-11,LAKE,5\n2026-11,X,5\n")
        answer = director.post(page, {"file": wrong})
        assert answer.status_code == 422
        assert "There is no such mall." in answer.content.decode()
        assert not Target.objects.exists()
        right = SimpleUploadedFile("t.csv", b"month,mall,amount\n2026-11,LAKE,5\n")
        assert director.post(page, {"file": right}).status_code == 302
        assert Target.objects.get().amount == 500

    def test_over_the_api(self, world: World) -> None:
        services.set_targets([a_target(world)], actor=SYSTEM)
        made = create_api_key(
            name="bi", scope=at_mall(world.lakeside), permissions=("targets.view_target",),
            actor=SYSTEM,
        )  # fmt: skip
        client = Client(headers={"Authorization": f"Bearer {made.plain}"})
        found = client.get("/api/v1/targets", {"month": "2026-11"}).json()
        told = [(one["store_id"], one["target_to_date"], one["attainment_bp"]) for one in found]
        assert told == [(None, 10_000, 0), (str(world.lakeside_bakery.id), 10_000, 0)]
        assert client.get("/api/v1/targets", {"month": "soon"}).status_code == 422

    def test_people_come_over_the_api_when_asked_for_by_id_alone(self, world: World) -> None:
        person = a_staff_user("sales_assistant", name="Mei Lin", email="mei@example.com")
        bakery, hillside = world.lakeside_bakery, world.hillside_bakery
        there = a_target(world, amount=3_000, store_id=bakery.id, person_id=person.id)
        elsewhere = replace(there, mall_id=world.hillside.id, store_id=hillside.id)
        services.set_targets([a_target(world), there, elsewhere], actor=SYSTEM)
        made = create_api_key(
            name="bi", scope=at_mall(world.lakeside), permissions=("targets.view_target",),
            actor=SYSTEM,
        )  # fmt: skip
        client = Client(headers={"Authorization": f"Bearer {made.plain}"})
        without = client.get("/api/v1/targets", {"month": "2026-11"}).json()
        assert [one["person_id"] for one in without] == [None, None]
        answer = client.get("/api/v1/targets", {"month": "2026-11", "people": "true"})
        assert answer.json()[:2] == without
        [row] = answer.json()[2:]
        assert (row["person_id"], row["store_id"]) == (str(person.id), str(bakery.id))
        assert (row["amount"], row["name_en"]) == (3_000, bakery.name_en)
        assert "Mei Lin" not in answer.content.decode()
        assert "mei@example.com" not in answer.content.decode()
