"""Opening accounts: once each, however many ask at the same time."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.value.ledger.errors import MemberUnknown
from mallard.value.ledger.models import POINTS, AccountKind, FunderKind
from mallard.value.ledger.statements import array, later, run

_OPEN_OWNED = """
WITH found AS (
    SELECT id FROM ledger_account
    WHERE kind = $2 AND unit = $3 AND owner_kind = $4 AND owner_id = $5 AND member_id IS NULL
), opened AS (
    INSERT INTO ledger_account (id, kind, unit, owner_kind, owner_id, opened_at)
    SELECT $1::uuid, $2, $3, $4, $5::uuid, $6::timestamptz WHERE NOT EXISTS (SELECT FROM found)
    ON CONFLICT (member_id, kind, unit, owner_kind, owner_id) DO NOTHING RETURNING id
)
SELECT id FROM found UNION ALL SELECT id FROM opened
"""


@atomic_retrying
def open_funder(kind: FunderKind, owner_id: UUID, *, unit: str = POINTS) -> UUID:
    """The account of a mall, tenant, brand or bank that bears the cost of points; opens it the
    first time. ``owner_id`` is the mall's, tenant's … id."""
    return _open_owned(AccountKind.FUNDER, kind, owner_id, unit)


_FUNDERS = """
SELECT a.owner_kind, a.owner_id, a.id
FROM unnest($1::text[], $2::uuid[]) AS asked (owner_kind, owner_id)
JOIN ledger_account a ON a.kind = 'funder' AND a.unit = $3 AND a.member_id IS NULL
    AND a.owner_kind = asked.owner_kind AND a.owner_id = asked.owner_id
"""


def open_funders(
    owners: Collection[tuple[FunderKind, UUID]], *, unit: str = POINTS
) -> dict[tuple[FunderKind, UUID], UUID]:
    """The accounts of many funders in one statement; those that have none are opened, in one
    order for everybody, so that two batches do not wait for each other in a circle.

    Accounts that were there are remembered in the process for some seconds: every receipt of a
    store asks for the same two.
    """
    wanted = sorted(set(owners))
    clock = time.monotonic()
    accounts = {
        owner: entry[1]
        for owner in wanted
        if (entry := _known_funders.get((*owner, unit))) is not None and entry[0] > clock
    }
    unknown = [owner for owner in wanted if owner not in accounts]
    if unknown:
        accounts |= _read_funders(unknown, unit, until=clock + FUNDERS_SECONDS)
    for kind, owner_id in wanted:
        if (kind, owner_id) not in accounts:
            accounts[kind, owner_id] = open_funder(kind, owner_id, unit=unit)
    return accounts


FUNDERS_SECONDS = 5.0
MAX_KNOWN_FUNDERS = 10_000

_known_funders: dict[tuple[FunderKind, UUID, str], tuple[float, UUID]] = {}


def forget_funders() -> None:
    """Drop what `open_funders` remembers in this process."""
    _known_funders.clear()


def _read_funders(
    owners: Sequence[tuple[FunderKind, UUID]], unit: str, *, until: float
) -> dict[tuple[FunderKind, UUID], UUID]:
    kinds = array(kind.value for kind, _owner in owners)
    found = run(_FUNDERS, [kinds, array(owner for _kind, owner in owners), unit])
    accounts = {(FunderKind(kind), owner): account for kind, owner, account in found}

    def remember() -> None:
        if len(_known_funders) + len(accounts) > MAX_KNOWN_FUNDERS:
            _known_funders.clear()
        _known_funders.update(
            {(kind, owner, unit): (until, account) for (kind, owner), account in read.items()}
        )

    # After the commit: this very transaction may have opened one of them, and be rolled back.
    read = dict(accounts)
    transaction.on_commit(remember)
    return accounts


@atomic_retrying
def open_redemption(kind: FunderKind, owner_id: UUID, *, unit: str = POINTS) -> UUID:
    """The account that spent points go to: whose counter accepted them."""
    return _open_owned(AccountKind.REDEMPTION, kind, owner_id, unit)


def _open_owned(account: AccountKind, kind: FunderKind, owner_id: UUID, unit: str) -> UUID:
    # A concurrent opener wins the unique index; its row is seen by the second attempt.
    for _attempt in range(2):
        found = run(
            _OPEN_OWNED, [uuid7(), account.value, unit, FunderKind(kind).value, owner_id, now()]
        )
        if found:
            opened: UUID = found[0][0]
            return opened
    raise RuntimeError(f"account {account} of {kind} {owner_id} can be neither found nor opened")


# Accounts and wallets of members who have none yet.
_OPEN_WALLETS = """
WITH input AS (
    SELECT t.id, t.member_id FROM unnest($1::uuid[], $2::uuid[]) AS t (id, member_id)
    JOIN members_member m ON m.id = t.member_id ORDER BY t.member_id
), accounts AS (
    INSERT INTO ledger_account (id, kind, unit, member_id, opened_at)
    SELECT id, 'wallet', $3, member_id, $4::timestamptz FROM input
    ON CONFLICT (member_id, kind, unit, owner_kind, owner_id) DO NOTHING
    RETURNING id, member_id, unit
)
INSERT INTO ledger_wallet (account_id, member_id, unit, balance, held, owed)
SELECT id, member_id, unit, 0, 0, 0 FROM accounts
"""

_WALLETS = """
SELECT member_id, account_id FROM ledger_wallet WHERE member_id = ANY ($1::uuid[]) AND unit = $2
"""


_OPEN_MISSING_WALLETS = _OPEN_WALLETS.replace(
    "JOIN members_member m ON m.id = t.member_id ORDER BY t.member_id",
    "JOIN members_member m ON m.id = t.member_id WHERE NOT EXISTS ("
    " SELECT FROM ledger_wallet w WHERE w.member_id = t.member_id AND w.unit = $3"
    ") ORDER BY t.member_id",
)


def open_missing_wallets(member_ids: Collection[UUID], *, unit: str = POINTS) -> None:
    """See to it that members have a wallet before points are posted; one statement that travels
    with the posting. For a transaction that holds the members' locks."""
    wanted = list(dict.fromkeys(member_ids))
    if wanted:
        later(_OPEN_MISSING_WALLETS, [array(uuid7() for _ in wanted), array(wanted), unit, now()])


