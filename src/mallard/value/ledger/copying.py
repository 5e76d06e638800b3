"""A member's points and their movements, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mallard.value.ledger.models import Hold, Lot, Transfer, Wallet
from mallard.world.members.copies import (
    Part,
    Row,
    Subject,
    leave_out,
    plain,
    register_part,
    theirs,
    worded,
)

_WALLETS = {"balance": _("Balance"), "held": _("Held"), "owed": _("Owed")}
_TRANSFERS = {
    "occurred_at": _("When"), "kind": _("What happened"), "amount": _("Points"),
    "expires_at": _("Expires"),
}  # fmt: skip
_LOTS = {
    "amount": _("Points"), "remaining": _("Left"), "matures_at": _("Can be spent from"),
    "expires_at": _("Expires"),
}  # fmt: skip
_HOLDS = {"placed_at": _("When"), "points": _("Points"), "status": _("State")}


def _transfers(subject: Subject) -> Iterable[Row]:
    for row in theirs(Transfer, subject):
        told = {code: getattr(row, code) for code in _TRANSFERS}
        yield told | {"kind": worded(row, "kind")}


def _holds(subject: Subject) -> Iterable[Row]:
    for row in theirs(Hold, subject):
        told = {code: getattr(row, code) for code in _HOLDS}
        yield told | {"status": worded(row, "status")}


def register() -> None:
    for part in (
        Part(
            "wallets", _("Points"), ("ledger.Wallet",), _WALLETS,
            lambda subject: plain(theirs(Wallet, subject), _WALLETS), 40,
        ),
        Part(
            "transfers", _("Movements of points"), ("ledger.Transfer",), _TRANSFERS, _transfers, 41
        ),
        Part(
            "lots", _("Lots of points"), ("ledger.Lot",), _LOTS,
            lambda subject: plain(theirs(Lot, subject), _LOTS), 42,
        ),
        Part("holds", _("Points held"), ("ledger.Hold",), _HOLDS, _holds, 43),
    ):  # fmt: skip
        register_part(part)
    leave_out("ledger.Account", because="holds nothing but ids")
    leave_out("ledger.Receivable", because="what is owed stands with the wallet")
