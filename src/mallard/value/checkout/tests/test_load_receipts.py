"""Files of receipts: good rows in, bad rows reported, card numbers never stored."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from mallard.value.checkout.files import UnreadableFile, decode
from mallard.value.checkout.loading import load_receipts, write_report
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_trading_world,
)
from mallard.value.sales.models import Receipt, ReceiptLine

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
HEADER = "store,number,occurred_at,member,sku,name,quantity,amount\n"
CARD = "4111 1111 1111 1111"


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=1))
    return a_trading_world()


def test_rows_of_a_receipt_become_its_lines(world: TradingWorld) -> None:
    a_member(PHONE, store=world.bakery)
    content = HEADER + (
        f"LAKE-BAKERY,R1,2026-03-02 12:00:00,{PHONE},BREAD-1,,1,60.00\n"
        f"LAKE-BAKERY,R1,2026-03-02 12:00:00,{PHONE},,黄油曲奇,0.25,40.00\n"
        "LAKE-BAKERY,R2,2026-03-02T12:00:00+08:00,,BREAD-1,,1,5\n"
    )
    report = load_receipts(content.encode(), actor=TILL)
    assert (report.recorded, report.refused, report.points) == (2, 0, 100)
    receipt = Receipt.objects.get(number="R1")
    assert receipt.occurred_at == dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
    assert [line.name for line in receipt.lines.order_by("line_no")] == ["", "黄油曲奇"]
    assert load_receipts(content.encode(), actor=TILL).duplicate == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_are_read_in_the_encodings_that_people_save(encoding: str) -> None:
    assert decode("门店,黄油".encode(encoding)) == "门店,黄油"


def test_a_bad_row_leaves_its_whole_receipt_out_and_no_other(world: TradingWorld) -> None:
    content = HEADER + (
        "LAKE-BAKERY,R1,2026-03-02 12:00,,BREAD-1,,1,60.00\n"
        "LAKE-BAKERY,R1,2026-03-02 12:00,,BREAD-1,,1,sixty\n"
        "LAKE-BAKERY,R2,2026-03-02 12:00,,BREAD-1,,1,60.001\n"
        "LAKE-BAKERY,R3,yesterday,,BREAD-1,,1,60\n"
        "NOWHERE,R4,2026-03-02 12:00,,BREAD-1,,1,60\n"
        "LAKE-BAKERY,R5,2026-03-02 12:00,19999999999,BREAD-1,,1,60\n"
        "LAKE-BAKERY,R6,2026-03-02 12:00,,BREAD-1,,1,1e40\n"
        "LAKE-BAKERY,R7,2026-03-02 12:00,,BREAD-1\n"
        "LAKE-BAKERY,R8,2036-03-02 12:00,,BREAD-1,,1,60\n"
        f"LAKE-BAKERY,R9,2026-03-02 12:00,,,Gift for {CARD},1,60\n"
        "LAKE-BAKERY,R10,2026-03-02 12:00,,,nul\x00byte,1,60\n"
        "LAKE-BAKERY,R11,2026-03-02 12:00,,BREAD-1,,1,60\n"
    )
    report = load_receipts(content.encode(), actor=TILL)
    assert (report.recorded, report.refused) == (1, 10)
    assert list(Receipt.objects.values_list("number", flat=True)) == ["R11"]
    assert {row.row for row in report.rows if row.status == "refused"} == {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    }  # fmt: skip
    assert all(row.problem for row in report.rows if row.status == "refused")


def test_ten_thousand_dirty_rows_lose_no_good_one_and_store_no_card(world: TradingWorld) -> None:
    spoilers = ["=1+1", CARD, "4111111111111111", "🙂", "x" * 300, "\t", "'; DROP TABLE--"]
    rows, good = [], 0
    for i in range(10_000):
        name = spoilers[i % 7] if i % 11 == 0 else f"Bun {i}"
        amount = ["12.50", "9" * 40, "-3", "NaN"][i % 4] if i % 13 == 0 else "12.50"
        is_good = amount == "12.50" and name not in (CARD, "4111111111111111", "x" * 300)
        good += is_good
        rows.append(f'LAKE-BAKERY,D{i},2026-03-02 12:00,,,"{name}",1,{amount}\n')
    report = load_receipts((HEADER + "".join(rows)).encode("utf-8-sig"), actor=TILL)
    assert (report.recorded, report.refused) == (good, 10_000 - good)
    assert Receipt.objects.count() == good
    assert not ReceiptLine.objects.filter(name__regex=r"4111[ -]?1111").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"store,number\n", b"store,number,occurred_at,amount,pan\n", b"\x81\x00\xff\xfe\x00"],
)
def test_a_file_that_makes_no_sense_is_refused_whole(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        load_receipts(content, actor=TILL)
    assert not Receipt.objects.exists()


def test_a_report_never_becomes_a_formula(world: TradingWorld) -> None:
    report = load_receipts(f"{HEADER}=cmd,R1,2026-03-02 12:00,,,,1,1\n".encode(), actor=TILL)
    out = io.StringIO()
    write_report(report, out)
    [_header, row] = csv.reader(io.StringIO(out.getvalue()))
    assert row[1] == "'=cmd"