@atomic_retrying
def open_wallets(
    member_ids: Collection[UUID], *, actor: Actor, unit: str = POINTS
) -> dict[UUID, UUID]:
    """The wallet account of each member, opened where there is none. Raises
    `MemberUnknown`."""
    wanted = list(dict.fromkeys(member_ids))
    wallets: dict[UUID, UUID] = dict(_wallets(wanted, unit))
    missing = [member for member in wanted if member not in wallets]
    if missing:
        run(_OPEN_WALLETS, [array(uuid7() for _ in missing), array(missing), unit, now()])
        wallets.update(_wallets(missing, unit))
        if len(wallets) < len(wanted):
            raise MemberUnknown()
    return wallets


def _wallets(member_ids: list[UUID], unit: str) -> list[tuple[UUID, UUID]]:
    found = run(_WALLETS, [array(member_ids), unit])
    return [(member, account) for member, account in found]


_OPEN_RECEIVABLES = """
WITH input AS (
    SELECT t.id, t.member_id, t.funder_id, a.owner_kind, a.owner_id
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS t (id, member_id, funder_id)
    JOIN ledger_account a ON a.id = t.funder_id
), accounts AS (
    INSERT INTO ledger_account (id, kind, unit, member_id, owner_kind, owner_id, opened_at)
    SELECT id, 'receivable', $4, member_id, owner_kind, owner_id, $5::timestamptz FROM input
    ON CONFLICT (member_id, kind, unit, owner_kind, owner_id) DO NOTHING
    RETURNING id
)
INSERT INTO ledger_receivable (account_id, member_id, funder_id, unit, owed)
SELECT id, member_id, funder_id, $4, 0 FROM input WHERE id IN (SELECT id FROM accounts)
"""

_RECEIVABLES = """
SELECT member_id, funder_id, account_id FROM ledger_receivable
WHERE member_id = ANY ($1::uuid[]) AND unit = $2
"""


def open_receivables(
    pairs: Collection[tuple[UUID, UUID]], *, unit: str = POINTS
) -> dict[tuple[UUID, UUID], UUID]:
    """The receivable account of each (member, funder account), opened where there is none.

    Inside the caller's transaction, which holds the members' locks.
    """
    wanted = sorted(set(pairs))
    members = sorted({member for member, _funder in wanted})

    def found() -> dict[tuple[UUID, UUID], UUID]:
        rows = run(_RECEIVABLES, [array(members), unit])
        return {(member, funder): account for member, funder, account in rows}

    receivables = found()
    missing = [pair for pair in wanted if pair not in receivables]
    if missing:
        run(
            _OPEN_RECEIVABLES,
            [
                array(uuid7() for _ in missing),
                array(member for member, _funder in missing),
                array(funder for _member, funder in missing),
                unit,
                now(),
            ],
        )
        receivables = found()
    return receivables
