"""The check itself: text that nobody can read is found, however often text was looked at before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.axe import violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("mallard.kernel.ui.tests.urlconf"),
]
FADE = "element => { element.style.color = 'rgb(235, 235, 235)' }"
PALE_PAGE = "element => { element.style.color = 'black'; element.style.backgroundColor = '#222' }"


def test_text_that_cannot_be_read_is_found_again_and_again(visit: Any) -> None:
    page = visit("/ui/gallery/list").page
    assert violations(page, ()) == violations(page, ()) == []
    page.locator("main h1").evaluate(FADE)
    for _time in range(2):
        assert [one.split(":")[0] for one in violations(page, ())] == ["color-contrast"]
    page.locator("main h1").evaluate(PALE_PAGE)
    assert [one.split(":")[0] for one in violations(page, ())] == ["color-contrast"]
