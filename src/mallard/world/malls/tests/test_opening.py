"""When malls and stores are open: whose word counts, and what follows from it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from mallard.kernel.access.actor import Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import Invalid, NotFound
from mallard.value.sales.measures import leased_trade
from mallard.value.sales.models import StoreDay
from mallard.world.malls.errors import OutsideScope
from mallard.world.malls.models import OpeningHours, Store
from mallard.world.malls.opening import Hours, Openings, Plan, hours_problems, openings_of, said_on
from mallard.world.malls.opening_services import DayException, set_mall_hours, set_store_hours
from mallard.world.malls.tests.factories import LeaseFactory, UnitFactory, World, a_mall_group
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.tests.factories import a_staff_user

MONDAY = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)
TEN_TO_TEN, LATE = Hours(600, 1320), Hours(1080, 1560)
EVERY_DAY = dict.fromkeys(range(1, 8), TEN_TO_TEN)
EDITS = ("malls.edit_mall", "malls.edit_store")


# Rules


def test_the_nearest_word_counts_and_a_day_goes_before_a_weekday() -> None:
    mall = Plan(weekly={1: TEN_TO_TEN, 2: TEN_TO_TEN}, days={MONDAY: None})
    store = Plan(weekly={1: LATE})
    assert said_on([store, mall], MONDAY) is None  # the mall is closed that day, so is the store
    assert said_on([store, mall], MONDAY + 7 * DAY) == LATE
    assert said_on([store, mall], MONDAY + DAY) == TEN_TO_TEN
    open_all_the_same = Plan(days={MONDAY: LATE})
    assert said_on([open_all_the_same, mall], MONDAY) == LATE
    assert said_on([None, None], MONDAY) == Hours(0, 1440)
    assert LATE.text == "18:00–02:00"
    assert Hours(0, 1440).text == "00:00–24:00"


@pytest.mark.parametrize(
    ("opens", "closes", "is_sound"),
    [(600, 1320, True), (1080, 1800, True), (None, None, True), (600, None, False),
     (None, 600, False), (600, 600, False), (1320, 600, False), (600, 1801, False),
     (1440, 1500, False)],
)  # fmt: skip
def test_a_place_opens_before_it_closes(opens: int, closes: int, is_sound: bool) -> None:
    assert bool(hours_problems(opens, closes)) is not is_sound


# Services


@pytest.fixture
def world(db: None) -> World:
    return a_mall_group()


def lakeside(world: World) -> object:
    return an_actor(*EDITS, scope=Scope(mall_ids=frozenset([world.lakeside.id])))


def told(world: World) -> Openings:
    return openings_of([world.lakeside_bakery])


def test_hours_are_replaced_whole_and_leave_a_trace(world: World) -> None:
    actor = lakeside(world)
    closed = DayException(day=MONDAY, said=None, note_en="Spring Festival", note_zh="春节")
    set_mall_hours(world.lakeside.id, EVERY_DAY, [closed], actor=actor)  # type: ignore[arg-type]
    set_store_hours(world.lakeside_bakery.id, {5: LATE}, actor=actor)  # type: ignore[arg-type]
    bakery, pharmacy = world.lakeside_bakery, world.lakeside_pharmacy
    openings = told(world)
    assert openings.hours_on(bakery, MONDAY) is None
    assert openings.hours_on(bakery, MONDAY + 4 * DAY) == LATE
    assert openings.hours_on(pharmacy, MONDAY + 4 * DAY) == TEN_TO_TEN
    assert OpeningHours.objects.get(day=MONDAY).note == "Spring Festival"
    # The bakery's night: Friday until 02:00 of Saturday, by the mall's clock.
    zone = world.lakeside.zone
    night = dt.datetime(2026, 3, 7, 1, 59, tzinfo=zone)
    assert openings.is_open(bakery, night)
    assert not openings.is_open(bakery, night + dt.timedelta(minutes=1))
    assert not openings.is_open(pharmacy, night)
    assert openings.open_days(bakery, MONDAY, MONDAY + 6 * DAY) == 6
    entry = Entry.objects.filter(action="malls.hours_changed").latest("recorded_at")
    assert (entry.before, entry.after) == ({}, {"5": "18:00-02:00"})
    set_mall_hours(world.lakeside.id, {}, actor=actor)  # type: ignore[arg-type]
    assert told(world).open_days(bakery, MONDAY, MONDAY + 6 * DAY) == 7


def test_what_makes_no_sense_is_refused_and_changes_nothing(world: World) -> None:
    actor = lakeside(world)
    set_mall_hours(world.lakeside.id, EVERY_DAY, actor=actor)  # type: ignore[arg-type]
    twice = [DayException(day=MONDAY, said=None), DayException(day=MONDAY, said=LATE)]
    for weekly, exceptions in (({1: Hours(900, 600)}, []), (EVERY_DAY, twice)):
        with pytest.raises(Invalid):
            set_mall_hours(world.lakeside.id, weekly, exceptions, actor=actor)  # type: ignore[arg-type]
    with pytest.raises((OutsideScope, NotFound, Invalid)):
        set_mall_hours(world.hillside.id, EVERY_DAY, actor=actor)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        set_store_hours(world.hillside_bakery.id, EVERY_DAY, actor=actor)  # type: ignore[arg-type]
    assert OpeningHours.objects.count() == 7
    for wrong in ({"weekday": 8}, {"weekday": 1, "day": MONDAY}, {"weekday": 3, "opens": 9},
                  {"day": MONDAY, "opens": 9, "closes": 8}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            OpeningHours.objects.create(mall=world.hillside, **wrong)  # type: ignore[arg-type]


def test_density_is_of_the_days_on_which_a_store_was_to_be_open(world: World) -> None:
    bakery = world.lakeside_bakery
    LeaseFactory(
        tenant=world.bakery, unit=UnitFactory(floor=world.lakeside.floors.first()), store=bakery,
        starts_on=MONDAY, ends_on=MONDAY + 400 * DAY, area_dm2=1_000,
    )  # fmt: skip
    StoreDay.objects.create(store=bakery, business_day=MONDAY + DAY, receipts=1, net_minor=60_000)
    span = (StoreDay.objects.all(), Store.objects.all(), MONDAY, MONDAY + 6 * DAY)
    assert leased_trade(*span).density_minor == 857  # ¥600 ÷ 10 m² ÷ 7 days
    six_days = {**EVERY_DAY, 1: None}
    set_mall_hours(world.lakeside.id, six_days, actor=lakeside(world))  # type: ignore[arg-type]
    assert leased_trade(*span).density_minor == 1_000


# Pages


def test_hours_are_said_on_a_form_and_told_on_the_pages(client: Client, world: World) -> None:
    client.force_login(a_staff_user("administrator"))
    english = {"Accept-Language": "en"}
    store_page = f"/malls/stores/{world.lakeside_bakery.id}/"
    assert "counts as open every day" in client.get(store_page, headers=english).content.decode()
    url = f"/malls/{world.lakeside.id}/hours/"
    said = (("state", "open"), ("opens", "10:00"), ("closes", "22:00"))
    data = {f"{name}_{n}": value for n in range(1, 8) for name, value in said}
    data |= {"day_0": "2099-02-17", "state_x0": "closed", "note_en_0": "New Year"}
    assert client.get(url).status_code == 200
    refused = client.post(url, {**data, "opens_3": ""}, headers=english)
    assert refused.status_code == 422
    assert "Give both times" in refused.content.decode()
    assert not OpeningHours.objects.exists()
    assert client.post(url, data).status_code == 302
    assert OpeningHours.objects.count() == 8
    told_there = client.get(store_page, headers=english).content.decode()
    assert "Mon–Sun" in told_there
    assert "10:00–22:00" in told_there
    own = f"{store_page}hours/"
    late = {"state_6": "open", "opens_6": "18:00", "closes_6": "02:00"}
    assert client.post(own, late).status_code == 302
    assert "18:00–02:00" in client.get(store_page, headers=english).content.decode()
    # The form shows what was said, and saying nothing takes it back.
    assert 'value="18:00"' in client.get(own).content.decode()
    assert client.post(own, {"state_6": ""}).status_code == 302
    assert not OpeningHours.objects.filter(store=world.lakeside_bakery).exists()
