"""The fraud watch in a browser: looked at, frozen with a question first, decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from mallard.value.checkout.tests.factories import a_trading_world
from mallard.value.watch.models import PatternTerms
from mallard.value.watch.patterns import SPLIT
from mallard.value.watch.tests.factories import looked, only, strangers
from mallard.world.staff.tests.factories import a_staff_user
from tests.browser.looks import PAGE_LOOKS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.parametrize(("theme", "language", "width"), PAGE_LOOKS)
def test_the_pages_of_the_watch_hold(visit: Any, theme: str, language: str, width: int) -> None:
    strangers(a_trading_world())
    looked()
    counted = PatternTerms.objects.create(
        pattern=SPLIT.code, thresholds=SPLIT.defaults(), status="counted", found=1,
        found_confirmed=0, found_false=0,
    )  # fmt: skip
    boss = a_staff_user("crm_manager")
    paths = (
        reverse("watch:alerts"),
        reverse("watch:alert", args=[only("strangers").pk]),
        reverse("watch:patterns"),
        reverse("watch:pattern", args=["strangers"]),
        reverse("watch:edit", args=["strangers"]),
        reverse("watch:terms", args=[counted.pk]),
    )
    visit(paths[0], user=boss, theme=theme, language=language, width=width).tour(paths)
