"""Homes: the figures of each role, told of the reader's stores alone, alive, and explained."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel import clock
from mallard.kernel.access.actor import Scope, system
from mallard.kernel.figures import figure
from mallard.review.reports.brief import morning_brief
from mallard.review.reports.cards import cards_for
from mallard.review.reports.homes import HOMES
from mallard.review.reports.memory import forget_homes
from mallard.review.reports.models import Reading
from mallard.review.reports.places import place_rows
from mallard.review.reports.services import take_readings
from mallard.review.reports.tests.factories import (
    ALL_RIGHTS,
    DAY,
    EVERY_FIGURE,
    WEEK,
    follow,
    lakeside,
    told,
    view_of,
)
from mallard.review.reports.trade import trade_view
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_receipt,
    a_return,
)
from mallard.value.sales.figures import Trade, change_bp
from mallard.value.sales.models import Source
from mallard.world.malls.tests.factories import FloorFactory, LeaseFactory, UnitFactory
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.models import RoleAssignment
from mallard.world.staff.roles import ROLES
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

CHINESE, ENGLISH = {"Accept-Language": "zh-hans"}, {"Accept-Language": "en"}


def test_figures_are_net_of_refunds_beside_the_same_weekday(world: TradingWorld) -> None:
    view = view_of(lakeside(world))
    assert view.day == NOON.date()
    assert not view.is_running
    cards = told(view)
    sales, receipts = cards["sales.net_sales"], cards["sales.receipts"]
    assert (sales.text, sales.change.text) == ("CN¥100.00", "−50.0%")
    assert (receipts.text, receipts.change.text, receipts.change.direction) == (
        "3",
        "+200.0%",
        "up",
    )
    identification = cards["sales.identification"]
    assert identification.text == "33.3%"
    assert cards["sales.per_receipt"].text == "CN¥33.33"
    assert cards["sales.per_customer"].text == "CN¥100.00"
    assert sales.url.endswith("?day_from=2026-03-02&day_to=2026-03-02")
    assert "day_from=2026-02-24" in identification.url
    assert "member=1" in identification.url


def test_one_mall_is_told_by_store_and_several_by_mall(world: TradingWorld) -> None:
    by_store = place_rows(view_of(lakeside(world)))
    assert [(row.name, row.net.minor, row.receipts) for row in by_store] == [
        (world.pharmacy.name, 10_000, 1),
        (world.bakery.name, 0, 2),
    ]
    view = view_of(Scope(is_group=True))
    assert [row.name for row in place_rows(view)] == [
        world.place.lakeside.name,
        world.place.hillside.name,
    ]
    # Money of two currencies is never added: the sums are of the one with most receipts.
    assert view.is_partial
    assert told(view)["sales.net_sales"].text == "CN¥100.00"


def test_a_scope_never_counts_another_s_trade(world: TradingWorld) -> None:
    take_readings(actor=system("test"))
    pharmacy = Scope(tenant_ids=frozenset([world.place.pharmacy.id]))
    view = view_of(pharmacy)
    cards = told(view)
    assert cards["sales.net_sales"].text == "CN¥100.00"
    assert sum(row.receipts for row in place_rows(view)) == 1
    # The member bought at the bakery: the pharmacy knows nobody, and owes nothing of the group's.
    assert "sales.active_rate" not in cards
    assert "loyalty.points_liability" not in cards
    nowhere = Scope(store_ids=frozenset([world.place.hillside_pharmacy.id]))
    assert trade_view(an_actor(*ALL_RIGHTS, scope=nowhere), nowhere) is None


def test_a_running_day_is_compared_by_the_hours_that_have_passed(
    world: TradingWorld, frozen_clock
) -> None:
    """20:30 in Lakeside: what a week before came after 20:00 does not count yet."""
    frozen_clock.set(NOON + dt.timedelta(minutes=30))
    evening = NOON - WEEK + dt.timedelta(hours=2)
    morning = NOON - WEEK - dt.timedelta(hours=6)
    more = [
        a_receipt(world.pharmacy, "E1", 90_000, at=evening),
        a_receipt(world.pharmacy, "M1", 5_000, at=morning),
        a_receipt(world.pharmacy, "M2", 6_000, at=morning + WEEK),
    ]
    record_receipts(more, actor=TILL, source=Source.POS)
    follow()
    view = view_of(lakeside(world))
    assert view.is_running
    card = told(view)["sales.net_sales"]
    assert card.change.text == "+20.0%"
    assert "20:00" in card.against


def test_a_day_that_has_just_begun_is_not_compared(world: TradingWorld, frozen_clock) -> None:
    frozen_clock.set(dt.datetime(2026, 3, 9, 21, 20, tzinfo=dt.UTC))
    sale = a_receipt(world.bakery, "N1", at=dt.datetime(2026, 3, 9, 21, 5, tzinfo=dt.UTC))
    record_receipts([sale], actor=TILL, source=Source.POS)
    card = told(view_of(lakeside(world)))["sales.net_sales"]
    assert card.change.text == ""


def test_readings_are_taken_for_every_place_and_compared_later(
    world: TradingWorld, frozen_clock
) -> None:
    assert take_readings(actor=system("test")) > 0
    before = Reading.objects.count()
    assert take_readings(actor=system("test")) > 0
    assert Reading.objects.count() == before
    cards = told(view_of(Scope(is_group=True)))
    assert cards["sales.active_rate"].text == "100.0%"
    assert cards["sales.active_rate"].as_of == clock.now()
    for scope in (lakeside(world), Scope(store_ids=frozenset([world.bakery.id]))):
        assert told(view_of(scope))["sales.active_rate"].text == "100.0%"


def test_several_places_are_counted_on_the_spot_as_one(world: TradingWorld) -> None:
    take_readings(actor=system("test"))
    both = Scope(store_ids=frozenset([world.bakery.id, world.pharmacy.id]))
    assert told(view_of(both))["sales.active_rate"].coverage == "1 of 1"


def test_without_the_right_to_see_receipts_figures_lead_nowhere(world: TradingWorld) -> None:
    view = view_of(Scope(is_group=True), "sales.view_figures")
    cards = cards_for(view, ("sales.net_sales", "sales.receipts", "sales.identification"))
    assert {card.url for card in cards} | {row.url for row in place_rows(view)} == {""}


def test_net_sales_open_their_rows_at_any_hour(
    client: Client, world: TradingWorld, frozen_clock
) -> None:
    """A sale yesterday at this hour, goods back an hour later: between 4 and 5 in the morning of
    the mall the refund falls on a business day without any sale."""
    client.force_login(a_staff_user("director"))
    days_of_refunds_only = 0
    for hour in range(24):
        frozen_clock.set(NOON.replace(hour=0) + dt.timedelta(days=10 + 3 * hour, hours=hour))
        sold_at = clock.now() - DAY
        sale = a_receipt(world.bakery, f"S{hour}", at=sold_at)
        back = a_return(world.bakery, f"B{hour}", sale.number, at=sold_at + dt.timedelta(hours=1))
        record_receipts([sale], actor=TILL, source=Source.POS)
        record_returns([back], actor=TILL, source=Source.POS)
        view = view_of(lakeside(world))
        url = told(view)["sales.net_sales"].url
        for link in (url, place_rows(view)[0].url):
            assert sale.number in client.get(link).content.decode(), (hour, link)
        days_of_refunds_only += "/returns?" in url
    assert days_of_refunds_only == 1


def four_weeks_of_trade(world: TradingWorld, last: dt.datetime) -> None:
    """25 receipts a day in each Lakeside store for five weeks; on the last day the bakery sold a
    tenth and the pharmacy nothing."""
    sales = []
    for ago in range(36):
        at = last - ago * DAY
        for store in (world.bakery, world.pharmacy):
            if ago or store == world.bakery:
                amount = 100 if ago == 0 else 1_000
                sales += [
                    a_receipt(store, f"W{ago}-{n}-{store.code}", amount, at=at) for n in range(25)
                ]
    record_receipts(sales, actor=TILL, source=Source.POS)


def test_the_brief_names_what_is_off_and_why(world: TradingWorld, frozen_clock) -> None:
    frozen_clock.set(NOON + 40 * DAY)
    four_weeks_of_trade(world, NOON + 39 * DAY)
    LeaseFactory(
        tenant=world.place.bakery, unit=UnitFactory(floor=FloorFactory(mall=world.place.lakeside)),
        starts_on=NOON.date(), ends_on=NOON.date() + 70 * DAY,
    )  # fmt: skip
    record_returns(
        [a_return(world.bakery, "LOST", "NEVER-SENT", at=NOON + 35 * DAY)],
        actor=TILL, source=Source.POS,
    )  # fmt: skip
    brief = morning_brief(view_of(lakeside(world)))
    assert "less than on" in brief.sentence
    found = {one.key: one for one in brief.findings}
    assert list(found) == ["off-trend", "silent", "leases"]  # the heaviest three
    assert world.pharmacy.name in found["off-trend"].text  # nothing at all is further off
    assert world.pharmacy.name in found["silent"].text
    assert all(one.why and one.url for one in brief.findings)
    # Somebody who may not see leases hears of the return that waits instead.
    fewer = view_of(lakeside(world), "sales.view_figures", "sales.view_receipt")
    assert [one.key for one in morning_brief(fewer).findings][:2] == ["off-trend", "silent"]
    assert "leases" not in {one.key for one in morning_brief(fewer).findings}


def test_an_ordinary_day_needs_no_action(world: TradingWorld, frozen_clock) -> None:
    frozen_clock.set(NOON + 40 * DAY)
    four_weeks_of_trade(world, NOON + 40 * DAY)
    assert morning_brief(view_of(lakeside(world))).findings == []


def test_questions_do_not_grow_with_stores_and_days(client: Client, world: TradingWorld) -> None:
    client.force_login(a_staff_user("director", scope=lakeside(world)))
    client.get("/")
    forget_homes()
    with CaptureQueriesContext(connection) as before:
        client.get("/")
    more = [
        a_receipt(store, f"M{n}", at=NOON - n * DAY)
        for n in range(1, 60)
        for store in (world.bakery, world.pharmacy)
    ]
    record_receipts(more, actor=TILL, source=Source.POS)
    follow()
    forget_homes()
    with CaptureQueriesContext(connection) as after:
        client.get("/")
    assert len(after) <= len(before) + 1 <= 60
    with CaptureQueriesContext(connection) as again:
        client.get("/")
    assert len(again) <= len(after) - 15


def test_what_was_put_together_is_told_again_to_equal_readers_only(
    client: Client, world: TradingWorld
) -> None:
    def home_of(user: object, **headers: str) -> tuple[str, str]:
        client.force_login(user)  # type: ignore[arg-type]
        page = client.get("/", headers=headers).content.decode()
        live, parts = page.split('<div class="home-parts">', 1)
        return live.split('id="home-live"', 1)[1], parts.split('<details class="definitions"', 1)[0]

    director, colleague = a_staff_user("director"), a_staff_user("director")
    live, parts = home_of(director)
    record_receipts(
        [a_receipt(world.bakery, "NEXT", 7_777, at=clock.now() - dt.timedelta(minutes=1))],
        actor=TILL, source=Source.POS,
    )  # fmt: skip
    later_live, later_parts = home_of(colleague)
    assert "77.77" in later_live
    assert "77.77" not in live  # a fact shows at once …
    assert later_parts == parts  # … and moves the trend within a minute
    forget_homes()
    assert home_of(colleague)[1] != parts
    assert "净销售额" in home_of(colleague, **CHINESE)[1]
    bakers = a_staff_user("tenant_manager", scope=Scope(store_ids=frozenset([world.bakery.id])))
    others = a_staff_user("tenant_manager", scope=Scope(store_ids=frozenset([world.pharmacy.id])))
    assert "Sunny Bakery Lakeside" in home_of(bakers, **ENGLISH)[0]
    assert "Sunny Bakery Lakeside" not in home_of(others, **ENGLISH)[0]


def test_what_lives_is_sent_again_only_when_something_changed(
    client: Client, world: TradingWorld
) -> None:
    client.force_login(a_staff_user("director"))
    first = client.get("/reports/live?role=director")
    assert first.status_code == 200
    tag = {"If-None-Match": first["ETag"]}
    same = client.get("/reports/live?role=director", headers=tag)
    assert (same.status_code, same.content) == (304, b"")
    record_receipts(
        [a_receipt(world.bakery, "LIVE", 7_777, at=clock.now() - dt.timedelta(minutes=1))],
        actor=TILL, source=Source.POS,
    )  # fmt: skip
    changed = client.get("/reports/live?role=director", headers=tag)
    assert changed.status_code == 200
    assert "77.77" in changed.content.decode()
    assert client.get("/reports/live", headers={**tag, **CHINESE}).status_code == 200


@pytest.mark.parametrize("role", [code for code in ROLES if code in HOMES])
def test_every_role_has_a_home_in_both_languages(
    client: Client, world: TradingWorld, role: str
) -> None:
    take_readings(actor=system("test"))
    client.force_login(a_staff_user(role))
    home = HOMES[role]
    may_see = role == "administrator" or home.permission in ROLES[role].permissions
    for language, name in (("en", "Net sales"), ("zh-hans", "净销售额")):
        page = client.get("/", headers={"Accept-Language": language}).content.decode()
        assert 'id="home-live"' in page
        assert 'class="brief"' in page
        if may_see and "sales.net_sales" in HOMES[role].figures:
            assert name in page
    if role in ("cashier", "sales_assistant"):
        assert 'id="lookup-members"' in page


def test_somebody_with_two_roles_chooses_and_reads_that_role_s_stores(
    client: Client, world: TradingWorld
) -> None:
    user = a_staff_user("tenant_manager", scope=Scope(store_ids=frozenset([world.pharmacy.id])))
    RoleAssignment.objects.create(user=user, role="analyst", mall_ids=[world.place.lakeside.id])
    client.force_login(user)
    as_tenant = client.get("/?role=tenant_manager").content.decode()
    assert world.bakery.name not in as_tenant.split("home-parts")[0]
    as_analyst = client.get("/?role=analyst").content.decode()
    assert world.bakery.name in as_analyst
    assert 'aria-current="page"' in as_analyst
    assert client.get("/?role=director").status_code == 200  # not held: the first of theirs


def test_every_figure_of_a_home_is_in_the_catalogue() -> None:
    assert [figure(code).code for code in EVERY_FIGURE] == list(EVERY_FIGURE)


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [(108, 100, 800), (50, 100, -5_000), (5, 0, None), (None, 5, None), (0, 100, -10_000)],
)
def test_changes(now: int | None, before: int | None, change: int | None) -> None:
    assert change_bp(now, before) == change


def test_per_receipt_is_rounded_to_the_nearest() -> None:
    assert Trade(receipts=3, net_minor=200).per_receipt_minor == 67
    assert Trade(receipts=2, net_minor=5).per_receipt_minor == 3
    assert replace(Trade(), net_minor=5).per_receipt_minor is None
