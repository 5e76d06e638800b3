"""Doing something to many rows: who may, what is asked, what is changed, and taking it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mallard.kernel.access.actor import Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import now
from mallard.kernel.ui.lists.opening import list_token
from mallard.kernel.workspace.models import BulkRun, BulkStatus, Notification
from mallard.kernel.workspace.services import bulk as services
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.models import Member, MemberTag
from mallard.world.members.services import close_member, save_tag
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.staff.models import RoleAssignment, StaffUser
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.models import Task
from mallard.world.tasks.tests.factories import a_task

pytestmark = pytest.mark.django_db
MEMBERS, TASKS = "/members/", "/tasks/all"


@pytest.fixture
def world() -> World:
    save_tag("vip", name_en="VIP", name_zh="贵宾", actor=SYSTEM)
    return a_mall_group()


@pytest.fixture
def manager(world: World) -> StaffUser:
    return a_staff_user("crm_manager", name="Manager Ma")


@pytest.fixture
def signed_in(client: Client, manager: StaffUser) -> Client:
    client.force_login(manager)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def act(
    client: Client, action: str, rows: Any = (), *, key: str = "members", address: str = MEMBERS,
    **more: str,
) -> Any:  # fmt: skip
    data = {
        "list": list_token(key, address.partition("?")[0]),
        "address": address,
        "action": action,
        "row": [str(row.id) for row in rows],
        **more,
    }
    return client.post("/workspace/bulk/new", data)


def tagged() -> set[Any]:
    return set(MemberTag.objects.values_list("member_id", flat=True))


def test_it_asks_once_with_the_number_and_then_does_it(signed_in: Client) -> None:
    members = [a_member() for _number in range(3)]
    asked = act(signed_in, "members.tag", members)
    assert asked.status_code == 200
    assert "Put a tag on 3 members." in asked.content.decode()
    assert tagged() == set()
    done = act(signed_in, "members.tag", members, confirmed="1", tag="vip")
    assert (done.status_code, done["Location"]) == (302, MEMBERS)
    assert tagged() == {member.id for member in members}
    page = signed_in.get(MEMBERS).content.decode()
    assert "3 members are tagged." in page
    entry = Entry.objects.get(action="members.members_tagged")
    assert set(entry.ids) == {member.id for member in members}


def test_a_wrong_answer_asks_again_and_changes_nothing(signed_in: Client) -> None:
    answer = act(signed_in, "members.tag", [a_member()], confirmed="1", tag="no-such-tag")
    assert answer.status_code == 422
    assert tagged() == set()
    assert not BulkRun.objects.exists()


def test_who_may_not_is_refused(client: Client, world: World) -> None:
    client.force_login(a_staff_user("auditor"))
    assert act(client, "members.tag", [a_member()], confirmed="1", tag="vip").status_code == 403
    assert 'value="members.tag"' not in client.get(MEMBERS).content.decode()
    assert tagged() == set()


def test_rows_that_one_may_not_see_are_never_touched(client: Client, world: World) -> None:
    here = a_member(mall_id=world.lakeside.id)
    there = a_member(mall_id=world.hillside.id)
    lakeside = Scope(mall_ids=frozenset([world.lakeside.id]))
    client.force_login(a_staff_user("crm_manager", scope=lakeside))
    act(client, "members.tag", [here, there], confirmed="1", tag="vip")
    assert tagged() == {here.id}
    assert act(client, "members.tag", [there], confirmed="1", tag="vip").status_code == 422
    act(client, "members.tag", [], all="1", confirmed="1", tag="vip")
    assert tagged() == {here.id}


def test_an_action_of_another_list_or_a_foreign_token_is_refused(signed_in: Client) -> None:
    member = a_member()
    assert act(signed_in, "tasks.take", [member], confirmed="1").status_code == 404
    forged = {"list": "members:/members/:forged", "address": MEMBERS, "action": "members.tag"}
    assert signed_in.post("/workspace/bulk/new", forged).status_code == 404


def test_everything_that_matches_is_what_the_address_says(signed_in: Client) -> None:
    lili, ming = a_member(name="李丽丽"), a_member(name="王小明")
    address = f"{MEMBERS}?q=丽丽"
    act(signed_in, "members.tag", [], address=address, all="1", confirmed="1", tag="vip")
    assert tagged() == {lili.id}
    assert ming.id not in tagged()
    [run] = BulkRun.objects.all()
    assert "丽丽" not in f"{run.__dict__} {run.back}"


def test_it_is_taken_back_within_a_day(signed_in: Client) -> None:
    first, second = a_member(), a_member()
    act(signed_in, "members.tag", [first], confirmed="1", tag="vip")
    act(signed_in, "members.tag", [first, second], confirmed="1", tag="vip")
    run = BulkRun.objects.latest("id")
    assert run.changed_ids == [second.id]
    assert "Undo" in signed_in.get(f"/workspace/bulk/{run.id}").content.decode()
    assert signed_in.post(f"/workspace/bulk/{run.id}/undo").status_code == 302
    assert tagged() == {first.id}
    assert signed_in.post(f"/workspace/bulk/{run.id}/undo").status_code == 422
    old = BulkRun.objects.exclude(undoes__isnull=False).earliest("id")
    BulkRun.objects.filter(pk=old.pk).update(created_at=now() - dt.timedelta(hours=25))
    assert signed_in.post(f"/workspace/bulk/{old.id}/undo").status_code == 422
    assert tagged() == {first.id}


def test_what_somebody_else_did_is_not_shown(signed_in: Client) -> None:
    act(signed_in, "members.tag", [a_member()], confirmed="1", tag="vip")
    run = BulkRun.objects.get()
    signed_in.force_login(a_staff_user("crm_manager"))
    assert signed_in.get(f"/workspace/bulk/{run.id}").status_code == 404
    assert signed_in.post(f"/workspace/bulk/{run.id}/undo").status_code == 404


class TestManyRows:
    @pytest.fixture
    def started(
        self, signed_in: Client, monkeypatch: pytest.MonkeyPatch, manager: StaffUser
    ) -> BulkRun:
        monkeypatch.setattr(services, "AT_ONCE", 2)
        for _number in range(5):
            a_member()
        answer = act(signed_in, "members.tag", [], all="1", confirmed="1", tag="vip")
        run = BulkRun.objects.get()
        assert answer["Location"] == f"/workspace/bulk/{run.id}"
        assert tagged() == set()
        return run

    def test_a_job_does_them_and_tells(self, signed_in: Client, started: BulkRun) -> None:
        page = signed_in.get(f"/workspace/bulk/{started.id}").content.decode()
        assert 'hx-trigger="every 2s"' in page
        services.carry_out(started.id)
        assert len(tagged()) == 5
        started.refresh_from_db()
        assert (started.status, started.done_count) == (BulkStatus.DONE, 5)
        told = Notification.objects.get(kind="workspace.bulk_done")
        assert told.params == {"action": "Tag", "changed": 5, "rows": 5}
        services.carry_out(started.id)
        assert Notification.objects.count() == 1

    def test_a_job_that_died_goes_on_where_it_was(self, started: BulkRun) -> None:
        person = services.person_behind(started.actor_id)
        assert person is not None
        services._step(started.id, person.actor)
        assert len(tagged()) == 2
        services.carry_out(started.id)
        assert len(tagged()) == 5

    def test_who_lost_the_role_meanwhile_changes_nothing_more(
        self, started: BulkRun, manager: StaffUser
    ) -> None:
        RoleAssignment.objects.filter(user=manager).delete()
        services.carry_out(started.id)
        assert tagged() == set()
        started.refresh_from_db()
        assert started.status == BulkStatus.FAILED
        assert Notification.objects.get().kind == "workspace.bulk_failed"

    def test_who_was_closed_meanwhile_is_passed_over(self, started: BulkRun) -> None:
        closed = Member.objects.earliest("id")
        close_member(closed.id, actor=SYSTEM)
        services.carry_out(started.id)
        assert closed.id not in tagged()
        assert len(tagged()) == 4

    def test_undo_is_a_job_too(self, signed_in: Client, started: BulkRun) -> None:
        services.carry_out(started.id)
        signed_in.post(f"/workspace/bulk/{started.id}/undo")
        back = BulkRun.objects.get(undoes=started)
        assert len(tagged()) == 5
        services.carry_out(back.id)
        assert tagged() == set()

    def test_too_many_are_refused(
        self, signed_in: Client, started: BulkRun, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "MAX_ROWS", 3)
        answer = act(signed_in, "members.untag", [], all="1", confirmed="1", tag="vip")
        assert answer.status_code == 422
        assert BulkRun.objects.count() == 1


class TestTasks:
    def test_free_ones_are_taken_and_given_back(
        self, signed_in: Client, manager: StaffUser
    ) -> None:
        other = a_staff_user("crm_manager")
        free = [a_task(role="crm_manager") for _number in range(2)]
        taken = a_task(assignee_id=other.pk)
        act(
            signed_in, "tasks.take", [*free, taken], key="tasks", address=TASKS, confirmed="1"
        )  # fmt: skip
        mine = set(Task.objects.filter(assignee=manager).values_list("id", flat=True))
        assert mine == {task.id for task in free}
        assert Task.objects.get(pk=taken.pk).assignee_id == other.pk
        signed_in.post(f"/workspace/bulk/{BulkRun.objects.get().id}/undo")
        assert not Task.objects.filter(assignee=manager).exists()

    def test_they_are_finished_and_opened_again(self, signed_in: Client) -> None:
        tasks = [a_task(role="crm_manager") for _number in range(2)]
        more = {"confirmed": "1", "outcome": "All rang"}
        act(signed_in, "tasks.finish", tasks, key="tasks", address=TASKS, **more)
        assert Task.objects.filter(status="done", outcome="All rang").count() == 2
        assert "All rang" not in str(BulkRun.objects.get().__dict__)
        signed_in.post(f"/workspace/bulk/{BulkRun.objects.get().id}/undo")
        assert Task.objects.filter(status="open").count() == 2

    def test_they_are_handed_on(self, signed_in: Client) -> None:
        colleague = a_staff_user("service_agent", name="Agent An")
        task = a_task(role="crm_manager")
        more = {"confirmed": "1", "doer": f"staff:{colleague.pk}"}
        act(signed_in, "tasks.assign", [task], key="tasks", address=TASKS, **more)
        assert Task.objects.get().assignee_id == colleague.pk

    def test_each_member_gets_a_follow_up(self, signed_in: Client, world: World) -> None:
        members = [a_member(mall_id=world.lakeside.id) for _number in range(3)]
        close_member(members[0].id, actor=SYSTEM)
        day = timezone.localdate() + dt.timedelta(days=3)
        more = {"title": "Ring about tea", "doer": "role:crm_manager", "due_on": day.isoformat()}
        act(signed_in, "tasks.follow_up", members, confirmed="1", **more)
        tasks = Task.objects.filter(kind="follow_up")
        assert {task.member_id for task in tasks} == {member.id for member in members[1:]}
        assert all(timezone.localdate(task.due_at) == day for task in tasks)
        # Words about members are sealed, in the task and in what is kept of the act.
        assert "Ring about tea" not in f"{tasks.values()} {BulkRun.objects.get().__dict__}"


def test_runs_are_forgotten_after_a_month(signed_in: Client) -> None:
    act(signed_in, "members.tag", [a_member()], confirmed="1", tag="vip")
    assert services.remove_old_runs() == 0
    BulkRun.objects.update(created_at=now() - dt.timedelta(days=31))
    assert services.remove_old_runs() == 1
    assert not BulkRun.objects.exists()
