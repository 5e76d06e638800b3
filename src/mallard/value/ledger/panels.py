"""What the ledger adds to members' screens."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge
from mallard.value.ledger import queries
from mallard.value.ledger.models import Lot
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.ledger.showing import owner_names, reason_text
from mallard.value.ledger.sources import links_for
from mallard.world.members.panels import (
    MemberColumn,
    MemberInView,
    MemberPanel,
    register_column,
    register_panel,
)

LOTS_SHOWN = 12


def register() -> None:
    """Offer the wallet on the 360° page and the balance in the members list."""
    register_panel(
        MemberPanel("wallet", _("Points"), "ledger/wallet_panel.html", VIEW_WALLET, load_wallet, 20)
    )
    register_column(
        MemberColumn("points", _("Points"), VIEW_WALLET, balances, align="end", order=20)
    )


def balances(member_ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Any]:
    """Each member's balance, ready to be read."""
    views = queries.wallet_of(member_ids)
    return {member_id: formats.number(view.balance) for member_id, view in views.items()}


def load_wallet(seen: MemberInView) -> Mapping[str, Any]:
    """Balance, lots with what earned them, holds and debts of a member."""
    member_id = seen.member.pk
    lots = list(queries.lots_of(member_id, actor=seen.actor)[: LOTS_SHOWN + 1])
    # Whom a member owes names the tenants they bought from: the group's business only.
    is_group = seen.actor.scope.is_group
    receivables = list(queries.receivables_of(member_id)) if is_group else []
    owners = owner_names([lot.funder for lot in lots] + [r.funder for r in receivables])
    links = links_for(
        {(t.source_kind, t.source_id) for t in (lot.transfer for lot in lots)}, seen.actor
    )
    return {
        "member": seen.member,
        "wallet": queries.wallet_of([member_id])[member_id],
        "lots": [
            {
                "lot": lot,
                "state": lot_state(lot),
                "funder": owners.get(lot.funder_id, ""),
                "reason": reason_text(lot.transfer.reason),
                "source": links.get((lot.transfer.source_kind, lot.transfer.source_id)),
            }
            for lot in lots[:LOTS_SHOWN]
        ],
        "has_more_lots": len(lots) > LOTS_SHOWN,
        "holds": list(queries.holds_of(member_id)) if is_group else [],
        "is_partial": not is_group,
        "receivables": [
            {"owed": r.owed, "funder": owners.get(r.funder_id, "")} for r in receivables
        ],
    }


def lot_state(lot: Lot) -> Badge:
    """Where in its life a lot is."""
    at = now()
    if lot.expires_at is not None and lot.expires_at <= at:
        return Badge(_("Expired"), "neutral")
    if lot.matures_at > at:
        return Badge(_("Maturing"), "info")
    if lot.held and lot.held == lot.remaining:
        return Badge(_("Held"), "warning")
    return Badge(_("Available"), "success")
