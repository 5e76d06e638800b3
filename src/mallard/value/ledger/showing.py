"""How pages call accounts, transfers and sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.parts import Badge, Tone
from mallard.value.ledger.models import Account, AccountKind, FunderKind, Transfer, TransferKind
from mallard.value.ledger.sources import SourceLink, links_for, reason_label
from mallard.world.malls.models import Brand, Mall, Tenant

OWNERS: dict[str, Any] = {
    FunderKind.MALL: Mall,
    FunderKind.TENANT: Tenant,
    FunderKind.BRAND: Brand,
}

_TONES: dict[str, Tone] = {
    TransferKind.ACCRUE: "success",
    TransferKind.RESTORE: "success",
    TransferKind.UNMERGE: "success",
    TransferKind.REVIVE: "success",
    TransferKind.REDEEM: "accent",
    TransferKind.SETTLE: "warning",
    TransferKind.OWE: "warning",
    TransferKind.REVERSE: "warning",
    TransferKind.RECOVER: "warning",
}


def kind_badge(kind: str) -> Badge:
    """What a transfer did, as a badge."""
    return Badge(TransferKind(kind).label, _TONES.get(kind, "neutral"))


def owner_names(accounts: Collection[Account]) -> dict[UUID, str]:
    """Names of the malls, tenants and brands that own these accounts, by account id."""
    by_kind: dict[str, set[UUID]] = {}
    for account in accounts:
        if account.owner_kind and account.owner_id:
            by_kind.setdefault(account.owner_kind, set()).add(account.owner_id)
    names = {
        owner.pk: owner.name
        for kind, ids in by_kind.items()
        if kind in OWNERS
        for owner in OWNERS[kind].objects.filter(pk__in=ids)
    }
    return {
        account.id: names.get(account.owner_id, FunderKind(account.owner_kind).label)
        for account in accounts
        if account.owner_kind and account.owner_id
    }


def account_name(account: Account, owners: dict[UUID, str]) -> str:
    """“Wallet”, or kind and owner: “Funder: Lakeside”."""
    kind = AccountKind(account.kind).label
    owner = owners.get(account.id)
    return f"{kind}: {owner}" if owner else str(kind)


def amount_for_member(transfer: Transfer) -> int:
    """The amount as the member feels it: what leaves a wallet is negative."""
    leaves = transfer.debit_account.kind == AccountKind.WALLET
    owes = transfer.kind == TransferKind.OWE
    return -transfer.amount if leaves or owes else transfer.amount


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer ready to be shown."""

    transfer: Transfer
    url: str
    kind: Badge
    amount: int
    debit: str
    credit: str
    reason: Any
    source: SourceLink | None


def transfer_rows(transfers: Iterable[Transfer], actor: Actor) -> list[TransferRow]:
    """Rows with names and links; the number of statements does not depend on their number."""
    shown = list(transfers)
    ends = [a for transfer in shown for a in (transfer.debit_account, transfer.credit_account)]
    owners = owner_names(ends)
    links = links_for({(t.source_kind, t.source_id) for t in shown}, actor)
    return [
        TransferRow(
            transfer,
            reverse("ledger:transfer", args=[transfer.id]),
            kind_badge(transfer.kind),
            amount_for_member(transfer),
            account_name(transfer.debit_account, owners),
            account_name(transfer.credit_account, owners),
            reason_text(transfer.reason),
            links.get((transfer.source_kind, transfer.source_id)),
        )
        for transfer in shown
    ]


def source_cell(link: SourceLink | None) -> Any:
    """A source as a cell or fact: a link where there is one."""
    if link is None:
        return None
    if not link.url:
        return link.label
    return format_html('<a href="{}">{}</a>', link.url, link.label)


def reason_text(reason: str) -> Any:
    """A reason in the reader's language where a program wrote it."""
    own = {"expired": _("Expired"), "unmerged": _("Records were taken apart")}
    return own.get(reason) or reason_label(reason)
