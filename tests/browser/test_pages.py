"""Every page that a URL without a form leads to, in a real browser: axe, policy, console, width.

The pages and what is on them come from the permission matrix: a page that is new is visited here as
soon as it has its sample there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mallard.kernel.access.guards import MEMBER, OPEN
from mallard.world.staff.tests.factories import a_staff_user
from tests.browser.looks import DESK, PHONE
from tests.permissions.places import SideName, World, build_world
from tests.permissions.samples import sample_of
from tests.permissions.test_matrix import PLACEHOLDER
from tools.urls import Url, every_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a page fetches for itself, looked at with that page, pictures and files: no whole page.
PARTS = frozenset(
    {
        "imports/<uuid:import_id>/progress",
        "imports/<uuid:import_id>/result",
        "loyalty/what-if/<uuid:what_if_id>/progress",
        "migration/<uuid:migration_id>/progress",
        "migration/<uuid:migration_id>/totals.csv",
        "profile/second-factor/qr.svg",
        "reports/live",
        "rewards/redemptions/<uuid:redemption_id>/qr.svg",
        "search/palette",
        "staff/audit/verification",
        "staff/places",
        "watch/thresholds/<uuid:terms_id>/progress",
        "workspace/bell",
    }
)
PAGES = [
    url
    for url in every_url()
    if url.method == "GET"
    and url.permission not in {None, OPEN, MEMBER}  # members' pages are looked at as members
    and not url.route.startswith(("api/", "ui/"))
    and url.route not in PARTS
]
FOR_EVERYBODY = ("/sign-in", "/password/forgotten", "/api/", "/no-such-page")


def address(url: Url, world: World) -> str:
    """The page of one's own rows; empty for what only signs out."""
    sample = sample_of("GET", url.route)
    assert sample is not None, url
    values = sample.path(world, world.sides[SideName.OWN])
    filled = PLACEHOLDER.sub(lambda match: str(values[match.group(1)]), url.route)
    return "" if sample.signs_out else f"/{filled}"


GROUPS = 4
OFTEN = [("dark", "en", PHONE), ("light", "zh-hans", DESK)]


def turns() -> Iterator[Any]:
    """Every page once, half of them on a phone and half at a desk; the other way in the drill."""
    for group in range(GROUPS):
        for n, look in enumerate(OFTEN):
            marks = () if n == group % 2 else pytest.mark.drill
            yield pytest.param(group, *look, marks=marks)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("group", "theme", "language", "width"), list(turns()))
def test_every_page_is_accessible(
    visit: Any, group: int, theme: str, language: str, width: int
) -> None:
    world = build_world()
    paths = [path for path in (address(url, world) for url in PAGES) if path]
    assert len(paths) > 30
    user = a_staff_user()
    opened = visit("/", user=user, theme=theme, language=language, width=width)
    opened.tour([*paths, *FOR_EVERYBODY][group::GROUPS])
