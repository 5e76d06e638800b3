"""What PostgreSQL itself refuses about sales, whoever asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mallard.kernel.ids import uuid7
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
)
from mallard.value.sales.facts import TenderInput
from mallard.value.sales.models import Receipt, Source

pytestmark = pytest.mark.django_db

FACTS = (
    "sales_receipt", "sales_receiptline", "sales_tender", "sales_return", "sales_returnline",
    "loyalty_assessment",
)  # fmt: skip
A_COLUMN = {
    "sales_receipt": "net_minor",
    "sales_receiptline": "amount_minor",
    "sales_tender": "amount_minor",
    "sales_return": "refund_minor",
    "sales_returnline": "amount_minor",
    "loyalty_assessment": "mall_points",
}


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=1))
    made = a_trading_world()
    a_member("13812345678", store=made.bakery)
    sale = replace(
        a_receipt(made.bakery, "R1", phone="13812345678"), tenders=(TenderInput("cash", 10_000),)
    )
    record_receipts([sale], actor=TILL, source=Source.POS)
    record_returns([a_return(made.bakery, "B1", "R1")], actor=TILL, source=Source.POS)
    return made


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # A table whose deferred checks are pending cannot be truncated for that reason alone.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql)
    except DatabaseError as error:
        return "is append-only" in str(error)
    return False


@pytest.mark.parametrize("table", FACTS)
def test_what_happened_is_never_changed_nor_deleted(world: TradingWorld, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1, 2")  # noqa: S608 constant text
        before = cursor.fetchall()
    assert before
    column = A_COLUMN[table]
    assert refused(f"UPDATE {table} SET {column} = {column} + 1")  # noqa: S608 constant text
    assert refused(f"DELETE FROM {table}")  # noqa: S608 constant text
    assert refused(f"TRUNCATE {table} CASCADE")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1, 2")  # noqa: S608 constant text
        assert cursor.fetchall() == before


def a_row(world: TradingWorld, **more: object) -> Receipt:
    return Receipt(
        **{
            "id": uuid7(),
            "store": world.bakery,
            "number": "R9",
            "occurred_at": NOON,
            "recorded_at": NOON,
            "business_day": NOON.date(),
            "currency": "CNY",
            "net_minor": 100,
            "discount_minor": 0,
            "eligible_minor": 100,
            "fingerprint": b"0" * 16,
            "source": Source.POS,
            "actor_kind": "system",
            **more,
        }
    )


@pytest.mark.parametrize(
    ("fault", "constraint"),
    [
        ({"number": "R1"}, "receipt_number_once"),
        ({"eligible_minor": 101}, "receipt_eligible_within_net"),
    ],
)
def test_a_receipt_that_cannot_be(
    world: TradingWorld, fault: dict[str, object], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        a_row(world, **fault).save(force_insert=True)
    assert Receipt.objects.count() == 1
    a_row(world).save(force_insert=True)  # without the fault it is taken
