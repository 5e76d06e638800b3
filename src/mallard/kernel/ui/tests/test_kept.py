"""What is kept between pages says what it would say if it were made anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import get_script_prefix, reverse, set_script_prefix

from mallard.kernel.ids import uuid7
from mallard.kernel.ui.kept import record_url


@pytest.fixture
def below_a_folder() -> Iterator[None]:
    usual = get_script_prefix()
    set_script_prefix("/crm/")
    yield
    set_script_prefix(usual)


@pytest.mark.parametrize("url_name", ["workspace:view", "workspace:notification"])
def test_the_address_of_a_record_is_the_one_in_the_address_book(url_name: str) -> None:
    for one in (uuid7(), uuid7()):
        assert record_url(url_name, one) == reverse(url_name, args=[one])


def test_addresses_follow_the_folder_that_the_product_is_served_from(below_a_folder: None) -> None:
    one = uuid7()
    assert record_url("workspace:view", one) == reverse("workspace:view", args=[one])
    assert record_url("workspace:view", one).startswith("/crm/")
