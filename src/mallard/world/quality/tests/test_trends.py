"""How each field went: kept by day, drawn in its cell and as a chart, for who may see it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import Scope
from mallard.kernel.provenance import Origin
from mallard.world.malls.tests.factories import MallFactory
from mallard.world.members.services import change_member, save_field
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor
from mallard.world.quality import services
from mallard.world.quality.models import QualityDay
from mallard.world.quality.permissions import VIEW_QUALITY
from mallard.world.quality.queries import TrendDay, trends_by_field
from mallard.world.quality.trends import HEIGHT, WIDTH, chart, spark
from mallard.world.staff.tests.factories import a_staff_user

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
GENDER, NAME = "profile.gender", "profile.name"
LATER = dt.timedelta(days=30)


def days(*shares: int | None, apart: int = 1) -> list[TrendDay]:
    return [
        TrendDay(TODAY + dt.timedelta(days=place * apart), share, share, None)
        for place, share in enumerate(shares)
    ]


def corners(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in points.split())]


class TestSparks:
    def test_a_line_goes_from_edge_to_edge_and_up_when_it_gets_better(self) -> None:
        drawn = spark(days(200, 400, 900), "complete")
        assert drawn is not None
        (x0, y0), (x1, y1), (x2, y2) = corners(drawn.points)
        assert (x0, x1, x2) == (2, WIDTH / 2, WIDTH - 2)
        assert (y0, y2) == (HEIGHT - 2, 2)
        assert y0 > y1 > y2
        assert drawn.tone == "success"
        assert drawn.words.count("%") == 2
        worse = spark(days(900, 200), "complete")
        assert worse is not None
        assert worse.tone == "danger"

    def test_a_day_left_out_leaves_its_place_empty(self) -> None:
        missing = [days(0, 0, 500)[0], days(0, 0, 500)[2], days(0, 0, 0, 1000)[3]]
        drawn = spark(missing, "complete")
        assert drawn is not None
        xs = [x for x, _y in corners(drawn.points)]
        assert xs[1] - xs[0] == pytest.approx(2 * (xs[2] - xs[1]), abs=0.2)

    def test_a_little_looks_little_and_nothing_stays_in_the_middle(self) -> None:
        drawn, still = spark(days(500, 510), "complete"), spark(days(1000, 1000), "complete")
        assert drawn is not None
        assert still is not None
        (_x, before), (_x2, after) = corners(drawn.points)
        assert 0 < before - after < HEIGHT / 5
        assert {y for _x, y in corners(still.points)} == {HEIGHT / 2}
        assert still.tone == "neutral"
        hardly = spark(days(500, 491), "complete")
        assert hardly is not None
        assert hardly.tone == "neutral"

    @pytest.mark.parametrize("shares", [(), (500,), (None, 500), (None, None)])
    def test_one_day_is_no_way(self, shares: tuple[int | None, ...]) -> None:
        assert spark(days(*shares), "complete") is None

    def test_where_nothing_is_filled_the_chart_has_a_gap(self) -> None:
        drawn = chart(days(0, 250), "Gender")
        assert drawn is not None
        assert [one["data"] for one in drawn.option["series"]] == [[0, 25], [0, 25], [None, None]]
        assert [row[3] for row in drawn.rows] == ["–", "–"]
        assert "Gender" in str(drawn.title)
        assert chart([]) is None


@pytest.fixture
def measured_twice(frozen_clock) -> None:
    """Of two members one said their gender within the month; a third came."""
    frozen_clock.set(NOON)
    here = MallFactory()
    first, _second = a_member(mall_id=here.id), a_member(mall_id=here.id)
    services.measure(actor=SYSTEM)
    frozen_clock.set(NOON + LATER)
    change_member(first.id, profile={"gender": "female"}, actor=SYSTEM)
    a_member(mall_id=here.id, profile={"gender": "male"}, origin=Origin.STAFF)
    services.measure(actor=SYSTEM)


@pytest.mark.django_db
class TestByField:
    def test_each_field_and_channel_has_its_own_way(self, measured_twice: None) -> None:
        found = trends_by_field(SYSTEM, since=TODAY, most_days=31, fields=[GENDER, NAME])
        assert {key: [one.complete for one in way] for key, way in found.items()} == {
            ("", GENDER): [0, 666],
            ("", NAME): [1000, 1000],
        }
        assert [one.validity for one in found["", GENDER]] == [None, 1000]
        channels = trends_by_field(
            SYSTEM, since=TODAY, most_days=31, source="channel", keys=["staff"], fields=[GENDER]
        )
        assert [one.complete for one in channels["staff", GENDER]] == [1000]
        late = trends_by_field(SYSTEM, since=TODAY + LATER, most_days=31, fields=[GENDER])
        assert [one.complete for one in late["", GENDER]] == [666]

    def test_of_many_days_some_are_read_with_the_first_and_the_last(
        self, django_assert_num_queries
    ) -> None:
        for place in range(90):
            QualityDay.objects.create(
                day=TODAY + dt.timedelta(days=place), source="mall", field=NAME,
                members=90, filled=place, valid=place, fresh=place,
            )  # fmt: skip
        with django_assert_num_queries(2):
            found = trends_by_field(SYSTEM, since=TODAY, most_days=31, fields=[NAME])
        way = found["", NAME]
        assert len(way) == 31
        assert (way[0].day, way[-1].day) == (TODAY, TODAY + dt.timedelta(days=89))

    def test_the_staff_of_a_mall_see_its_way_alone(self, measured_twice: None) -> None:
        there = MallFactory()
        local = an_actor(VIEW_QUALITY, scope=Scope(mall_ids=frozenset({there.id})))
        assert trends_by_field(local, since=TODAY, most_days=31, fields=[NAME]) == {}


@pytest.mark.django_db
class TestPage:
    def open(self, client: Client, role: str = "crm_manager", **query: str) -> str:
        client.force_login(a_staff_user(role))
        answer = client.get(reverse("quality:page"), query)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_each_cell_draws_its_way_and_says_it(
        self, client: Client, measured_twice: None
    ) -> None:
        page = self.open(client)
        row = re.search(r"<tr><th[^>]*><a[^>]*>Gender</a>.*?</tr>", page, re.DOTALL)
        assert row is not None
        said = re.findall(r'role="img" aria-label="([^"]*)"', row.group())
        # Nobody's was valid or fresh on the first day: there is no way yet.
        assert said == ["0% on 26 Nov 2026, 67% on 26 Dec 2026"]
        assert "All fields together, in percent" in page

    def test_a_field_opens_its_chart_and_leads_back(
        self, client: Client, measured_twice: None
    ) -> None:
        page = self.open(client)
        assert f"?by=mall&amp;field={GENDER}#quality-trend" in page
        chosen = self.open(client, field=GENDER)
        assert "Gender, in percent" in chosen
        assert "All fields together, in percent" not in chosen
        assert 'href="?by=mall#quality-trend"' in chosen
        assert re.findall(r'<th scope="row"><a[^>]*aria-current="true">([^<]*)', chosen) == [
            "Gender"
        ]

    def test_a_channels_field_opens_its_own(self, client: Client, measured_twice: None) -> None:
        chosen = self.open(client, by="channel", field=GENDER, key="staff")
        assert "Gender · Entered by staff, in percent" in chosen
        assert "Gender · Entered by staff, in percent" not in self.open(
            client, by="channel", field=GENDER
        )

    def test_a_field_that_one_may_not_see_has_no_chart(self, client: Client, frozen_clock) -> None:
        frozen_clock.set(NOON)
        save_field(
            "income", is_new=True, type="text", name_en="Secret income", is_personal=True,
            audience="confidential", actor=SYSTEM,
        )  # fmt: skip
        a_member()
        services.measure(actor=SYSTEM)
        chosen = {"field": "custom.income"}
        assert "Secret income, in percent" not in self.open(client, "analyst", **chosen)
        assert "Secret income, in percent" in self.open(client, **chosen)
