"""Tasks through their services: what is kept, and that a refusal changes nothing."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import frozen, now
from mallard.kernel.errors import DomainError
from mallard.kernel.mail.models import Mail
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.provenance import Origin
from mallard.kernel.workspace.models import Notification
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.errors import PaymentCardRefused
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.services import erase_member, note_presence
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks import queries, services
from mallard.world.tasks.errors import (
    NotYourTask,
    SameTaskOpen,
    TaskClosed,
    TaskInvalid,
    TaskNotFound,
    TaskOpen,
    TaskTaken,
    TooManyTasks,
)
from mallard.world.tasks.inputs import ProblemInput, TaskInput
from mallard.world.tasks.models import ProblemReport, Task, TaskComment
from mallard.world.tasks.showing import shown_comments, shown_task
from mallard.world.tasks.tests.factories import SYSTEM, a_task, acting

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return a_mall_group()


def at_store(store: Any) -> Scope:
    return Scope(store_ids=frozenset([store.id]))


def at_mall(mall: Any) -> Scope:
    return Scope(mall_ids=frozenset([mall.id]))


def snapshot() -> tuple[Any, ...]:
    """Everything that a task's change would leave."""
    return (
        list(Task.objects.order_by("pk").values()),
        TaskComment.objects.count(),
        Entry.objects.count(),
        OutboxEvent.objects.count(),
    )


