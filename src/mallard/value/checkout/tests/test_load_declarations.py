"""Declarations from a file."""

from __future__ import annotations

import io

import pytest

from mallard.kernel.access.actor import system
from mallard.value.checkout.declaration_files import (
    load_declarations,
    write_declaration_report,
)
from mallard.value.checkout.files import UnreadableFile
from mallard.value.sales.models import SalesDeclaration
from mallard.world.malls.tests.factories import a_mall_group

pytestmark = pytest.mark.django_db
FILE = """store,business_day,amount,receipts
LAKE-BAKERY,2026-03-01,"1,200.50",12
LAKE-PHARM,2026-03-01,0,
NOBODY,2026-03-01,5,
LAKE-BAKERY,yesterday,5,
LAKE-BAKERY,2026-02-01,,
LAKE-BAKERY,2027-01-01,5,
=LAKE,2026-03-01,5,
"""


def test_good_rows_are_declared_and_bad_ones_say_why(frozen_clock):
    a_mall_group()
    actor = system("tests")
    report = load_declarations(FILE.encode("gb18030"), actor=actor)
    assert [row.result for row in report.rows] == ["recorded"] * 2 + ["refused"] * 5
    rows = SalesDeclaration.objects.order_by("amount_minor")
    assert [(row.amount_minor, row.receipts, row.origin) for row in rows] == [
        (0, None, "import"),
        (120_050, 12, "import"),
    ]
    assert load_declarations(FILE.encode(), actor=actor).count("unchanged") == 2
    out = io.StringIO()
    write_declaration_report(report, out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 8
    assert "'=LAKE" in lines[7]
    for nonsense in (b"a,b\n1,2\n", b"", b"store,business_day,amount,amount\n"):
        with pytest.raises(UnreadableFile):
            load_declarations(nonsense, actor=actor)
