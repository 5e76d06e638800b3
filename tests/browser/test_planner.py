"""The plan editor in a real browser: by mouse, keys and numbers; axe, policy, languages."""

from __future__ import annotations

import re

import pytest

from mallard.world.malls.models import Floor, Unit
from mallard.world.malls.tests.factories import FloorFactory, MallFactory, UnitFactory
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def floor() -> Floor:
    made = FloorFactory(mall=MallFactory())
    corners = [[0, 0], [200, 0], [200, 100], [0, 100]]
    UnitFactory(floor=made, code="A-1", area_dm2=20_000, geometry=corners)
    UnitFactory(floor=made, code="A-2", area_dm2=5_000, geometry=[])
    return made


@pytest.mark.parametrize(
    ("theme", "language", "width"),
    [("light", "en", 1280), ("dark", "zh-hans", 360)],
)
def test_the_editor_is_sound(visit, floor: Floor, theme: str, language: str, width: int) -> None:
    opened = visit(
        f"/malls/floors/{floor.pk}/plan/", user=a_staff_user("administrator"),
        theme=theme, language=language, width=width,
    )  # fmt: skip
    opened.page.wait_for_selector("[data-planner][data-ready]")
    opened.page.locator(".planner-unit").first.focus()
    opened.check()


def test_a_floor_is_drawn_by_keys_and_numbers(visit, floor: Floor) -> None:
    opened = visit(f"/malls/floors/{floor.pk}/plan/", user=a_staff_user("administrator"))
    page = opened.page
    page.wait_for_selector("[data-planner][data-ready]")
    page.locator(".planner-unit").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    # Split, give the half to the unit that has no outline yet, take a step back and forth.
    page.get_by_role("button", name="Split left and right").click()
    assert page.locator(".planner-unit").count() == 2
    page.get_by_role("button", name="Undo").click()
    assert page.locator(".planner-unit").count() == 1
    page.get_by_role("button", name="Redo").click()
    page.locator(".planner-unit").nth(1).focus()
    page.get_by_label("Is the outline of").select_option(label="A-2")
    # A third unit by numbers, beyond the others.
    for label, value in (("From the left", "30"), ("Width", "5")):
        page.locator(".card", has_text="Rectangle by numbers").get_by_label(label).fill(value)
    page.get_by_role("button", name="Draw it").click()
    page.get_by_label("Code").fill("A-9")
    page.get_by_label("Code").press("Tab")
    page.get_by_role("button", name="Save the plan").click()
    opened.settle()
    units = dict(Unit.objects.filter(floor=floor).values_list("code", "geometry"))
    assert sorted(map(tuple, units["A-1"])) == [(10, 0), (10, 110), (110, 0), (110, 110)]
    assert sorted(map(tuple, units["A-2"])) == [(110, 0), (110, 110), (210, 0), (210, 110)]
    assert min(x for x, _y in units["A-9"]) == 300
    assert opened.complaints == []


def test_halves_are_merged_again_and_corners_are_fields(visit, floor: Floor) -> None:
    opened = visit(f"/malls/floors/{floor.pk}/plan/", user=a_staff_user("administrator"))
    page = opened.page
    page.wait_for_selector("[data-planner][data-ready]")
    page.locator(".planner-unit").first.focus()
    page.get_by_role("button", name="Split top and bottom").click()
    page.get_by_label("Merge with").select_option(label="New-1")
    assert page.locator(".planner-unit").count() == 1
    # A corner by number: one of the right ones goes 5 m out.
    fields = page.get_by_label(re.compile(r"Corner \d, from the left"))
    assert fields.count() == 4
    wide = next(n for n in range(4) if fields.nth(n).input_value() == "20")
    fields.nth(wide).fill("25")
    fields.nth(wide).press("Tab")
    page.get_by_role("button", name="Save the plan").click()
    opened.settle()
    outline = Unit.objects.get(floor=floor, code="A-1").geometry
    assert len(outline) == 4
    assert max(x for x, _y in outline) == 250
    # Merged away, the new half never was; the plan before is kept as the first version.
    assert not Unit.objects.filter(floor=floor, code="New-1").exists()
    assert floor.plan_versions.count() == 2


def test_a_floor_is_drawn_by_mouse_and_an_overlap_is_refused(visit, floor: Floor) -> None:
    opened = visit(f"/malls/floors/{floor.pk}/plan/", user=a_staff_user("administrator"))
    page = opened.page
    page.wait_for_selector("[data-planner][data-ready]")
    page.get_by_role("button", name="Rectangle", exact=True).click()
    at = page.locator("[data-plan-canvas]").bounding_box()
    assert at is not None
    x, y = at["x"] + at["width"] * 0.1, at["y"] + at["height"] * 0.1
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y + 150, steps=4)
    page.mouse.up()
    assert page.locator(".planner-unit").count() == 2
    page.get_by_role("button", name="Save the plan").click()
    opened.settle()
    told = page.get_by_text(re.compile(r"A-1 and New-1 overlap"))
    told.wait_for()
    assert page.locator(".planner-unit").count() == 2
    assert Unit.objects.filter(floor=floor).count() == 2
