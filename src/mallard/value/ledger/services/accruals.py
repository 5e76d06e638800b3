"""Earning points: the hot path, one statement for a whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.value.ledger import fingerprints
from mallard.value.ledger.errors import KeyReused
from mallard.value.ledger.models import POINTS, TransferKind
from mallard.value.ledger.postings import EarlierTransfer, earlier_postings
from mallard.value.ledger.rules import check_accruals
from mallard.value.ledger.services.accounts import open_wallets
from mallard.value.ledger.services.settling import settle_receivables
from mallard.value.ledger.statements import array, is_in_transaction, run
from mallard.value.ledger.types import Accrual, PostedAccrual

# Members are locked first (`ready` has to be complete before the first row is inserted), then
# transfers, lots and wallets follow from one another. A key that exists already drops out at the
# insert, after waiting for whoever is just posting it; a member without a wallet drops out at the
# join. Both are looked after by the caller. `owes` says that something may be to settle: on the
# wallet itself, as it is after waiting for its row, or, wherever records are merged, on another
# record of the person: which one that is, the settling finds out.
POST = """
WITH input AS MATERIALIZED (
    SELECT * FROM unnest(
        $1::uuid[], $2::text[], $3::bigint[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[],
        $8::uuid[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[],
        $13::timestamptz[], $14::uuid[]
    ) AS t (id, key, fingerprint, member_id, funder_id, amount, source_kind, source_id, reason,
            occurred_at, recorded_at, matures_at, expires_at, group_id)
), locked AS MATERIALIZED (
    SELECT id FROM members_member WHERE id = ANY ($15::uuid[]) ORDER BY id FOR NO KEY UPDATE
), ready AS MATERIALIZED (
    SELECT count(*) AS members FROM locked
), posted AS (
    INSERT INTO ledger_transfer (
        id, group_id, debit_account_id, credit_account_id, member_id, amount, unit, kind,
        source_kind, source_id, reason, key, part, fingerprint, occurred_at, recorded_at,
        matures_at, expires_at, actor_kind, actor_id)
    SELECT i.id, i.group_id, i.funder_id, w.account_id, i.member_id, i.amount, w.unit, $16,
        i.source_kind, i.source_id, i.reason, i.key, 0, i.fingerprint, i.occurred_at,
        i.recorded_at, i.matures_at, i.expires_at, $17, $18::uuid
    FROM ready, input i JOIN ledger_wallet w ON w.member_id = i.member_id AND w.unit = $19
    WHERE ready.members >= 0
    ON CONFLICT (key, part) DO NOTHING
    RETURNING id, credit_account_id, member_id, debit_account_id, amount, matures_at, expires_at
), lots AS (
    INSERT INTO ledger_lot (
        transfer_id, account_id, member_id, funder_id, amount, remaining, held, matures_at,
        expires_at)
    SELECT id, credit_account_id, member_id, debit_account_id, amount, amount, 0, matures_at,
        expires_at
    FROM posted
), credited AS (
    UPDATE ledger_wallet w SET balance = w.balance + s.amount
    FROM (
        SELECT credit_account_id, sum(amount) AS amount FROM posted GROUP BY credit_account_id
    ) s
    WHERE w.account_id = s.credit_account_id
    RETURNING w.member_id, w.owed
)
SELECT (SELECT count(*) FROM posted) AS count, (
    SELECT array_agg(id) FROM posted WHERE (SELECT count(*) FROM posted) < $20
) AS posted, (
    SELECT array_agg(c.member_id) FROM credited c
    WHERE c.owed > 0 OR EXISTS (
        SELECT FROM members_member m WHERE m.merged_into_id = c.member_id
    ) OR EXISTS (
        SELECT FROM members_member m WHERE m.id = c.member_id AND m.merged_into_id IS NOT NULL
    )
) AS owes
"""


# The same for one accrual outside a transaction: atomic by itself, so one round trip. It needs no
# member lock, because it waits for nothing but its key and its wallet's row; who owes something is
# left to the transaction that also settles.
POST_ONE = """
WITH wallet AS MATERIALIZED (
    SELECT w.account_id, w.unit FROM ledger_wallet w
    WHERE w.member_id = $4 AND w.unit = $18 AND w.owed = 0 AND NOT EXISTS (
        SELECT FROM members_member m WHERE m.merged_into_id = $4
    ) AND NOT EXISTS (
        SELECT FROM members_member m WHERE m.id = $4 AND m.merged_into_id IS NOT NULL
    )
), posted AS (
    INSERT INTO ledger_transfer (
        id, group_id, debit_account_id, credit_account_id, member_id, amount, unit, kind,
        source_kind, source_id, reason, key, part, fingerprint, occurred_at, recorded_at,
        matures_at, expires_at, actor_kind, actor_id)
    SELECT $1, $14, $5, w.account_id, $4, $6, w.unit, $15, $7, $8, $9, $2, 0, $3, $10, $11, $12,
        $13, $16, $17
    FROM wallet w
    ON CONFLICT (key, part) DO NOTHING
    RETURNING credit_account_id
), lots AS (
    INSERT INTO ledger_lot (
        transfer_id, account_id, member_id, funder_id, amount, remaining, held, matures_at,
        expires_at)
    SELECT $1, credit_account_id, $4, $5, $6, $6, 0, $12, $13 FROM posted
)
UPDATE ledger_wallet w SET balance = w.balance + $6
FROM posted p WHERE w.account_id = p.credit_account_id RETURNING w.owed
"""


def post_accruals(
    accruals: Sequence[Accrual],
    *,
    actor: Actor,
    members_locked: bool = False,
    kind: TransferKind = TransferKind.ACCRUE,
) -> list[PostedAccrual]:
    """Post points that members earned; one answer each, in order. All or none.

    A key posted before with the same content gets the first answer again (`is_replay`); a wallet
    is opened at the first accrual; what the member owes is settled from the new points. One
    statement whatever the number, a few more when there are replays, new members or debts.

    ``members_locked``: the caller's transaction holds the members' rows. Raises `KeyReused`,
    `MemberUnknown`, and what `rules.check_accruals` refuses.
    """
    check_accruals(accruals)
    if not accruals:
        return []
    if len(accruals) == 1 and not is_in_transaction():
        answer = _post_alone(accruals[0], actor=actor, kind=kind) or _known(accruals[0], kind)
        if answer is not None:
            return [answer]
    return _post_together(accruals, actor=actor, kind=kind, lock=not members_locked)


def _post_alone(accrual: Accrual, *, actor: Actor, kind: TransferKind) -> PostedAccrual | None:
    """Post one accrual by one statement; None if it takes more than that, and nothing was done."""
    transfer_id = uuid7()
    rows = run(
        POST_ONE,
        [
            transfer_id,
            accrual.key,
            fingerprints.of_accrual(accrual, kind),
            accrual.member_id,
            accrual.funder_id,
            accrual.points,
            accrual.source_kind,
            accrual.source_id,
            accrual.reason,
            accrual.occurred_at,
            accrual.recorded_at,
            accrual.matures_at,
            accrual.expires_at,
            accrual.group_id,
            kind.value,
            actor.kind.value,
            actor.id,
            POINTS,
        ],
    )
    if not rows:
        return None
    # A return that committed while this waited for the wallet's row left a debt behind.
    settled = _settle_alone(accrual, transfer_id, actor=actor, kind=kind) if rows[0][0] else 0
    return PostedAccrual(accrual.key, transfer_id, accrual.points, settled, False)


def _known(accrual: Accrual, kind: TransferKind) -> PostedAccrual | None:
    """The first answer, if the key exists."""
    transfers = earlier_postings([accrual.key]).get(accrual.key)
    return _first_answer(accrual, transfers, kind) if transfers else None


@atomic_retrying
def _settle_alone(accrual: Accrual, transfer_id: UUID, *, actor: Actor, kind: TransferKind) -> int:
    settled = settle_receivables([(accrual, transfer_id)], actor=actor, kind=kind)
    return settled.get(accrual.key, 0)


@atomic_retrying
def _post_together(
    accruals: Sequence[Accrual], *, actor: Actor, kind: TransferKind, lock: bool
) -> list[PostedAccrual]:
    ids = [uuid7() for _ in accruals]
    answers = _post(accruals, ids, actor=actor, kind=kind, lock=lock)
    if len(answers) < len(accruals):
        _answer_the_rest(accruals, ids, answers, actor=actor, kind=kind)
    return [answers[transfer_id] for transfer_id in ids]


def _post(
    accruals: Sequence[Accrual],
    ids: Sequence[UUID],
    *,
    actor: Actor,
    kind: TransferKind,
    lock: bool,
) -> dict[UUID, PostedAccrual]:
    """Post what is new; returns its answers by the ids given."""
    members = [accrual.member_id for accrual in accruals]
    columns = parameters(accruals, ids, members if lock else [], actor, kind)
    [(count, posted, owing)] = run(POST, columns)
    new = frozenset(ids if count == len(ids) else posted or ())
    settled: dict[str, int] = {}
    if owing:
        debtors = frozenset(owing)
        fresh = [
            (accrual, transfer_id)
            for accrual, transfer_id in zip(accruals, ids, strict=True)
            if transfer_id in new and accrual.member_id in debtors
        ]
        settled = settle_receivables(fresh, actor=actor, kind=kind)
    return {
        transfer_id: PostedAccrual(
            accrual.key, transfer_id, accrual.points, settled.get(accrual.key, 0), False
        )
        for accrual, transfer_id in zip(accruals, ids, strict=True)
        if transfer_id in new
    }


def parameters(
    accruals: Sequence[Accrual],
    ids: Sequence[UUID],
    lock: Sequence[UUID],
    actor: Actor,
    kind: TransferKind,
) -> list[object]:
    """The columns of `POST`. ``lock`` names the members whose rows are to be locked."""
    return [
        array(list(ids)),
        array([accrual.key for accrual in accruals]),
        array([fingerprints.of_accrual(accrual, kind) for accrual in accruals]),
        array([accrual.member_id for accrual in accruals]),
        array([accrual.funder_id for accrual in accruals]),
        array([accrual.points for accrual in accruals]),
        array([accrual.source_kind for accrual in accruals]),
        array([accrual.source_id for accrual in accruals]),
        array([accrual.reason for accrual in accruals]),
        array([accrual.occurred_at for accrual in accruals]),
        array([accrual.recorded_at for accrual in accruals]),
        array([accrual.matures_at for accrual in accruals]),
        array([accrual.expires_at for accrual in accruals]),
        array([accrual.group_id for accrual in accruals]),
        array(list(lock)),
        kind.value,
        actor.kind.value,
        actor.id,
        POINTS,
        len(ids),
    ]


def _answer_the_rest(
    accruals: Sequence[Accrual],
    ids: Sequence[UUID],
    answers: dict[UUID, PostedAccrual],
    *,
    actor: Actor,
    kind: TransferKind,
) -> None:
    """Answer what the statement left out: repeated keys, and members who had no wallet."""
    rest = [
        (accrual, transfer_id)
        for accrual, transfer_id in zip(accruals, ids, strict=True)
        if transfer_id not in answers
    ]
    answers.update(_replays(rest, kind))
    homeless = [(accrual, new_id) for accrual, new_id in rest if new_id not in answers]
    if not homeless:
        return
    open_wallets([accrual.member_id for accrual, _id in homeless], actor=actor)
    again = [accrual for accrual, _id in homeless]
    again_ids = [new_id for _accrual, new_id in homeless]
    answers.update(_post(again, again_ids, actor=actor, kind=kind, lock=True))
    # A key that stands twice in the batch is answered by its first posting.
    answers.update(_replays([pair for pair in homeless if pair[1] not in answers], kind))


def _replays(rest: Sequence[tuple[Accrual, UUID]], kind: TransferKind) -> dict[UUID, PostedAccrual]:
    """First answers of the keys that exist, by the id that the repetition was given."""
    if not rest:
        return {}
    earlier = earlier_postings([accrual.key for accrual, _id in rest])
    return {
        new_id: _first_answer(accrual, earlier[accrual.key], kind)
        for accrual, new_id in rest
        if accrual.key in earlier
    }


def _first_answer(
    accrual: Accrual, transfers: Sequence[EarlierTransfer], kind: TransferKind
) -> PostedAccrual:
    first = transfers[0]
    if first.fingerprint != fingerprints.of_accrual(accrual, kind):
        raise KeyReused(key=accrual.key)
    settled = sum(t.amount for t in transfers if t.kind == TransferKind.SETTLE)
    return PostedAccrual(accrual.key, first.id, first.amount, settled, True)
