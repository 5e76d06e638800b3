"""What PostgreSQL refuses, whoever asks: each promise with a test that tries to break it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mallard.kernel.database.transactions import sqlstate
from mallard.kernel.database.triggers import REFUSAL_SQLSTATE
from mallard.kernel.ids import uuid7
from mallard.value.ledger import services
from mallard.value.ledger.models import FunderKind, Lot, LotUse, Receivable, Transfer, Wallet
from mallard.value.ledger.tests.factories import (
    ACTOR,
    accrual,
    counter,
    funder,
    members,
    redemption,
    reversal,
)

pytestmark = pytest.mark.django_db


def execute(sql: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, parameters)


@pytest.fixture
def posted() -> services.Accrual:
    """A sale that earned 100 points, of which 40 are spent."""
    [member] = members(1)
    sale = accrual(member, funder(), 100)
    services.post_accruals([sale], actor=ACTOR)
    services.redeem([redemption(member, counter(), 40)], actor=ACTOR)
    return sale


@pytest.mark.parametrize("table", ["ledger_transfer", "ledger_lotuse"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET amount = amount + 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_what_was_posted_stays_as_it_was(
    posted: services.Accrual, table: str, statement: str
) -> None:
    before = list(Transfer.objects.order_by("id").values())
    with pytest.raises(DatabaseError) as refusal:
        execute(statement.format(table))
    assert sqlstate(refusal.value) == REFUSAL_SQLSTATE
    assert list(Transfer.objects.order_by("id").values()) == before
    assert LotUse.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_wallet SET balance = -1",
        "UPDATE ledger_wallet SET held = balance + 1",
        "UPDATE ledger_wallet SET owed = -1",
        "UPDATE ledger_lot SET remaining = -1",
        "UPDATE ledger_lot SET remaining = amount + 1",
        "UPDATE ledger_lot SET held = remaining + 1",
        "UPDATE ledger_lot SET expires_at = matures_at",
        "UPDATE ledger_account SET member_id = NULL WHERE kind = 'wallet'",
        (
            "INSERT INTO ledger_lotuse (transfer_id, lot_id, amount) SELECT lot_id, lot_id, 0 "
            "FROM ledger_lotuse"
        ),
    ],
)
def test_no_figure_leaves_its_bounds(posted: services.Accrual, change: str) -> None:
    before = list(Wallet.objects.values()), list(Lot.objects.values())
    with pytest.raises(IntegrityError):
        execute(change)
    assert (list(Wallet.objects.values()), list(Lot.objects.values())) == before


COPY = """
INSERT INTO ledger_transfer (id, group_id, debit_account_id, credit_account_id, member_id, amount,
    unit, kind, source_kind, source_id, reason, key, part, fingerprint, occurred_at, recorded_at,
    actor_kind)
SELECT %s, group_id, {debit}, credit_account_id, member_id, {amount}, {unit}, kind, source_kind,
    source_id, reason, {key}, part, fingerprint, occurred_at, recorded_at, actor_kind
FROM ledger_transfer WHERE kind = 'accrue'
"""
HONEST = {"debit": "debit_account_id", "amount": "amount", "unit": "unit", "key": "'another'"}


def test_an_honest_copy_is_accepted(posted: services.Accrual) -> None:
    """So that the refusals below are for their one difference."""
    execute(COPY.format(**HONEST), uuid7())
    assert Transfer.objects.filter(key="another").count() == 1


@pytest.mark.parametrize(
    "difference",
    [
        {"amount": "0"},
        {"amount": "-amount"},
        {"unit": "'CNY'"},
        {"debit": "credit_account_id"},
        {"debit": "gen_random_uuid()"},
        {"key": "key"},
    ],
)
def test_a_dishonest_transfer_is_refused(
    posted: services.Accrual, difference: dict[str, str]
) -> None:
    before = Transfer.objects.count()
    with pytest.raises(IntegrityError):
        execute(COPY.format(**(HONEST | difference)), uuid7())
    assert Transfer.objects.count() == before


def test_units_do_not_mix(posted: services.Accrual) -> None:
    yuan = services.open_funder(FunderKind.BANK, uuid7(), unit="CNY")
    with pytest.raises(IntegrityError):
        execute(COPY.format(**(HONEST | {"debit": f"'{yuan}'::uuid"})), uuid7())


def test_a_receivable_never_goes_below_zero(posted: services.Accrual) -> None:
    services.reverse_accruals([reversal(posted)], actor=ACTOR)
    assert Receivable.objects.get().owed == 40
    with pytest.raises(IntegrityError):
        execute("UPDATE ledger_receivable SET owed = -1")


def test_an_account_is_opened_once_for_an_owner() -> None:
    owner = uuid7()
    assert services.open_funder(FunderKind.BRAND, owner) == services.open_funder(
        FunderKind.BRAND, owner
    )
    assert services.open_redemption(FunderKind.BRAND, owner) != services.open_funder(
        FunderKind.BRAND, owner
    )
