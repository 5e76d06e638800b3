"""Drawing a floor: what cannot be is refused as a whole, every save is a version."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallard.kernel.access.actor import Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import NotFound
from mallard.world.malls.drawing.rules import MOST_UNITS, Shape, overlap, plan_problems
from mallard.world.malls.drawing.services import DrawnUnit, PlanChanged, PlanInvalid, save_plan
from mallard.world.malls.errors import OutsideScope
from mallard.world.malls.models import Floor, FloorPlanVersion, Unit
from mallard.world.malls.plans import floor_plan
from mallard.world.malls.tests.factories import FloorFactory, MallFactory, UnitFactory
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.tests.factories import a_staff_user

EDIT = "malls.edit_mall"
Outline = Sequence[Sequence[int]]


def square(x: int, y: int, width: int = 10, height: int = 10) -> list[list[int]]:
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]


# Rules


@pytest.mark.parametrize(
    ("other", "is_overlap"),
    [
        (square(10, 0), False),  # a common wall
        (square(10, 10), False),  # a common corner
        (square(20, 20), False),
        (square(0, 0), True),  # the same
        (square(2, 2, 3, 3), True),  # within
        (square(-0, 5), True),  # half of it, walls in line
        (square(2, 0, 3, 10), True),  # within, from wall to wall
        (square(3, -5, 4, 20), True),  # a cross
        ([[0, 0], [10, 0], [5, 10]], True),
        ([[10, 5], [20, 0], [20, 10]], False),  # a tip at the wall
        ([[9, 5], [20, 0], [20, 10]], True),  # a tip through it
        ([[0, 10], [10, 10], [10, 0], [12, 0], [12, 12], [0, 12]], False),  # round two sides
        ([[0, 10], [10, 10], [10, 0], [12, 0], [12, 12], [-0, 12]][::-1], False),
    ],
)
def test_units_share_walls_but_no_ground(other: Outline, is_overlap: bool) -> None:
    assert overlap(square(0, 0), other) is is_overlap
    assert overlap(other, square(0, 0)) is is_overlap
    assert overlap(square(0, 0)[::-1], other) is is_overlap


sides = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 6), st.integers(1, 6))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(sides, sides)
def test_rectangles_overlap_where_they_have_ground_in_common(
    a: tuple[int, int, int, int], b: tuple[int, int, int, int]
) -> None:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    assert overlap(square(*a), square(*b)) == (width > 0 and height > 0)


def test_every_problem_is_told_with_the_codes_that_people_know() -> None:
    told = " ".join(
        plan_problems(
            [
                Shape("A-1", square(0, 0)),
                Shape("a-1", square(5, 5)),
                Shape("A-2", [[0, 0], [10, 10], [10, 0], [0, 10]]),
                Shape("A-3", []),
            ]
        )
    )
    assert "a-1 occurs twice" in told
    assert "A-1 and a-1 overlap" in told
    assert "A-2: The outline crosses itself" in told
    assert "A-3 is not drawn" in told
    assert plan_problems([Shape(f"U{n}", square(n * 10, 0)) for n in range(30)]) == []
    assert len(plan_problems([Shape("X", [])] * (MOST_UNITS + 1))) == 1


# Services


@pytest.fixture
def floor() -> Floor:
    """Two drawn units and one that is not."""
    made = FloorFactory(mall=MallFactory())
    UnitFactory(floor=made, code="A-1", area_dm2=9_000, geometry=square(0, 0, 100, 80))
    UnitFactory(floor=made, code="A-2", area_dm2=8_000, geometry=square(100, 0, 100, 80))
    UnitFactory(floor=made, code="A-3", area_dm2=7_000, geometry=[])
    return made


def editor(floor: Floor) -> object:
    return an_actor(EDIT, scope=Scope(mall_ids=frozenset([floor.mall_id])))


def drawn(floor: Floor, code: str, outline: Outline, **more: object) -> DrawnUnit:
    unit = Unit.objects.filter(floor=floor, code=code).first()
    return DrawnUnit(code=code, outline=outline, unit_id=unit.pk if unit else None, **more)  # type: ignore[arg-type]


def outlines(floor: Floor) -> dict[str, object]:
    return dict(Unit.objects.filter(floor=floor).values_list("code", "geometry"))


@pytest.mark.django_db
def test_a_saved_plan_is_what_pages_draw_and_what_it_was_before_stays(floor: Floor) -> None:
    version = save_plan(
        floor.pk,
        [
            drawn(floor, "A-1", square(0, 0, 50, 80)),
            drawn(floor, "A-3", square(50, 0, 50, 80)),
            drawn(floor, "A-1B", square(0, 80, 50, 20)),
        ],
        based_on=0,
        actor=editor(floor),  # type: ignore[arg-type]
    )
    assert version.number == 2
    first = FloorPlanVersion.objects.get(floor=floor, number=1)
    assert set(first.outlines.values().__iter__().__next__()[0]) == {0}
    assert outlines(floor) == {
        "A-1": square(0, 0, 50, 80), "A-2": [], "A-3": square(50, 0, 50, 80),
        "A-1B": square(0, 80, 50, 20),
    }  # fmt: skip
    areas = dict(Unit.objects.filter(floor=floor).values_list("code", "area_dm2"))
    # The leased area of a known unit is not what was drawn; a new one has nothing else.
    assert (areas["A-1"], areas["A-1B"]) == (9_000, 1_000)
    plan = floor_plan(Floor.objects.prefetch_related("units__stores").get(pk=floor.pk))
    assert plan is not None
    assert {one.unit.code for one in plan.units} == {"A-1", "A-3", "A-1B"}
    entry = Entry.objects.get(action="malls.plan_saved")
    assert entry.after == {"version": 2, "drawn": 3, "undrawn": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "outline", "words"),
    [
        ("A-2", square(50, 0, 100, 80), "A-1 and A-2 overlap"),
        ("B 1", square(300, 0), "characters|spaces|letters"),
        ("A-2", [[0, 100], [10, 110], [10, 100], [0, 110]], "crosses itself"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    floor: Floor, code: str, outline: Outline, words: str
) -> None:
    before = outlines(floor)
    plan = [drawn(floor, "A-1", square(0, 0, 100, 80)), drawn(floor, code, outline)]
    with pytest.raises(Exception) as refused:
        save_plan(floor.pk, plan, based_on=0, actor=editor(floor))  # type: ignore[arg-type]
    told = " ".join(map(str, getattr(refused.value, "fields", {}).values()))
    assert any(word in told for word in words.split("|")), told
    assert outlines(floor) == before
    assert not FloorPlanVersion.objects.exists()


@pytest.mark.django_db
def test_a_new_unit_may_not_take_a_known_code_nor_a_stranger_s_id(floor: Floor) -> None:
    taken = DrawnUnit(code="A-3", outline=square(0, 0))
    with pytest.raises(PlanInvalid) as told:
        save_plan(floor.pk, [taken], based_on=0, actor=editor(floor))  # type: ignore[arg-type]
    assert "assign the outline" in str(told.value.fields["plan"])
    stranger = UnitFactory(floor=FloorFactory(mall=floor.mall, level=9), code="Z-1")
    foreign = DrawnUnit(code="Z-1", outline=square(0, 0), unit_id=stranger.pk)
    with pytest.raises(PlanInvalid):
        save_plan(floor.pk, [foreign], based_on=0, actor=editor(floor))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_who_drew_on_an_older_version_overwrites_nobody(floor: Floor) -> None:
    one = [drawn(floor, "A-1", square(0, 0))]
    save_plan(floor.pk, one, based_on=0, actor=editor(floor))  # type: ignore[arg-type]
    with pytest.raises(PlanChanged):
        save_plan(floor.pk, [], based_on=0, actor=editor(floor))  # type: ignore[arg-type]
    assert outlines(floor)["A-1"] == square(0, 0)
    assert save_plan(floor.pk, [], based_on=2, actor=editor(floor)).number == 3  # type: ignore[arg-type]
    with pytest.raises(DatabaseError), transaction.atomic():
        FloorPlanVersion.objects.update(outlines={})


@pytest.mark.django_db
def test_only_who_holds_the_whole_mall_draws_it(floor: Floor) -> None:
    elsewhere = an_actor(EDIT, scope=Scope(mall_ids=frozenset([MallFactory().pk])))
    with pytest.raises((NotFound, OutsideScope)):
        save_plan(floor.pk, [], based_on=0, actor=elsewhere)
    assert outlines(floor)["A-1"]


# The page


@pytest.mark.django_db
def test_a_refused_drawing_comes_back_as_it_was_drawn(client: Client, floor: Floor) -> None:
    client.force_login(a_staff_user("administrator"))
    unit = Unit.objects.get(floor=floor, code="A-1")
    shapes = [
        {"id": str(unit.pk), "code": "A-1", "area": 9_000, "outline": square(0, 0, 123, 45)},
        {"id": None, "code": "N-1", "area": None, "outline": square(0, 0, 20, 20)},
    ]
    url = f"/malls/floors/{floor.pk}/plan/"
    english = {"Accept-Language": "en"}
    posted = client.post(url, {"plan": json.dumps(shapes), "based_on": "0"}, headers=english)
    assert posted.status_code == 422
    body = posted.content.decode()
    assert "A-1 and N-1 overlap." in body
    assert "[123, 45]" in body
    assert outlines(floor)["A-1"] == square(0, 0, 100, 80)
    shapes[1]["outline"] = square(200, 200)
    saved = client.post(url, {"plan": json.dumps(shapes), "based_on": "0"})
    assert saved.status_code == 302
    assert outlines(floor)["A-2"] == []
    # The version before can be drawn on again.
    again = client.get(f"{url}?version=1").content.decode()
    assert "[200, 80]" in again
    assert client.get(f"{url}?version=77").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '[{"id": "x"}]', "null", '[{"id": null}]', "[" * 9_000]
)
def test_what_is_no_drawing_is_refused(client: Client, floor: Floor, text: str) -> None:
    client.force_login(a_staff_user("administrator"))
    before = outlines(floor)
    answer = client.post(f"/malls/floors/{floor.pk}/plan/", {"plan": text, "based_on": "0"})
    assert answer.status_code == 422
    assert outlines(floor) == before
