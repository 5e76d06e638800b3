"""Somebody leaves: everything is handed over and shut at once, or nothing is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel import clock
from mallard.kernel.access.actor import WHOLE_GROUP, Actor, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.workspace.models import Notification, SavedView
from mallard.kernel.workspace.services.lists import save_view
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff import handover, queries, services
from mallard.world.staff.errors import AccountOpen, HeirNeeded, LastAdministrator, LeavingPlanned
from mallard.world.staff.jobs import close_leavers
from mallard.world.staff.models import ApiKey, Leaving, StaffUser
from mallard.world.staff.reach import BeyondOwn
from mallard.world.staff.tests.factories import SYSTEM, a_staff_user
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.models import Task
from mallard.world.tasks.services import finish_task, open_task

pytestmark = pytest.mark.django_db


def a_view(owner: StaffUser, name: str, *, is_shared: bool = True) -> SavedView:
    return save_view(
        "stores",
        path="/malls/stores/",
        name=name,
        query="",
        is_shared=is_shared,
        is_default=False,
        actor=queries.actor_for_user(owner),
    )


def a_task(assignee: StaffUser, *, role: str = "") -> UUID:
    task = TaskInput(kind="follow_up", title="Ring back", assignee_id=assignee.id, role=role)
    return open_task(task, actor=SYSTEM).id


def signed_in(user: StaffUser) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def leave(user: StaffUser, heir: StaffUser | None = None, **more: object) -> Leaving:
    options: dict[str, object] = {"leaves_at": None, "actor": SYSTEM} | more
    return services.plan_leaving(user.id, heir_id=heir.id if heir else None, **options)  # type: ignore[arg-type]


class TestNow:
    def test_everything_goes_to_the_colleague_and_the_door_shuts(self) -> None:
        boss, heir = a_staff_user(), a_staff_user("crm_manager", name="Bo Wu")
        user = a_staff_user()
        client = signed_in(user)
        assert client.get("/").status_code == 200
        waiting, done = a_task(user), a_task(user)
        finish_task(done, actor=SYSTEM)
        shared, own = a_view(user, "Bakeries"), a_view(user, "Mine", is_shared=False)
        a_view(heir, "Bakeries")
        key = services.create_api_key(
            name="Till", scope=WHOLE_GROUP, permissions=["malls.view_store"],
            actor=queries.actor_for_user(user),
        )  # fmt: skip
        leaving = leave(user, heir, actor=queries.actor_for_user(boss))
        assert leaving.handed_over == {"tasks": 1, "views": 1, "keys": 1}
        assert Task.objects.get(pk=waiting).assignee_id == heir.id
        assert Task.objects.get(pk=done).assignee_id == user.id
        shared.refresh_from_db()
        own.refresh_from_db()
        assert (shared.actor_id, shared.name) == (heir.id, "Bakeries (2)")
        assert own.actor_id == user.id
        assert queries.actor_for_api_key(key.plain) is None
        assert client.get("/").status_code == 302
        user.refresh_from_db()
        assert not user.is_active
        assert Notification.objects.filter(actor_id=heir.id, kind="staff.took_over").count() == 1
        actions = set(Entry.objects.values_list("action", flat=True))
        assert {
            "staff.leaving_planned",
            "tasks.tasks_handed_over",
            "workspace.views_handed_over",
            "staff.api_key_revoked",
            "staff.staff_left",
        } <= actions

    def test_without_a_colleague_tasks_go_back_to_their_role(self) -> None:
        user = a_staff_user("cashier")
        plain, of_role = a_task(user), a_task(user, role="service_agent")
        leave(user)
        assert Task.objects.get(pk=plain).assignee_id is None
        assert Task.objects.get(pk=plain).role == "sales_assistant"
        assert Task.objects.get(pk=of_role).role == "service_agent"

    def test_the_colleague_may_answer_for_the_keys(self) -> None:
        user, heir = a_staff_user(), a_staff_user()
        key = services.create_api_key(
            name="Till", scope=WHOLE_GROUP, permissions=["malls.view_store"],
            actor=queries.actor_for_user(user),
        )  # fmt: skip
        leave(user, heir, keys_go_to_heir=True)
        assert queries.actor_for_api_key(key.plain) is not None
        assert ApiKey.objects.get(pk=key.id).owner_id == heir.id

    @pytest.fixture
    def breaking(self) -> Iterator[None]:
        class Breaks:
            code, name, without_heir = "breaks", "Breaks", ""

            def count(self, user_id: UUID) -> int:
                return 1

            def some(self, user_id: UUID, *, actor: Actor) -> list[handover.Held]:
                return []

            def hand_over(self, user_id: UUID, *, heir_id: UUID | None, actor: Actor) -> int:
                raise HeirNeeded()

        handover.register_holdings(Breaks())
        yield
        del handover._holdings["breaks"]

    def test_all_of_it_or_nothing(self, breaking: None) -> None:
        user, heir = a_staff_user("cashier"), a_staff_user()
        task = a_task(user)
        with pytest.raises(HeirNeeded):
            leave(user, heir)
        user.refresh_from_db()
        assert user.is_active
        assert Task.objects.get(pk=task).assignee_id == user.id
        assert not Leaving.objects.exists()


class TestRefusals:
    def test_the_last_administrator_stays(self) -> None:
        user = a_staff_user()
        with pytest.raises(LastAdministrator):
            leave(user)
        user.refresh_from_db()
        assert user.is_active

    def test_nobody_shuts_out_who_may_do_more(self) -> None:
        world = a_mall_group()
        here = Scope(mall_ids=frozenset([world.lakeside.id]))
        role = services.create_role(
            name_en="Lead", name_zh="", purpose="",
            permissions=["staff.manage_staff", "staff.view_staff"], actor=SYSTEM,
        )  # fmt: skip
        lead = queries.actor_for_user(a_staff_user(role.code, scope=here))
        boss = a_staff_user("director")
        with pytest.raises(BeyondOwn):
            leave(boss, actor=lead)
        boss.refresh_from_db()
        assert boss.is_active

    def test_the_heir_is_somebody_else_who_works_here(self) -> None:
        user, gone = a_staff_user("cashier"), a_staff_user("cashier")
        leave(gone)
        for heir in (user, gone):
            with pytest.raises(HeirNeeded):
                leave(user, heir)

    def test_keys_need_somebody_to_answer_for_them(self) -> None:
        with pytest.raises(HeirNeeded):
            leave(a_staff_user("cashier"), keys_go_to_heir=True)


class TestLater:
    def test_the_job_closes_when_the_last_day_is_over(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user, heir = a_staff_user("cashier"), a_staff_user()
        task = a_task(user)
        at = clock.now() + dt.timedelta(days=3)
        leave(user, heir, leaves_at=at)
        with pytest.raises(LeavingPlanned):
            leave(user, heir, leaves_at=at)
        close_leavers()
        user.refresh_from_db()
        assert user.is_active
        Leaving.objects.update(leaves_at=clock.now() - dt.timedelta(minutes=1))
        close_leavers()
        close_leavers()
        user.refresh_from_db()
        assert not user.is_active
        assert Task.objects.get(pk=task).assignee_id == heir.id
        assert Entry.objects.filter(action="staff.staff_left").count() == 1

    def test_a_plan_can_be_cancelled(self) -> None:
        user = a_staff_user("cashier")
        leave(user, leaves_at=clock.now() + dt.timedelta(days=3))
        services.cancel_leaving(user.id, actor=SYSTEM)
        Leaving.objects.update(leaves_at=clock.now() - dt.timedelta(minutes=1))
        close_leavers()
        user.refresh_from_db()
        assert user.is_active

    def test_who_became_the_last_administrator_meanwhile_stays_and_it_is_said(self) -> None:
        other, user = a_staff_user(), a_staff_user()
        leave(
            user,
            leaves_at=clock.now() + dt.timedelta(days=3),
            actor=queries.actor_for_user(other),
        )
        StaffUser.objects.filter(pk=other.pk).update(is_active=False)
        Leaving.objects.update(leaves_at=clock.now() - dt.timedelta(minutes=1))
        close_leavers()
        close_leavers()
        user.refresh_from_db()
        assert user.is_active
        assert Leaving.objects.get().problem == "staff.last_administrator"
        told = Notification.objects.filter(actor_id=other.id, kind="staff.leaving_refused")
        assert told.count() == 1


class TestBack:
    def test_an_account_opens_again_with_its_roles(self) -> None:
        user = a_staff_user("cashier")
        leave(user)
        services.reopen_account(user.id, actor=SYSTEM)
        user.refresh_from_db()
        assert user.is_active
        assert queries.actor_for_user(user).may("sales.view_receipt")
        with pytest.raises(AccountOpen):
            services.reopen_account(user.id, actor=SYSTEM)
        leave(user)


class TestPages:
    def test_the_screen_shows_what_is_held_and_hands_it_over(self) -> None:
        boss, heir, user = a_staff_user(), a_staff_user(name="Bo Wu"), a_staff_user("cashier")
        a_task(user)
        a_view(user, "Bakeries")
        client = signed_in(boss)
        page = client.get(reverse("staff:leave", args=[user.id])).content.decode()
        for word in ("Ring back", "Bakeries", "Bo Wu", "Open tasks"):
            assert word in page
        answer = client.post(
            reverse("staff:leave", args=[user.id]), {"heir": str(heir.id), "keys": "revoke"}
        )
        assert answer.status_code == 302
        page = client.get(reverse("staff:person", args=[user.id])).content.decode()
        assert "Open again" in page
        assert client.post(reverse("staff:reopen_account", args=[user.id])).status_code == 302
        user.refresh_from_db()
        assert user.is_active

    def test_a_last_day_is_planned_and_shown(self) -> None:
        boss, user = a_staff_user(), a_staff_user("cashier")
        day = (clock.now() + dt.timedelta(days=5)).date()
        client = signed_in(boss)
        client.post(reverse("staff:leave", args=[user.id]), {"keys": "revoke", "last_day": day})
        page = client.get(reverse("staff:person", args=[user.id])).content.decode()
        assert "They stay after all" in page
        assert client.post(reverse("staff:cancel_leaving", args=[user.id])).status_code == 302
        assert (
            "They stay after all"
            not in client.get(reverse("staff:person", args=[user.id])).content.decode()
        )

    def test_what_is_wrong_is_said_beside_the_field(self) -> None:
        boss, user = a_staff_user(), a_staff_user("cashier")
        answer = signed_in(boss).post(
            reverse("staff:leave", args=[user.id]), {"keys": "revoke", "last_day": "2999-01-01"}
        )
        assert answer.status_code == 422
        assert "within a year" in answer.content.decode()
