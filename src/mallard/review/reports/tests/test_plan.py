"""A floor coloured by any figure: which there are, what they come to, over which days, told how."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlparse

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from mallard.kernel.access.actor import Scope
from mallard.kernel.figures import declared_figures
from mallard.review.reports.models import Reading
from mallard.review.reports.periods import Period
from mallard.review.reports.plan.figures import OF_NO_STORE, PLAN_FIGURES
from mallard.review.reports.plan.view import ColouredPlan, ColouredUnit, coloured_plan
from mallard.review.reports.tests.factories import DAY, WEEK, lakeside
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import NOON, TILL, TradingWorld, a_member, a_receipt
from mallard.value.sales.by_store import Leased, Terms, base_of
from mallard.value.sales.models import Source
from mallard.world.malls.models import LeaseKind, Store
from mallard.world.malls.tests.factories import LeaseFactory, StoreFactory, UnitFactory
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.tests.factories import a_staff_user

FACTS = (
    "sales_receipt", "sales_receiptline", "sales_return", "sales_visit", "ledger_transfer",
    "ledger_lot",
)  # fmt: skip
RIGHTS = (
    "sales.view_figures", "sales.view_receipt", "sales.view_declaration", "malls.view_lease",
    "malls.view_store", "members.view_member",
)  # fmt: skip
TRADED = NOON.date()
"""The day on which the world sold."""


@pytest.fixture
def drawn(world: TradingWorld) -> TradingWorld:
    """Bakery and pharmacy on one floor, 100 m² each; beside them an empty unit and a store that
    opens a year later."""
    floor = world.place.unit.floor
    stores = [world.bakery, world.pharmacy, None, None]
    for number, store in enumerate(stores):
        left = number * 100
        unit = UnitFactory(
            floor=floor,
            code=f"L1-1{number}",
            area_dm2=10_000,
            geometry=[[left, 0], [left + 90, 0], [left + 90, 90], [left, 90]],
        )
        if store is not None:
            Store.objects.filter(pk=store.pk).update(unit=unit)
        elif number == 3:
            StoreFactory(
                code="LATER",
                mall=world.place.lakeside,
                tenant=world.place.bakery,
                unit=unit,
                trade_category=world.place.bread,
                opened_on=TRADED + 365 * DAY,
            )
    return world


def plan_of(
    world: TradingWorld, asked: str = "", *rights: str, scope: Scope | None = None
) -> ColouredPlan:
    actor = an_actor(*(rights or RIGHTS), scope=scope or lakeside(world))
    found = coloured_plan(actor, QueryDict(asked), TRADED)
    assert found is not None
    return found


def unit_of(plan: ColouredPlan, store: Store) -> ColouredUnit:
    [unit] = [one for one in plan.units if one.planned.store and one.planned.store.pk == store.pk]
    return unit


def test_every_figure_of_the_catalogue_colours_a_floor_or_says_why_not() -> None:
    told = {one.figure.code for one in PLAN_FIGURES}
    assert not told & set(OF_NO_STORE)
    assert told | set(OF_NO_STORE) == {one.code for one in declared_figures()}
    codes = [one.code for one in PLAN_FIGURES]
    assert len(codes) == len(set(codes))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("figure", "bakery", "pharmacy"),
    [
        ("net_sales", 0, 10_000),  # 100 + 100 - 200 that came back; 100
        ("receipts", 2, 1),
        ("per_receipt", 0, 10_000),
        ("net_sales_per_area", 0, 100),
        ("return_rate", 10_000, 0),
        ("member_share", None, 0),  # of nothing there is no share; of sales without members 0
        ("identification", 5_000, 0),
        ("member_visits", 1, 0),
        ("per_customer", 10_000, None),
        ("member_sales_share", None, None),
        ("capture_coverage", 0, 0),
    ],
)
def test_figures_of_a_day(
    drawn: TradingWorld, figure: str, bakery: int | None, pharmacy: int | None
) -> None:
    plan = plan_of(drawn, f"figure={figure}&period=day")
    assert plan.figure.code == figure
    assert unit_of(plan, drawn.bakery).value == bakery
    assert unit_of(plan, drawn.pharmacy).value == pharmacy


@pytest.mark.django_db
def test_new_members_are_told_where_and_when_they_enrolled(drawn: TradingWorld) -> None:
    noon = dt.datetime.combine(TRADED, dt.time(12), drawn.place.lakeside.zone)
    a_member("13800000001", store=drawn.pharmacy, joined_at=noon)
    a_member("13800000002", store=drawn.pharmacy, joined_at=noon - DAY)
    plan = plan_of(drawn, "figure=new_members&period=day")
    assert unit_of(plan, drawn.pharmacy).value == 1
    assert unit_of(plan, drawn.bakery).value == 0
    assert unit_of(plan_of(drawn, "figure=new_members"), drawn.pharmacy).value == 2
    query = parse_qs(urlparse(unit_of(plan, drawn.pharmacy).url).query)
    assert query == {
        "store": [str(drawn.pharmacy.pk)],
        "joined_from": [TRADED.isoformat()],
        "joined_to": [TRADED.isoformat()],
    }


@pytest.mark.django_db
def test_rent_and_density_follow_the_lease(drawn: TradingWorld) -> None:
    LeaseFactory(
        store=drawn.pharmacy,
        tenant=drawn.pharmacy.tenant,
        unit=Store.objects.get(pk=drawn.pharmacy.pk).unit,
        starts_on=TRADED - 30 * DAY,
        ends_on=TRADED + 30 * DAY,
        area_dm2=5_000,
        kind=LeaseKind.FIXED,
        base_rent_minor=31_000,  # 10 a day in March
        percentage_bp=None,
    )
    rent = plan_of(drawn, "figure=rent_ratio&period=day")
    assert unit_of(rent, drawn.pharmacy).value == 1_000
    assert unit_of(rent, drawn.bakery).level == "none"
    density = plan_of(drawn, "figure=density&period=day")
    assert unit_of(density, drawn.pharmacy).value == 200
    without = plan_of(drawn, "figure=rent_ratio", "sales.view_figures")
    assert without.figure.code == "net_sales"
    assert "rent_ratio" not in {one.code for one in without.asked.offered}


def test_rent_is_what_each_lease_says_of_its_part_of_the_sales() -> None:
    base = base_of(3_100, dt.date(2026, 3, 31), dt.date(2026, 4, 3))
    assert base == 100 + 310
    fixed = Terms(LeaseKind.FIXED, base, 0, 100)
    greater = Terms(LeaseKind.GREATER_OF, base, 1_000, 300)
    share = Terms(LeaseKind.PERCENTAGE, base_of(0, TRADED, TRADED), 1_000, 100)
    assert Leased((fixed,)).rent_minor(9) == 410
    assert Leased((greater,)).rent_minor(4_000) == 410
    assert Leased((greater,)).rent_minor(5_000) == 500
    assert Leased((share,)).rent_minor(5_000) == 500
    assert Leased((share,)).rent_minor(-5_000) == 0
    # A quarter of the sales belongs to the first, three quarters to the second.
    assert Leased((share, greater)).rent_minor(8_000) == 200 + 600


@pytest.mark.django_db
def test_slow_figures_are_told_as_they_were_read_off(drawn: TradingWorld) -> None:
    def read(day: dt.date, part: int) -> None:
        Reading.objects.create(
            figure="sales.repurchase", place_kind="store", place_id=drawn.bakery.pk, day=day,
            part=part, whole=10, taken_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
        )  # fmt: skip

    read(TRADED + DAY, 5)
    read(TRADED - 27 * DAY, 2)
    read(TRADED + WEEK, 9)
    plan = plan_of(drawn, "figure=repurchase&period=day")
    bakery = unit_of(plan, drawn.bakery)
    assert (bakery.value, bakery.change.text) == (5_000, "+30.0 pp")
    assert (plan.span.last, plan.span.days) == (TRADED + DAY, 90)
    assert unit_of(plan, drawn.pharmacy).level == "none"


@pytest.mark.django_db
def test_nothing_sold_is_told_apart_from_no_figure_and_from_no_store(drawn: TradingWorld) -> None:
    plan = plan_of(drawn, "figure=net_sales&period=day")
    assert [one.level for one in plan.units] == ["empty", "zero", "1", "empty", "none"]
    assert [step.level for step in plan.steps] == ["zero", "1", "none", "empty"]
    assert [step.text for step in plan.steps[:2]] == ["CN¥0.00", "CN¥100.00"]
    assert [one.value for one in plan.rows] == [10_000, 0, None]


@pytest.mark.django_db
def test_a_change_is_against_the_period_before(drawn: TradingWorld) -> None:
    record_receipts(
        [
            a_receipt(drawn.pharmacy, "OLD", 8_000, at=_noon(drawn, TRADED - WEEK)),
            a_receipt(drawn.pharmacy, "OLDER", 1_000, at=_noon(drawn, TRADED - 28 * DAY)),
        ],
        actor=TILL,
        source=Source.POS,
    )
    for asked, change in (("day", "+25.0%"), ("week", "+25.0%"), ("28", "+1700.0%")):
        plan = plan_of(drawn, f"period={asked}")
        assert unit_of(plan, drawn.pharmacy).change.text == change, asked
    # Refunds that rise are no good news.
    assert unit_of(plan_of(drawn, "figure=return_rate"), drawn.bakery).change.direction == "flat"


def _noon(world: TradingWorld, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), world.place.lakeside.zone)


def test_periods_and_what_they_are_compared_with() -> None:
    last = dt.date(2026, 3, 30)
    spans = {one: (one.span(last), one.before(one.span(last))) for one in Period}
    told = {
        one: tuple(day.isoformat()[5:] for day in (now.first, now.last, was.first, was.last))
        for one, (now, was) in spans.items()
    }
    assert told[Period.DAY] == ("03-30", "03-30", "03-23", "03-23")
    assert told[Period.WEEK] == ("03-24", "03-30", "03-17", "03-23")
    assert told[Period.FOUR_WEEKS] == ("03-03", "03-30", "02-03", "03-02")
    # The same days of a shorter month end with it; a whole month stands beside a whole one.
    assert told[Period.MONTH] == ("03-01", "03-30", "02-01", "02-28")
    assert told[Period.LAST_MONTH] == ("02-01", "02-28", "01-01", "01-31")


@pytest.mark.django_db
def test_the_address_carries_figure_period_and_place(drawn: TradingWorld) -> None:
    plan = plan_of(drawn, "figure=receipts&period=28")
    again = QueryDict(urlparse(plan.address).query)
    assert again["figure"] == "receipts"
    assert again["period"] == "28"
    same = plan_of(drawn, again.urlencode())
    assert (same.floor, same.asked.query) == (plan.floor, plan.asked.query)
    days = plan_of(drawn, "day_from=2026-02-20&day_to=2026-02-25")
    assert (days.span.first, days.span.last) == (dt.date(2026, 2, 20), dt.date(2026, 2, 25))
    assert "day_from=2026-02-20" in days.address
    assert plan_of(drawn, "day_from=yesterday").asked.problems


@pytest.mark.django_db
def test_units_lead_to_the_rows_or_else_to_the_store_s_analysis(drawn: TradingWorld) -> None:
    def url(asked: str, *rights: str) -> str:
        return unit_of(plan_of(drawn, asked, *rights), drawn.bakery).url

    assert url("").startswith("/sales/receipts?")
    assert "member=1" in url("figure=member_share")
    assert url("figure=return_rate").startswith("/sales/returns?")
    assert url("figure=capture_coverage").startswith("/sales/declarations/list/?")
    assert url("figure=density&period=day").startswith("/sales/receipts?")
    assert url("", "sales.view_figures").startswith(f"/reports/sales?store={drawn.bakery.pk}")


@pytest.mark.django_db
def test_questions_read_rollups_only_and_do_not_grow(drawn: TradingWorld) -> None:
    def asked(figure: str) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as questions:
            plan_of(drawn, f"figure={figure}")
        return [one["sql"] for one in questions.captured_queries]

    few = {one.code: asked(one.code) for one in PLAN_FIGURES}
    for number in range(5):
        unit = UnitFactory(
            floor=drawn.place.unit.floor, code=f"N{number}", geometry=[[0, 0], [9, 0], [9, 9]]
        )
        StoreFactory(
            code=f"N{number}", mall=drawn.place.lakeside, tenant=drawn.place.bakery, unit=unit,
            trade_category=drawn.place.bread,
        )  # fmt: skip
    for code, before in few.items():
        assert len(asked(code)) == len(before) <= 14, code
        for sql in before:
            # Who made them (a generator?) is asked of facts, by an index of generated ones alone.
            if "'generated'" in sql and "LIMIT 1" in sql:
                continue
            assert not [one for one in FACTS if f'"{one}"' in sql or f" {one} " in sql], sql


@pytest.mark.django_db
def test_a_tenant_sees_only_its_own_stores_on_the_floor(drawn: TradingWorld) -> None:
    scope = Scope(tenant_ids=frozenset([drawn.place.pharmacy.pk]))
    plan = plan_of(drawn, "period=day", scope=scope)
    assert [one.level for one in plan.units] == ["empty", "empty", "1", "empty", "empty"]


@pytest.mark.django_db
def test_the_page_keeps_its_address_and_a_home_its_own(client: Client, drawn: TradingWorld) -> None:
    client.force_login(a_staff_user("director"))
    page = client.get("/reports/plan", {"figure": "member_visits", "period": "28"})
    text = page.content.decode()
    assert 'hx-push-url="true"' in text
    assert 'value="member_visits" selected' in text
    assert 'value="28" selected' in text
    part = client.get("/reports/plan", headers={"HX-Request": "true", "HX-Target": "home-plan"})
    assert "<html" not in part.content.decode()
    assert "hx-push-url" not in part.content.decode()
    with override("zh-hans"):
        chinese = client.get("/reports/plan", headers={"Accept-Language": "zh-hans"})
    assert "租售比" in chinese.content.decode()
