"""Figures that set receipts beside declarations, counters and tasks of the same days."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from mallard.kernel.access.actor import Scope
from mallard.kernel.provenance import Origin
from mallard.review.reports.cards import cards_for
from mallard.review.reports.memory import forget_homes
from mallard.review.reports.tests.factories import (
    ALL_RIGHTS,
    DAY,
    WEEK,
    lakeside,
    told,
    view_of,
)
from mallard.value.checkout.tests.factories import NOON, TILL, TradingWorld
from mallard.value.sales.declarations.facts import DeclarationInput
from mallard.value.sales.declarations.services import declare_sales
from mallard.value.sales.models import Source
from mallard.world.footfall.models import FootfallDay
from mallard.world.malls.models import Store
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.models import Task, TaskStatus
from mallard.world.tasks.tests.factories import a_task

pytestmark = pytest.mark.django_db
RIGHTS = (*ALL_RIGHTS, "sales.view_declaration", "footfall.view_footfall", "tasks.view_task")


def declared(store: Store, day: dt.date, amount: int, origin: Origin | None = None) -> None:
    given = DeclarationInput(store.code, day, amount, store.mall.currency)
    declare_sales([given], actor=TILL, source=Source.API, origin=origin or Origin.API)


def test_member_sales_share_is_of_declared_tenant_days_only(world: TradingWorld) -> None:
    """¥100 of members at the bakery, which declares ¥400; the pharmacy declares nothing."""
    day = NOON.date()
    assert "sales.member_sales_share" not in told(view_of(lakeside(world), *RIGHTS))
    declared(world.bakery, day, 40_000)
    card = told(view_of(lakeside(world), *RIGHTS))["sales.member_sales_share"]
    assert card.text == "25.0%"
    # Two stores, two days of March so far: one of four tenant-days is declared.
    assert card.coverage == "25.0% of tenant-days declared"
    assert not card.is_generated
    assert card.url.endswith("?day_from=2026-03-01&day_to=2026-03-02")
    declared(world.pharmacy, day, 10_000, Origin.GENERATED)
    again = told(view_of(lakeside(world), *RIGHTS))["sales.member_sales_share"]
    assert (again.text, again.is_generated) == ("20.0%", True)
    # A tenant reads their own alone; who may not see declarations reads none.
    theirs = Scope(tenant_ids=frozenset([world.place.bakery.id]))
    assert told(view_of(theirs, *RIGHTS))["sales.member_sales_share"].text == "25.0%"
    assert "sales.member_sales_share" not in told(view_of(theirs, *ALL_RIGHTS[:1]))


def test_capture_coverage_counts_open_tenant_days_of_the_week(world: TradingWorld) -> None:
    day = NOON.date()
    for ago in range(7):
        declared(world.bakery, day - ago * DAY, 1_000)
    card = told(view_of(lakeside(world), *RIGHTS))["sales.capture_coverage"]
    assert (card.text, card.coverage) == ("50.0%", "7 of 14 tenant-days")
    assert card.change.text == "+50.0 pp"


def test_receipts_per_100_visitors_leave_out_malls_without_a_count(world: TradingWorld) -> None:
    code = "reports.receipts_per_100_visitors"
    view = view_of(lakeside(world), *RIGHTS)
    assert code not in told(view)
    day, mall = NOON.date(), world.place.lakeside
    FootfallDay.objects.create(mall=mall, business_day=day, entries=8, quarters=1)
    FootfallDay.objects.create(
        mall=mall, business_day=day - WEEK, entries=4, quarters=1, generated=1
    )
    card = told(view_of(lakeside(world), *RIGHTS))[code]
    assert (card.text, card.change.text) == ("37.5", "+50.0%")
    assert not card.is_generated
    # The whole group: the other mall's receipt has no visitors to stand beside.
    assert told(view_of(Scope(is_group=True), *RIGHTS))[code].text == "37.5"
    # Who holds a shop only does not see the mall's doors.
    theirs = Scope(tenant_ids=frozenset([world.place.bakery.id]))
    assert code not in told(view_of(theirs, *RIGHTS))


def test_follow_up_rate_is_of_what_was_due_and_leads_to_it(
    world: TradingWorld, frozen_clock
) -> None:
    now = NOON + 3 * DAY
    code = "tasks.follow_up_rate"
    assert code not in told(view_of(lakeside(world), *RIGHTS))
    for number in range(4):
        task = a_task(store_id=world.bakery.id, opened_at=now - 3 * DAY, title=f"Call {number}")
        at = now - 2 * DAY if number < 3 else now - dt.timedelta(hours=1)
        Task.objects.filter(pk=task.pk).update(status=TaskStatus.DONE, closed_at=at)
    card = told(view_of(lakeside(world), *RIGHTS))[code]
    assert (card.text, card.coverage) == ("75.0%", "3 of 4")
    assert card.url == "/tasks/team?kind=follow_up&closed=1"
    elsewhere = Scope(mall_ids=frozenset([world.place.hillside.id]))
    assert code not in told(view_of(elsewhere, *RIGHTS))


def test_every_card_leads_to_a_page_that_its_reader_may_open(
    client: Client,
    world: TradingWorld,
) -> None:
    declared(world.bakery, NOON.date(), 40_000)
    day = NOON.date()
    FootfallDay.objects.create(mall=world.place.lakeside, business_day=day, entries=8, quarters=1)
    client.force_login(a_staff_user("director"))
    view = view_of(Scope(is_group=True), *RIGHTS)
    codes = (
        "sales.member_sales_share", "sales.capture_coverage", "reports.receipts_per_100_visitors",
    )  # fmt: skip
    cards = cards_for(view, codes)
    assert len(cards) == 3
    for card in cards:
        assert client.get(card.url).status_code == 200, card.url
    page = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert "Member sales share" in page
    assert "Receipts per 100 visitors" in page


def test_generated_figures_say_so_on_the_home(client: Client, world: TradingWorld) -> None:
    client.force_login(a_staff_user("director"))
    assert 'data-tone="generated"' not in client.get("/").content.decode()
    declared(world.bakery, NOON.date(), 40_000, Origin.GENERATED)
    forget_homes()  # declarations show within a minute
    assert 'data-tone="generated"' in client.get("/").content.decode()