class TestOpening:
    def test_a_thousand_tasks_are_a_handful_of_statements(
        self, world: World, django_assert_max_num_queries: Any
    ) -> None:
        members = [a_member(store_id=world.lakeside_bakery.id) for _ in range(3)]
        tasks = [
            TaskInput(kind="follow_up", title=f"Call {n}", member_id=members[n % 3].id)
            for n in range(1_000)
        ]
        with django_assert_max_num_queries(15):
            opened = services.open_tasks(tasks, actor=SYSTEM)
        assert all(one.is_new for one in opened)
        assert Task.objects.count() == 1_000
        assert Entry.objects.filter(action="tasks.batch_opened").count() == 1
        assert OutboxEvent.objects.filter(name="tasks.task_opened").count() == 1_000
        first = Task.objects.get(pk=opened[0].id)
        assert (first.store, first.mall) == (world.lakeside_bakery, world.lakeside)

    def test_a_key_opens_one_task_until_it_is_closed(self) -> None:
        again = TaskInput(kind="alert", title="Below target", key="bakery-2026-11")
        first, twin = services.open_tasks([again, again], actor=SYSTEM)
        assert (first.is_new, twin.is_new) == (True, False)
        assert twin.id == first.id
        assert services.open_task(again, actor=SYSTEM).id == first.id
        other = TaskInput(kind="follow_up", title="Below target", key="bakery-2026-11")
        assert services.open_task(other, actor=SYSTEM).is_new
        assert services.settle_tasks("alert", ["bakery-2026-11"], actor=SYSTEM) == 1
        assert services.open_task(again, actor=SYSTEM).is_new
        assert Entry.objects.filter(action="tasks.task_opened").count() == 3

    def test_what_is_written_about_a_member_is_sealed(self) -> None:
        member = a_member()
        words = {"title": "Call Ms Zhou", "detail": "Allergic to nuts"}
        task = a_task(member_id=member.id, **words)
        assert (task.title, task.detail) == ("", "")
        services.comment_on_task(task.id, "Reached her husband", actor=SYSTEM)
        services.finish_task(task.id, outcome="She takes the almond-free one", actor=SYSTEM)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT t::text || c::text FROM tasks_task t JOIN tasks_taskcomment c"
                " ON c.task_id = t.id"
            )
            stored = cursor.fetchone()[0]
        for word in ("Zhou", "nuts", "husband", "almond"):
            assert word not in stored
        task.refresh_from_db()
        shown = shown_task(task, SYSTEM)
        assert (shown.title, shown.detail) == ("Call Ms Zhou", "Allergic to nuts")
        assert shown.outcome == "She takes the almond-free one"
        assert [one.body for one in shown_comments(task, SYSTEM)] == ["Reached her husband"]

    @pytest.mark.parametrize("column", ["title", "detail", "outcome"])
    def test_the_database_refuses_clear_words_about_a_member(self, column: str) -> None:
        task = a_task(member_id=a_member().id)
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(pk=task.pk).update(**{column: "Ms Zhou"})

    def test_a_history_keeps_its_times_and_origin(self) -> None:
        at = now() - dt.timedelta(days=9)
        task = a_task(opened_at=at, origin=Origin.GENERATED)
        assert (task.opened_at, task.due_at) == (at, at + 48 * HOUR)
        services.finish_task(task.id, at=at + 3 * HOUR, actor=SYSTEM)
        task.refresh_from_db()
        assert task.is_within_target
        assert task.is_generated

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"kind": "nonsense"}, "kind"),
            ({"title": "  "}, "title"),
            ({"title": "x" * 161}, "title"),
            ({"message": "nonsense"}, "message"),
            ({"role": "king"}, "role"),
            ({"priority": 99}, "priority"),
            ({"due_at": AT - HOUR, "opened_at": AT}, "due_at"),
            ({"opened_at": AT + dt.timedelta(days=4_000)}, "due_at"),
            ({"subject_kind": "nonsense", "subject_id": "0" * 32}, "subject_id"),
        ],
    )
    def test_a_wrong_task_is_refused_whole(self, wrong: dict[str, Any], field: str) -> None:
        before = snapshot()
        right = {"kind": "follow_up", "title": "Call"}
        with pytest.raises(TaskInvalid) as refused:
            services.open_tasks([TaskInput(**right), TaskInput(**{**right, **wrong})], actor=SYSTEM)
        assert field in refused.value.fields
        assert snapshot() == before

    def test_a_bank_card_number_does_not_enter(self) -> None:
        before = snapshot()
        with pytest.raises(PaymentCardRefused):
            a_task(detail="Card 4111 1111 1111 1111")
        with pytest.raises(TooManyTasks):
            services.open_tasks([TaskInput(kind="alert")] * 5_001, actor=SYSTEM)
        assert snapshot() == before

    def test_nobody_names_what_they_may_not_see(self, world: World) -> None:
        clerk = acting(a_staff_user("sales_assistant", scope=at_store(world.lakeside_bakery)))
        stranger = a_member(store_id=world.hillside_bakery.id)
        colleague = a_staff_user("cashier", scope=at_store(world.hillside_pharmacy))
        before = snapshot()
        for wrong in (
            {"member_id": stranger.id},
            {"subject_kind": "member", "subject_id": stranger.id},
            {"store_id": world.lakeside_pharmacy.id},
            {"mall_id": world.hillside.id},
            {"assignee_id": colleague.id},
        ):
            with pytest.raises(TaskInvalid):
                a_task(actor=clerk, **wrong)
        assert snapshot() == before


