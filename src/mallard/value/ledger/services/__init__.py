"""Every write of the ledger. Other apps call these names and no other module's."""

from __future__ import annotations

from mallard.value.ledger.services.accounts import (
    open_funder,
    open_funders,
    open_missing_wallets,
    open_redemption,
    open_wallets,
)
from mallard.value.ledger.services.accruals import post_accruals
from mallard.value.ledger.services.adjusting import adjust
from mallard.value.ledger.services.expiry import expire_due
from mallard.value.ledger.services.holds import place_hold, post_hold, void_due_holds, void_hold
from mallard.value.ledger.services.lives import (
    Gift,
    Revival,
    extend_lot,
    give_points,
    revive_lot,
)
from mallard.value.ledger.services.redemptions import redeem
from mallard.value.ledger.services.renewing import end_lots_at
from mallard.value.ledger.services.restoring import reverse_redemption
from mallard.value.ledger.services.reversals import reverse_accruals
from mallard.value.ledger.services.unmerging import separate_wallets
from mallard.value.ledger.types import (
    Accrual,
    Adjustment,
    Expired,
    PlacedHold,
    PostedAccrual,
    Redeemed,
    Redemption,
    Restoration,
    Restored,
    Reversal,
    Reversed,
)

__all__ = [
    "Accrual",
    "Adjustment",
    "Expired",
    "Gift",
    "PlacedHold",
    "PostedAccrual",
    "Redeemed",
    "Redemption",
    "Restoration",
    "Restored",
    "Reversal",
    "Reversed",
    "Revival",
    "adjust",
    "end_lots_at",
    "expire_due",
    "extend_lot",
    "give_points",
    "open_funder",
    "open_funders",
    "open_missing_wallets",
    "open_redemption",
    "open_wallets",
    "place_hold",
    "post_accruals",
    "post_hold",
    "redeem",
    "reverse_accruals",
    "reverse_redemption",
    "revive_lot",
    "separate_wallets",
    "void_due_holds",
    "void_hold",
]
