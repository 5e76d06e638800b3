"""The pages of tasks in a real browser: axe, policy, width, languages; a task from end to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from mallard.kernel.access.actor import Scope
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks import services
from mallard.world.tasks.inputs import ProblemInput
from mallard.world.tasks.models import Task
from mallard.world.tasks.tests.factories import a_task, acting
from tests.browser.looks import PAGE_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Desk:
    manager: Any
    clerk: Any
    task: Task
    pages: tuple[str, ...]


@pytest.fixture
def desk() -> Desk:
    """A store with a member's follow-up, an alert, a closed task and a problem report."""
    world = a_mall_group()
    bakery = world.lakeside_bakery
    manager = a_staff_user("administrator", name="Wei Chen")
    scope = Scope(store_ids=frozenset([bakery.id]))
    clerk = a_staff_user("sales_assistant", scope=scope, name="Mei Lin")
    member = a_member(store_id=bakery.id)
    task = a_task(store_id=bakery.id, title="Ring about the cake")
    about = a_task(
        title="Ask how the party went", member_id=member.id, subject_kind="member",
        subject_id=member.id, assignee_id=manager.id, priority=30,
    )  # fmt: skip
    services.comment_on_task(about.id, "Nobody answers", actor=acting(manager))
    closed = a_task(title="Order boxes", assignee_id=manager.id)
    services.finish_task(closed.id, outcome="Ordered", actor=acting(manager))
    report = services.report_problem(
        ProblemInput(page="/members/", words="The list is empty", browser="Firefox"),
        actor=acting(clerk),
    )
    pages = (
        "/",
        "/tasks/?closed=1",
        "/tasks/all",
        "/tasks/new",
        f"/tasks/new?subject=member:{member.id}",
        f"/tasks/{about.id}/",
        f"/tasks/{closed.id}/",
        f"/tasks/{report}/",
        "/tasks/report-problem?page=/members/",
        f"/members/{member.id}/",
    )
    return Desk(manager, clerk, task, pages)


@pytest.mark.parametrize(("theme", "language", "width"), PAGE_LOOKS)
def test_every_page_is_sound(visit, desk: Desk, theme: str, language: str, width: int) -> None:
    opened = visit("/tasks/", user=desk.manager, theme=theme, language=language, width=width)
    opened.tour(desk.pages)


def test_a_clerk_takes_and_finishes_on_a_phone(visit, desk: Desk) -> None:
    page = visit("/", user=desk.clerk, width=360).page
    page.get_by_role("link", name="Ring about the cake").click()
    page.get_by_role("button", name="Take").click()
    page.get_by_label("What came of it").fill("She takes two")
    page.get_by_role("button", name="Done").click()
    page.get_by_text("Done by Mei Lin").wait_for()
    assert page.get_by_text("She takes two").is_visible()
    desk.task.refresh_from_db()
    assert (desk.task.status, desk.task.assignee) == ("done", desk.clerk)


def test_a_problem_is_reported_from_where_it_is(visit, desk: Desk) -> None:
    page = visit("/members/?q=Zhou", user=desk.clerk).page
    page.get_by_label("Your account").click()
    page.get_by_role("link", name="Report a problem with this page").click()
    assert page.get_by_label("Page", exact=True).input_value() == "/members/"
    page.get_by_label("What is wrong").fill("Nobody is found")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/tasks/asked")
    assert page.get_by_role("link", name="Problem on the page /members/").count() == 2


def test_g_t_leads_to_the_inbox(visit, desk: Desk) -> None:
    page = visit("/members/", user=desk.clerk).page
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/tasks/")