class TestWhoSeesWhat:
    def test_own_team_and_places(self, world: World) -> None:
        bakery = world.lakeside_bakery
        clerk = acting(a_staff_user("sales_assistant", scope=at_store(bakery)))
        manager = acting(a_staff_user("crm_manager", scope=at_mall(world.lakeside)))
        own = a_task(assignee_id=clerk.id)
        team = a_task(store_id=bakery.id, role="sales_assistant")
        other_role = a_task(store_id=bakery.id, role="cashier")
        elsewhere = a_task(store_id=world.hillside_bakery.id, role="sales_assistant")
        asked = a_task(actor=clerk, store_id=bakery.id, role="leasing")
        group = a_task(role="crm_manager")
        assert set(queries.visible_tasks(clerk)) == {own, team, asked}
        assert set(queries.open_tasks_for(clerk)) == {own, team}
        assert set(queries.visible_tasks(manager)) == {team, other_role, asked}
        assert elsewhere not in queries.visible_tasks(manager)
        director = acting(a_staff_user("director"))
        assert group in queries.visible_tasks(director)
        assert queries.assigned_tasks(clerk).count() == 1

    def test_a_store_does_not_learn_of_a_member_who_does_not_share(self, world: World) -> None:
        bakery = world.lakeside_bakery
        owner = acting(a_staff_user("tenant_manager", scope=at_store(bakery)))
        silent = a_member()
        sharing = a_member(consents=(ConsentInput("share_with_tenant"),))
        note_presence([(one.id, bakery.id, now()) for one in (silent, sharing)])
        hidden = a_task(member_id=silent.id, store_id=bakery.id)
        shown = a_task(member_id=sharing.id, store_id=bakery.id)
        given = a_task(member_id=silent.id, store_id=bakery.id, assignee_id=owner.id)
        assert set(queries.visible_tasks(owner)) == {shown, given}
        assert shown_task(given, owner).subject is None
        with pytest.raises(TaskNotFound):
            services.finish_task(hidden.id, actor=owner)

    def test_words_about_a_member_are_for_who_may_see_names(self, world: World) -> None:
        mall = at_mall(world.lakeside)
        auditor = acting(a_staff_user("auditor", scope=mall))
        member = a_member(mall_id=world.lakeside.id)
        task = a_task(title="Call Ms Zhou", member_id=member.id)
        assert task in queries.visible_tasks(auditor)
        assert shown_task(task, auditor).title == "Follow-up"
        manager = acting(a_staff_user("crm_manager", scope=mall))
        assert shown_task(task, manager).title == "Call Ms Zhou"


