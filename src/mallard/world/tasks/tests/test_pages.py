"""Tasks on screen: the inbox, the record, writing one, and reporting a problem."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import Scope
from mallard.kernel.clock import now
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.models import StaffUser
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks import services
from mallard.world.tasks.models import ProblemReport, Task
from mallard.world.tasks.tests.factories import SYSTEM, a_task, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def clerk(world: World) -> StaffUser:
    scope = Scope(store_ids=frozenset([world.lakeside_bakery.id]))
    return a_staff_user("sales_assistant", scope=scope, name="Mei Lin")


@pytest.fixture
def browser(client: Client, clerk: StaffUser) -> Client:
    client.force_login(clerk)
    return client


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


class TestInbox:
    def test_mine_my_teams_and_what_i_asked(
        self, browser: Client, clerk: StaffUser, world: World
    ) -> None:
        bakery = world.lakeside_bakery.id
        a_task(title="Mine to do", assignee_id=clerk.id)
        a_task(title="For the team", store_id=bakery)
        a_task(title="Asked of leasing", store_id=bakery, role="leasing", actor=acting(clerk))
        done = a_task(title="Done already", assignee_id=clerk.id)
        services.finish_task(done.id, actor=SYSTEM)
        pages = {
            "list": "Mine to do",
            "team": "For the team",
            "asked": "Asked of leasing",
        }
        for name, own in pages.items():
            shown = text_of(browser.get(reverse(f"tasks:{name}")))
            assert [title for title in pages.values() if title in shown] == [own]
            assert "Done already" not in shown
        assert "Done already" in text_of(browser.get(reverse("tasks:list"), {"closed": "1"}))
        assert browser.get(reverse("tasks:all")).status_code == 403

    def test_filters_in_the_address(self, browser: Client, clerk: StaffUser) -> None:
        at = now()
        late = {"opened_at": at - dt.timedelta(days=9), "assignee_id": clerk.id}
        a_task(title="Long overdue", **late)
        a_task(title="An alert", kind="alert", assignee_id=clerk.id, priority=30)
        a_task(title="In a while", due_at=at + dt.timedelta(days=90), assignee_id=clerk.id)
        for query, expected in {
            "due=overdue": "Long overdue",
            "kind=alert": "An alert",
            "priority=30": "An alert",
            "q=while": "In a while",
        }.items():
            shown = text_of(browser.get(f"{reverse('tasks:list')}?{query}"))
            found = [t for t in ("Long overdue", "An alert", "In a while") if t in shown]
            assert found == [expected], query

    def test_as_many_queries_for_many_tasks_as_for_few(
        self,
        browser: Client,
        clerk: StaffUser,
        world: World,
        django_assert_max_num_queries: Any,
    ) -> None:
        for _ in range(3):
            member = a_member(store_id=world.lakeside_bakery.id)
            a_task(
                assignee_id=clerk.id, member_id=member.id, subject_kind="member",
                subject_id=member.id,
            )  # fmt: skip
        with django_assert_max_num_queries(25):
            assert browser.get(reverse("tasks:list")).status_code == 200

    def test_the_menu_counts_and_the_home_page_lists_what_is_mine(
        self, browser: Client, clerk: StaffUser, world: World
    ) -> None:
        a_task(title="Mine to do", assignee_id=clerk.id)
        a_task(title="For the team", store_id=world.lakeside_bakery.id)
        shown = text_of(browser.get("/"))
        assert '<span class="nav-count num">1</span>' in shown
        assert "1 mine, 1 waiting for my team, 0 overdue" in shown.replace(
            '<span class="num">', ""
        ).replace("</span>", "")
        assert "For the team" in shown


class TestRecord:
    def test_from_taking_to_done(self, browser: Client, clerk: StaffUser, world: World) -> None:
        task = a_task(store_id=world.lakeside_bakery.id)
        page = reverse("tasks:detail", args=[task.id])
        assert "Take" in text_of(browser.get(page))
        for name, data in (
            ("take", {}),
            ("comment", {"body": "Nobody answers"}),
            ("due", {"due_at": (now() + dt.timedelta(days=3)).date().isoformat()}),
            ("finish", {"outcome": "Reached her at last"}),
        ):
            answer = browser.post(reverse(f"tasks:{name}", args=[task.id]), data)
            assert answer.status_code == 302, name
        shown = text_of(browser.get(page))
        for words in ("Taken by Mei Lin", "Nobody answers", "Done by Mei Lin", "Reached her at"):
            assert words in shown
        assert browser.post(reverse("tasks:reopen", args=[task.id])).status_code == 302
        task.refresh_from_db()
        assert task.is_open

    def test_a_refusal_keeps_what_was_typed(self, browser: Client, world: World) -> None:
        task = a_task(store_id=world.lakeside_bakery.id)
        words = "Card 4111 1111 1111 1111"
        answer = browser.post(reverse("tasks:finish", args=[task.id]), {"outcome": words})
        assert answer.status_code == 422
        assert words in text_of(answer)
        answer = browser.post(reverse("tasks:due", args=[task.id]), {"due_at": "2020-01-01"})
        assert answer.status_code == 422
        task.refresh_from_db()
        assert task.is_open

    def test_who_came_too_late_is_told(
        self, browser: Client, clerk: StaffUser, world: World
    ) -> None:
        task = a_task(store_id=world.lakeside_bakery.id)
        scope = Scope(store_ids=frozenset([world.lakeside_bakery.id]))
        other = acting(a_staff_user("sales_assistant", scope=scope, name="Bo"))
        services.take_task(task.id, actor=other)
        answer = browser.post(reverse("tasks:take", args=[task.id]))
        assert answer.status_code == 422
        assert "Bo has this task already." in text_of(answer)

    def test_handed_on_and_cancelled_by_the_manager(self, client: Client, world: World) -> None:
        scope = Scope(tenant_ids=frozenset([world.bakery.id]))
        client.force_login(a_staff_user("tenant_manager", scope=scope))
        task = a_task(store_id=world.lakeside_bakery.id)
        answer = client.post(reverse("tasks:assign", args=[task.id]), {"doer": "role:cashier"})
        assert answer.status_code == 302
        answer = client.post(reverse("tasks:cancel", args=[task.id]), {"reason": "No need"})
        assert answer.status_code == 302
        task.refresh_from_db()
        assert (task.role, task.status, task.outcome) == ("cashier", "cancelled", "No need")
        elsewhere = a_task(store_id=world.lakeside_pharmacy.id)
        assert client.get(reverse("tasks:detail", args=[elsewhere.id])).status_code == 404


class TestWriting:
    def test_about_a_member_from_their_page(self, client: Client) -> None:
        client.force_login(a_staff_user("crm_manager"))
        member = a_member(name="周明")
        page = f"{reverse('tasks:new')}?subject=member:{member.id}"
        member_page = reverse("members:detail", args=[member.id])
        assert page in text_of(client.get(member_page))
        assert "周明" in text_of(client.get(page))
        form = {"title": "Ring", "kind": "follow_up", "doer": "role:marketer", "priority": "20"}
        answer = client.post(page, form)
        task = Task.objects.get()
        assert answer["Location"] == reverse("tasks:detail", args=[task.id])
        assert (task.member_id, task.role, task.title) == (member.id, "marketer", "")
        assert "Ring" in text_of(client.get(member_page))

    def test_what_is_missing_is_said_beside_the_field(self, browser: Client, world: World) -> None:
        form = {"title": "", "kind": "follow_up", "doer": "role:marketer", "priority": "20"}
        answer = browser.post(reverse("tasks:new"), form)
        assert answer.status_code == 422
        form |= {"title": "Ring", "place": f"store:{world.lakeside_bakery.id}"}
        answer = browser.post(reverse("tasks:new"), form | {"due_on": "2020-01-01"})
        assert answer.status_code == 422
        assert 'value="Ring"' in text_of(answer)
        assert not Task.objects.exists()
        assert browser.post(reverse("tasks:new"), form).status_code == 302

    @pytest.mark.parametrize("subject", ["member:nonsense", "nonsense:1", "member"])
    def test_a_subject_that_is_none_is_not_found(self, browser: Client, subject: str) -> None:
        assert browser.get(reverse("tasks:new"), {"subject": subject}).status_code == 404

    def test_a_member_out_of_sight_is_not_found(self, browser: Client) -> None:
        subject = f"member:{a_member().id}"
        assert browser.get(reverse("tasks:new"), {"subject": subject}).status_code == 404


class TestProblem:
    def test_every_page_leads_to_the_form_without_its_search_words(self, client: Client) -> None:
        client.force_login(a_staff_user("crm_manager"))
        shown = text_of(client.get("/members/?q=13800138000"))
        assert "/tasks/report-problem?page=%2Fmembers%2F&amp;seen=" in shown

    def test_it_is_sent_and_heard_of(self, browser: Client, clerk: StaffUser) -> None:
        page = f"{reverse('tasks:report_problem')}?page=/members/&seen={'a' * 32}"
        assert 'value="/members/"' in text_of(browser.get(page))
        form = {"page": "/members/?q=13800138000", "words": "Empty list", "seen": "a" * 32}
        answer = browser.post(page, form, HTTP_USER_AGENT="Firefox 140")
        assert answer["Location"] == reverse("tasks:asked")
        report = ProblemReport.objects.get()
        assert (report.page_path, report.browser) == ("/members/", "Firefox 140")
        assert report.language == "en"
        shown = text_of(browser.get(reverse("tasks:detail", args=[report.task_id])))
        assert "Empty list" in shown
        admin = acting(a_staff_user("administrator"))
        services.finish_task(report.task_id, outcome="Fixed", actor=admin)
        assert "Problem on the page /members/" in text_of(browser.get("/"))

    def test_what_says_nothing_loses_nothing(self, browser: Client) -> None:
        answer = browser.post(reverse("tasks:report_problem"), {"page": "nowhere", "words": "Bad"})
        assert answer.status_code == 422
        assert "nowhere" in text_of(answer)
        assert not ProblemReport.objects.exists()
