"""The pages that are measured exist, and there are twenty of them."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from mallard.bench.pages.visits import PAGES
from mallard.kernel.ids import uuid7


def test_twenty_pages_are_measured() -> None:
    assert len(set(PAGES)) == 20


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_an_address(name: str) -> None:
    try:
        assert reverse(name)
    except NoReverseMatch:
        assert reverse(name, args=[uuid7()])