class TestHandling:
    @pytest.fixture
    def clerk(self, world: World) -> Any:
        user = a_staff_user("sales_assistant", scope=at_store(world.lakeside_bakery), name="Mei")
        return acting(user)

    @pytest.fixture
    def other(self, world: World) -> Any:
        return acting(a_staff_user("sales_assistant", scope=at_store(world.lakeside_bakery)))

    @pytest.fixture
    def task(self, world: World) -> Task:
        return a_task(store_id=world.lakeside_bakery.id)

    def test_one_takes_it_and_the_other_hears_who(self, task: Task, clerk: Any, other: Any) -> None:
        services.take_task(task.id, actor=clerk)
        services.take_task(task.id, actor=clerk)  # again changes nothing
        before = snapshot()
        with pytest.raises(TaskTaken) as refused:
            services.take_task(task.id, actor=other)
        assert "Mei" in refused.value.sentence
        with pytest.raises(NotYourTask):
            services.finish_task(task.id, actor=other)
        with pytest.raises(NotYourTask):
            services.cancel_task(task.id, actor=clerk)
        assert snapshot() == before
        assert Entry.objects.filter(action="tasks.task_taken").count() == 1

    def test_done_once_by_who_was_free_to(self, task: Task, clerk: Any) -> None:
        services.finish_task(task.id, outcome="Ordered", actor=clerk)
        task.refresh_from_db()
        assert (task.status, task.assignee_id, task.closed_by_id) == ("done", clerk.id, clerk.id)
        assert (task.outcome, task.is_within_target) == ("Ordered", True)
        event = OutboxEvent.objects.get(name="tasks.task_finished")
        assert event.payload["is_within_target"] is True
        before = snapshot()
        for refuse in (
            lambda: services.finish_task(task.id, actor=clerk),
            lambda: services.take_task(task.id, actor=clerk),
            lambda: services.change_due(task.id, due_at=now(), actor=clerk),
        ):
            with pytest.raises(TaskClosed):
                refuse()
        assert snapshot() == before
        services.reopen_task(task.id, actor=clerk)
        with pytest.raises(TaskOpen):
            services.reopen_task(task.id, actor=clerk)

    def test_late_is_late(self, task: Task, clerk: Any) -> None:
        with frozen(now() + 49 * HOUR):
            services.finish_task(task.id, actor=clerk)
            task.refresh_from_db()
            assert not task.is_within_target

    def test_handed_on_to_a_colleague_or_a_role(self, task: Task, clerk: Any, other: Any) -> None:
        services.take_task(task.id, actor=clerk)
        services.assign_task(task.id, assignee_id=other.id, actor=clerk)
        before = snapshot()
        for wrong in ({"role": "king"}, {"assignee_id": task.id}, {}):
            with pytest.raises(TaskInvalid):
                services.assign_task(task.id, actor=other, **wrong)
        with pytest.raises(NotYourTask):
            services.assign_task(task.id, assignee_id=clerk.id, actor=clerk)
        assert snapshot() == before
        services.assign_task(task.id, role="cashier", actor=other)
        task.refresh_from_db()
        assert (task.assignee_id, task.role) == (None, "cashier")

    def test_many_are_handed_on_and_told_in_one_sentence(
        self, task: Task, clerk: Any, other: Any
    ) -> None:
        services.take_task(task.id, actor=clerk)
        second, done = a_task(assignee_id=clerk.id), a_task(assignee_id=clerk.id)
        services.finish_task(done.id, actor=clerk)
        Notification.objects.all().delete()
        wanted = [task.id, second.id, done.id]
        assert services.assign_tasks(wanted, assignee_id=other.id, actor=clerk) == sorted(
            [task.id, second.id]
        )
        [told] = Notification.objects.all()
        assert (told.kind, told.params) == ("tasks.given_several", {"count": 2})

    def test_another_due_day_leaves_the_target(self, task: Task, clerk: Any) -> None:
        services.take_task(task.id, actor=clerk)
        target, due = task.target_at, task.opened_at + 200 * HOUR
        services.change_due(task.id, due_at=due, actor=clerk)
        with pytest.raises(TaskInvalid):
            services.change_due(task.id, due_at=task.opened_at - HOUR, actor=clerk)
        task.refresh_from_db()
        assert (task.due_at, task.target_at) == (due, target)

    def test_a_task_opened_again_meanwhile_stays_the_only_one(self) -> None:
        wanted = TaskInput(kind="alert", title="Low", key="k")
        first = services.open_task(wanted, actor=SYSTEM)
        services.finish_task(first.id, actor=SYSTEM)
        services.open_task(wanted, actor=SYSTEM)
        before = snapshot()
        with pytest.raises(SameTaskOpen):
            services.reopen_task(first.id, actor=SYSTEM)
        assert snapshot() == before

    def test_several_at_once_or_none(self, task: Task, clerk: Any, world: World) -> None:
        second = a_task(store_id=world.lakeside_bakery.id)
        foreign = a_task(store_id=world.hillside_bakery.id)
        before = snapshot()
        with pytest.raises(TaskNotFound):
            services.finish_tasks([task.id, foreign.id], actor=clerk)
        assert snapshot() == before
        services.finish_tasks([task.id, second.id], outcome="Both", actor=clerk)
        assert Task.objects.filter(status="done").count() == 2


class TestErasure:
    def test_nothing_that_was_written_survives_the_person(self) -> None:
        member = a_member()
        open_one = a_task(title="Call Ms Zhou", member_id=member.id)
        done = a_task(title="Call again", member_id=member.id)
        services.comment_on_task(done.id, "She moved", actor=SYSTEM)
        services.finish_task(done.id, outcome="Gone to Suzhou", actor=SYSTEM)
        erase_member(member.id, actor=SYSTEM)
        done.refresh_from_db()
        shown = shown_task(done, SYSTEM)
        assert (shown.title, shown.outcome) == ("Follow-up", "")
        assert [one.body for one in shown_comments(done, SYSTEM)] == [""]
        assert services.clear_after_erasure([member.id], actor=SYSTEM) == 1
        assert services.clear_after_erasure([member.id], actor=SYSTEM) == 0
        open_one.refresh_from_db()
        done.refresh_from_db()
        assert (open_one.status, open_one.words_sealed) == ("cancelled", None)
        assert (done.status, done.words_sealed, done.outcome_sealed) == ("done", None, None)
        assert TaskComment.objects.get().body_sealed is None
        with pytest.raises(TaskInvalid):
            a_task(member_id=member.id)


