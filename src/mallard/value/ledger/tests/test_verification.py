"""`mallard ledger verify` finds what does not follow from the transfers."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from django.db import connection

from mallard.kernel.clock import now
from mallard.value.ledger import services, verification
from mallard.value.ledger.commands import ledger
from mallard.value.ledger.derivations import CHECKS
from mallard.value.ledger.models import FunderDay
from mallard.value.ledger.queries import funder_accounts, funder_totals
from mallard.value.ledger.tests.factories import (
    ACTOR,
    accrual,
    counter,
    funder,
    members,
    redemption,
    reversal,
    roll_up_all,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def books() -> None:
    """Something of everything: lots, uses, a hold, a debt, rolled-up days."""
    [member, other], mall, till = members(2), funder(), counter()
    sale = accrual(member, mall, 100)
    services.post_accruals([sale, accrual(other, mall, 50)], actor=ACTOR)
    services.redeem([redemption(member, till, 70)], actor=ACTOR)
    services.reverse_accruals([reversal(sale)], actor=ACTOR)
    services.place_hold(
        redemption(other, till, 20), deadline_at=now() + dt.timedelta(minutes=1), actor=ACTOR
    )
    roll_up_all()


def test_sound_books_pass(books: None) -> None:
    report = verification.verify()
    assert report.is_sound
    assert all(check.checked for check in report.checks if check.name in CHECKS)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE ledger_wallet SET balance = balance + 1", "wallet balances"),
        ("UPDATE ledger_receivable SET owed = owed + 1", "receivables"),
        ("UPDATE ledger_wallet SET owed = owed + 1", "debts of wallets"),
        ("UPDATE ledger_wallet SET held = 0", "wallets and their lots"),
        ("UPDATE ledger_lot SET remaining = remaining - 1 WHERE remaining > held", "lots"),
        ("UPDATE ledger_lot SET funder_id = account_id", "lots"),
        ("UPDATE ledger_hold SET points = points + 1", "holds"),
        ("UPDATE ledger_funderday SET points = points + 1", "funder days"),
        ("DELETE FROM ledger_funderday", "funder days"),
    ],
)
def test_a_figure_that_was_tampered_with_is_found(books: None, change: str, check: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change)
    wrong = {found.name for found in verification.verify().checks if found.wrong}
    assert check in wrong


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE ledger_lotuse SET amount = amount + 1", "lot uses"),
        ("UPDATE ledger_transfer SET kind = 'owe' WHERE kind = 'redeem'", "ends of transfers"),
    ],
)
def test_an_edit_past_the_triggers_is_found(books: None, change: str, check: str) -> None:
    with connection.cursor() as cursor:
        for table in ("ledger_lotuse", "ledger_transfer"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute(change)
    wrong = {found.name for found in verification.verify().checks if found.wrong}
    assert check in wrong


def test_the_command_tells_by_its_exit_code(books: None) -> None:
    sound = CliRunner().invoke(ledger, ["verify", "--json"])
    assert sound.exit_code == 0
    assert json.loads(sound.output)["is_sound"] is True
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_wallet SET balance = balance + 1")
    broken = CliRunner().invoke(ledger, ["verify"])
    assert broken.exit_code == 1
    assert "NOT" in broken.output


def test_another_app_can_add_its_own(books: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_registered", {})
    verification.register_verification("sales days", lambda: (3, ["2026-03-02: 5, derived 6"]))
    with pytest.raises(ValueError, match="twice"):
        verification.register_verification("sales days", lambda: (0, []))
    report = verification.verify()
    assert not report.is_sound
    assert report.checks[-1].samples == ("2026-03-02: 5, derived 6",)


def test_rolled_up_days_count_each_transfer_once(books: None) -> None:
    before = list(FunderDay.objects.values())
    roll_up_all()
    assert list(FunderDay.objects.values()) == before
    [total] = funder_totals(list(funder_accounts()))
    assert (total.earned, total.redeemed, total.reversed) == (150, 70, 30)
    assert (total.outstanding, total.owed_by_members) == (50, 70)
