"""Points that were not spent in time go back to their funders."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.value.ledger.fingerprints import fingerprint
from mallard.value.ledger.locks import lock_members
from mallard.value.ledger.lots import expired_lots
from mallard.value.ledger.models import TransferKind
from mallard.value.ledger.postings import Cause, Posting, write
from mallard.value.ledger.statements import run
from mallard.value.ledger.types import Expired, LotState

EXPIRY_BATCH = 2_000
SOURCE = "lot"

_DUE = """
SELECT DISTINCT member_id FROM (
    SELECT member_id FROM ledger_lot
    WHERE remaining > 0 AND remaining > held AND expires_at <= $1::timestamptz
    ORDER BY expires_at LIMIT $2
) AS due
"""


@atomic_retrying
def expire_due(
    *, actor: Actor, at: dt.datetime | None = None, limit: int = EXPIRY_BATCH
) -> Expired:
    """Expire what is unheld in lots whose time is over: one transfer a lot, to its own funder.

    One batch of about ``limit`` lots; call again while `has_more`. What a hold pins is left to
    the hold.
    """
    at = at or now()
    members = [member for (member,) in run(_DUE, [at, limit])]
    if not members:
        return Expired(0, 0, False)
    lock_members(members)
    lots = expired_lots(members, at=at, limit=limit)
    posting = Posting()
    for lot in lots:
        add_expiry(posting, lot, lot.free, at=at)
    write(posting, actor=actor)
    return Expired(len(lots), sum(lot.free for lot in lots), bool(lots))


def add_expiry(
    posting: Posting,
    lot: LotState,
    points: int,
    *,
    at: dt.datetime,
    was_held_by: UUID | None = None,
    came_back_by: str = "",
) -> None:
    """Let ``points`` of an expired lot go back to its funder.

    The key is what makes it happen once: this lot, at this end of its life, or out of this hold,
    or as what came back too late by this act.
    """
    if lot.expires_at is None:
        raise ValueError(f"lot {lot.id} never expires")
    end = f"hold:{was_held_by}" if was_held_by else str(int(lot.expires_at.timestamp() * 1_000_000))
    if came_back_by:
        end = f"back:{came_back_by}"
    cause = Cause(
        key=f"expire:{lot.id}:{end}",
        fingerprint=fingerprint("expire", lot.id, points),
        group_id=uuid7(),
        source_kind=SOURCE,
        source_id=lot.id,
        reason="expired",
        occurred_at=lot.expires_at,
        recorded_at=at,
    )
    transfer_id = posting.add(
        TransferKind.EXPIRE,
        cause,
        debit=lot.account_id,
        credit=lot.funder_id,
        member_id=lot.member_id,
        amount=points,
    )
    posting.use(transfer_id, lot.id, points, unheld=points if was_held_by else 0)
