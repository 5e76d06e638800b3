"""Every write of the ledger. Higher apps call these names and no other module's."""

from __future__ import annotations

from mallard.value.ledger.services.accounts import open_funder, open_redemption, open_wallets
from mallard.value.ledger.services.accruals import post_accruals
from mallard.value.ledger.services.reversals import reverse_accruals
from mallard.value.ledger.types import (
    Accrual,
    PostedAccrual,
    Reversal,
    Reversed,
)

__all__ = [
    "Accrual",
    "PostedAccrual",
    "Reversal",
    "Reversed",
    "open_funder",
    "open_redemption",
    "open_wallets",
    "post_accruals",
    "reverse_accruals",
]
