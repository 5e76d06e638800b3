"""Reads of the ledger. Figures of a member include every record merged into theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.value.ledger.locks import records_of
from mallard.value.ledger.models import (
    Account,
    AccountKind,
    Hold,
    HoldStatus,
    Lot,
    LotUse,
    Receivable,
    Transfer,
)
from mallard.value.ledger.sources import sources_seen_by
from mallard.value.ledger.statements import array, run

EXPIRING_SOON_DAYS = 30

_POSTED = """
SELECT source_id,
    CASE kind WHEN 'accrue' THEN debit_account_id ELSE credit_account_id END AS funder_id,
    sum(CASE kind WHEN 'accrue' THEN amount ELSE -amount END)::bigint
FROM ledger_transfer
WHERE source_id = ANY ($1::uuid[]) AND kind IN ('accrue', 'reverse', 'recover', 'owe')
GROUP BY 1, 2
"""


def posted_for_sources(source_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], int]:
    """What each source earned from each funder: accrued minus reversed, spent or not.

    Keys are (source id, funder account id); a pair that was reversed in full is there with 0.
    """
    rows = run(_POSTED, [array(list(source_ids))])
    return {(source, funder): points for source, funder, points in rows}


@dataclass(frozen=True, slots=True)
class WalletView:
    """A member's points at one moment, all merged records together.

    ``balance`` = ``available`` + ``held`` + ``maturing``; what has expired counts no more, even
    before the job has written it off. ``expiring`` is the part of ``available`` and ``maturing``
    that expires within `EXPIRING_SOON_DAYS`, the first of it at ``next_expiry_at``. ``owed`` will
    be settled from the next points.
    """

    balance: int = 0
    held: int = 0
    available: int = 0
    maturing: int = 0
    owed: int = 0
    expiring: int = 0
    next_expiry_at: dt.datetime | None = None


# A held lot pays even when it expires meanwhile, so what is held counts until the hold ends.
_WALLETS = """
WITH records AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS t (start, member_id)
), lots AS (
    SELECT r.start, l.held, l.remaining - l.held AS free, l.matures_at, l.expires_at,
        l.expires_at IS NULL OR l.expires_at > $3::timestamptz AS alive
    FROM records r JOIN ledger_lot l ON l.member_id = r.member_id WHERE l.remaining > 0
), points AS (
    SELECT start,
        sum(held) AS held,
        sum(free) FILTER (WHERE alive AND matures_at <= $3::timestamptz) AS available,
        sum(free) FILTER (WHERE alive AND matures_at > $3::timestamptz) AS maturing,
        sum(free) FILTER (WHERE alive AND expires_at <= $4::timestamptz) AS expiring,
        min(expires_at) FILTER (WHERE alive AND free > 0) AS next_expiry_at
    FROM lots GROUP BY start
), debts AS (
    SELECT r.start, sum(w.owed) AS owed
    FROM records r JOIN ledger_wallet w ON w.member_id = r.member_id GROUP BY r.start
)
SELECT d.start, coalesce(p.held, 0)::bigint, coalesce(p.available, 0)::bigint,
    coalesce(p.maturing, 0)::bigint, d.owed::bigint, coalesce(p.expiring, 0)::bigint,
    p.next_expiry_at
FROM debts d LEFT JOIN points p ON p.start = d.start
"""


def wallet_of(
    member_ids: Collection[UUID], *, at: dt.datetime | None = None
) -> dict[UUID, WalletView]:
    """The points of each member at ``at`` (now). Two statements. Raises `MemberUnknown`."""
    if not member_ids:
        return {}
    at = at or now()
    records = records_of(member_ids)
    pairs = [(start, member) for start, found in records.items() for member in found.members]
    soon = at + dt.timedelta(days=EXPIRING_SOON_DAYS)
    rows = run(
        _WALLETS,
        [array(start for start, _m in pairs), array(member for _s, member in pairs), at, soon],
    )
    views = dict.fromkeys(records, WalletView())
    for start, held, available, maturing, owed, expiring, next_expiry_at in rows:
        views[start] = WalletView(
            held + available + maturing, held, available, maturing, owed, expiring, next_expiry_at
        )
    return views


def lots_of(member_id: UUID, *, actor: Actor, with_spent: bool = False) -> QuerySet[Lot]:
    """The member's lots that ``actor`` may know of, with their transfers and funders,
    soonest-expiring first."""
    members = records_of([member_id])[member_id].members
    lots = Lot.objects.filter(member_id__in=members).select_related("transfer", "funder")
    seen = sources_seen_by(actor, path="transfer__")
    if seen is not None:
        lots = lots.filter(seen)
    if not with_spent:
        lots = lots.filter(remaining__gt=0)
    return lots.order_by("expires_at", "matures_at", "transfer_id")


def holds_of(member_id: UUID) -> QuerySet[Hold]:
    """Open holds on the member's lots or by the member."""
    members = records_of([member_id])[member_id].members
    return Hold.objects.filter(
        Q(member_id__in=members) | Q(lots__lot__member_id__in=members), status=HoldStatus.OPEN
    ).distinct()