class TestProblems:
    def test_it_reaches_the_administrators_and_the_answer_comes_back(self) -> None:
        clerk = a_staff_user("cashier", email="clerk@example.com")
        admin = acting(a_staff_user("administrator"))
        problem = ProblemInput(
            page="/members/?q=13800138000", words="The list is empty", request_id="a" * 32,
            browser="Firefox", language="en", theme="dark",
        )  # fmt: skip
        id_ = services.report_problem(problem, actor=acting(clerk))
        report = ProblemReport.objects.get(pk=id_)
        assert (report.page_path, report.request_id) == ("/members/", "a" * 32)
        task = Task.objects.get(pk=id_)
        assert shown_task(task, admin).title == "Problem on the page /members/"
        assert task in queries.open_tasks_for(admin)
        assert task in queries.visible_tasks(acting(clerk))
        services.comment_on_task(id_, "It is still so", actor=acting(clerk))
        services.finish_task(id_, outcome="Fixed", actor=admin)
        assert [mail.kind for mail in Mail.objects.all()] == ["tasks.answer"]
        assert list(queries.answered_lately(acting(clerk))) == [task]

    @pytest.mark.parametrize("wrong", [{"words": " "}, {"page": "not a page"}])
    def test_what_says_nothing_is_refused(self, wrong: dict[str, str]) -> None:
        before = snapshot()
        with pytest.raises(DomainError):
            services.report_problem(
                ProblemInput(**{"page": "/", "words": "Broken", **wrong}), actor=SYSTEM
            )
        assert snapshot() == before


def test_the_follow_up_rate_counts_what_fell_due_in_seven_days() -> None:
    def follow_up(hours_ago: int, done_after: int | None = None, **more: Any) -> Task:
        opened_at = AT - hours_ago * HOUR
        task = a_task(opened_at=opened_at, **more)
        if done_after is not None:
            services.finish_task(task.id, at=opened_at + done_after * HOUR, actor=SYSTEM)
        return task

    with frozen(AT):
        follow_up(100, done_after=48)  # in time, to the hour
        follow_up(100, done_after=49)  # late
        follow_up(100)  # still open
        follow_up(47)  # not due yet
        follow_up(48 + 7 * 24, done_after=1)  # due before the window
        services.cancel_task(follow_up(100).id, actor=SYSTEM)
        follow_up(100, kind="other")
        found = queries.follow_up(WHOLE_GROUP, as_of=AT)
    assert (found.in_time, found.due) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_task_at_once_one_has_it() -> None:
    world = a_mall_group()
    task = a_task(store_id=world.lakeside_bakery.id)
    scope = at_store(world.lakeside_bakery)
    people = [acting(a_staff_user("sales_assistant", scope=scope)) for _ in range(4)]

    def take(actor: Any) -> str:
        try:
            services.take_task(task.id, actor=actor)
        except TaskTaken:
            return "taken"
        finally:
            connections.close_all()
        return "mine"

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(take, people))
    assert sorted(answers) == ["mine", "taken", "taken", "taken"]
    assert Entry.objects.filter(action="tasks.task_taken").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_opened_by_several_at_once_is_one_task() -> None:
    wanted = TaskInput(kind="alert", title="Low", key="bakery")

    def open_it(_number: int) -> Any:
        try:
            return services.open_task(wanted, actor=SYSTEM)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(open_it, range(4)))
    assert len({one.id for one in opened}) == 1
    assert [one.is_new for one in opened].count(True) == 1