def receivables_of(member_id: UUID) -> QuerySet[Receivable]:
    """What the member owes now, by funder."""
    members = records_of([member_id])[member_id].members
    return Receivable.objects.filter(member_id__in=members, owed__gt=0).select_related("funder")


def visible_transfers(actor: Actor) -> QuerySet[Transfer]:
    """The transfers whose sources ``actor`` may know of."""
    seen = sources_seen_by(actor)
    return Transfer.objects.all() if seen is None else Transfer.objects.filter(seen)


def transfers_of(member_id: UUID, *, actor: Actor) -> QuerySet[Transfer]:
    """Every transfer that the member's records caused and ``actor`` may know of, newest first."""
    members = records_of([member_id])[member_id].members
    return (
        visible_transfers(actor)
        .filter(member_id__in=members)
        .select_related("debit_account", "credit_account")
        .order_by("-id")
    )


def transfer_with_links(transfer_id: UUID, *, actor: Actor) -> Transfer | None:
    """One transfer with its accounts, lot, lot uses and what reversed it, if ``actor`` may know
    of it."""
    uses = LotUse.objects.select_related("lot__transfer", "lot__funder", "transfer")
    return (
        visible_transfers(actor)
        .filter(id=transfer_id)
        .select_related("debit_account", "credit_account", "lot", "reverses")
        .prefetch_related(
            Prefetch("lot_uses", queryset=uses),
            Prefetch("lot__uses", queryset=uses),
            "reversed_by",
        )
        .first()
    )


def group_of(transfer: Transfer, *, actor: Actor) -> QuerySet[Transfer]:
    """The transfers that were posted together with this one, itself included."""
    return (
        visible_transfers(actor)
        .filter(group_id=transfer.group_id)
        .select_related("debit_account", "credit_account")
        .order_by("id")
    )


@dataclass(frozen=True, slots=True)
class FunderTotal:
    """What one funder's points did so far; ``outstanding`` is what members may still spend."""

    account: Account
    earned: int
    redeemed: int
    expired: int
    reversed: int
    outstanding: int
    owed_by_members: int


_TOTALS = """
SELECT funder_id,
    sum(points) FILTER (WHERE kind IN ('accrue', 'adjust'))::bigint,
    -sum(points) FILTER (WHERE kind IN ('redeem', 'restore', 'unmerge'))::bigint,
    -sum(points) FILTER (WHERE kind IN ('expire', 'revive'))::bigint,
    -sum(points) FILTER (WHERE kind IN ('reverse', 'recover', 'settle'))::bigint,
    sum(points) FILTER (WHERE kind <> 'owe')::bigint
FROM ledger_funderday WHERE funder_id = ANY ($1::uuid[]) GROUP BY funder_id
"""

_OWED = """
SELECT funder_id, sum(owed)::bigint FROM ledger_receivable
WHERE funder_id = ANY ($1::uuid[]) AND owed > 0 GROUP BY funder_id
"""


def funder_accounts() -> QuerySet[Account]:
    """Every funder account, the oldest first."""
    return Account.objects.filter(kind=AccountKind.FUNDER).order_by("opened_at", "id")


def funder_totals(accounts: Collection[Account]) -> list[FunderTotal]:
    """Totals of these funder accounts from the daily rollup (minutes old). Two statements."""
    ids = array(account.id for account in accounts)
    totals = {row[0]: [value or 0 for value in row[1:]] for row in run(_TOTALS, [ids])}
    owed = dict(run(_OWED, [ids]))
    nothing = [0] * 5
    shown = []
    for account in accounts:
        earned, redeemed, expired, reversed_, outstanding = totals.get(account.id, nothing)
        shown.append(
            FunderTotal(
                account, earned, redeemed, expired, reversed_, outstanding, owed.get(account.id, 0)
            )
        )
    return shown
