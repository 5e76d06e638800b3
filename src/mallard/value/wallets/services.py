"""Every write of wallets: freezing, changing with four eyes, giving, and telling of expiry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.clock import now
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying, retry_when_raced
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.kernel.secrets.services import open_keys
from mallard.value.ledger import services as ledger
from mallard.value.ledger.errors import AmountNotPositive, LotUnknown
from mallard.value.ledger.fingerprints import fingerprint
from mallard.value.ledger.locks import lock_records
from mallard.value.ledger.models import FunderKind, Lot
from mallard.value.wallets import asking
from mallard.value.wallets.errors import (
    AlreadyFrozen,
    FunderUnknown,
    GiftTooLarge,
    KeyReused,
    NotCoolingDown,
    NotFrozen,
    ReasonNeeded,
    RequestDecided,
    SamePerson,
)
from mallard.value.wallets.events import (
    CoolDownLifted,
    PointsExpiring,
    PointsGiven,
    WalletFrozen,
    WalletReleased,
)
from mallard.value.wallets.models import (
    CoolDownLift,
    Freeze,
    MemberGift,
    PointsRequest,
    RequestKind,
    RequestStatus,
)
from mallard.value.wallets.permissions import (
    APPROVE_REQUEST,
    CHANGE_POINTS,
    FREEZE_WALLET,
    GIVE_POINTS,
    LIFT_COOL_DOWN,
)
from mallard.value.wallets.queries import (
    cooling_until,
    freeze_context,
    freeze_of,
    given_since,
    lift_context,
    refuse_cooling_down,
    release_context,
    request_context,
    visible_request,
)
from mallard.value.wallets.settings import (
    ALONE_UP_TO,
    GIFT_DAY_LIMIT,
    GIFT_YEAR_LIMIT,
)
from mallard.world.malls.models import Brand, Mall, Tenant
from mallard.world.members.queries import visible_member

SOURCE_KIND = "points_request"
GIFT_SOURCE = "gift"
LEAST_REASON, MOST_REASON = 5, 200
NOTICE_DAYS = 30
NOTICE_BATCH = 5_000

retry_when_raced(
    "wallets_frozen_once", "wallets_pointsrequest_key_key", "wallets_membergift_key_key"
)

_FUNDERS: dict[str, Any] = {
    FunderKind.MALL: Mall,
    FunderKind.TENANT: Tenant,
    FunderKind.BRAND: Brand,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeInput:
    """What somebody wants done with a member's points.

    For `ADJUST` ``points`` (negative takes) at the cost of a funder, living until ``expires_at``;
    for `EXTEND` and `REVIVE` the ``lot_id`` and its new ``expires_at``.
    """

    key: str
    kind: RequestKind
    member_id: UUID
    reason: str
    points: int = 0
    funder_kind: str = ""
    funder_id: UUID | None = None
    lot_id: UUID | None = None
    expires_at: dt.datetime | None = None


@atomic_retrying
def freeze_wallet(member_id: UUID, *, reason: str, actor: Actor) -> Freeze:
    """Let nothing be spent from this person's wallets; earning goes on. Raises `AlreadyFrozen`."""
    actor.require(FREEZE_WALLET)
    member = visible_member(actor, member_id)
    text = _checked_reason(reason)
    records = lock_records({member.pk})[member.pk].members
    if freeze_of(records) is not None:
        raise AlreadyFrozen()
    id_ = uuid7()
    row = Freeze.objects.create(
        id=id_,
        member=member,
        reason_sealed=_sealed(member.pk, text, freeze_context(id_)),
        frozen_at=now(),
        frozen_by_label=_label(actor),
    )
    audit.record(actor, "wallets.wallet_frozen", "member", member.pk)
    announce([WalletFrozen(subject_id=member.pk)], actor=actor)
    return row


@atomic_retrying
def release_wallet(member_id: UUID, *, reason: str, actor: Actor) -> None:
    """Let the points be spent again. Raises `NotFrozen`."""
    actor.require(FREEZE_WALLET)
    member = visible_member(actor, member_id)
    text = _checked_reason(reason)
    records = lock_records({member.pk})[member.pk].members
    row = freeze_of(records)
    if row is None:
        raise NotFrozen()
    row.released_at = now()
    row.release_reason_sealed = _sealed(row.member_id, text, release_context(row.id))
    row.save(update_fields=["released_at", "release_reason_sealed"])
    audit.record(actor, "wallets.wallet_released", "member", member.pk)
    announce([WalletReleased(subject_id=member.pk)], actor=actor)


@atomic_retrying
def lift_cool_down(member_id: UUID, *, reason: str, actor: Actor) -> CoolDownLift:
    """Let the points be spent before the time after a change of phone is over; for giving them
    away it is over, too. A later change begins anew. Raises `NotCoolingDown`."""
    actor.require(LIFT_COOL_DOWN)
    member = visible_member(actor, member_id)
    text = _checked_reason(reason)
    records = lock_records({member.pk})[member.pk].members
    if cooling_until(records) is None:
        raise NotCoolingDown()
    id_ = uuid7()
    row = CoolDownLift.objects.create(
        id=id_,
        member=member,
        lifted_at=now(),
        lifted_by_label=_label(actor),
        reason_sealed=_sealed(member.pk, text, lift_context(id_)),
    )
    audit.record(actor, "wallets.cool_down_lifted", "member", member.pk)
    announce([CoolDownLifted(subject_id=member.pk)], actor=actor)
    return row


@atomic_retrying
def request_change(change: ChangeInput, *, actor: Actor) -> PointsRequest:
    """Change points, or, above `ALONE_UP_TO`, ask a second person to (a task of kind approval).

    A known key with the same content gets the first request, as it is now. Raises what the ledger
    refuses, `ReasonNeeded`, `FunderUnknown`, `KeyReused`.
    """
    actor.require(CHANGE_POINTS)
    member = visible_member(actor, change.member_id)
    text = _checked_reason(change.reason)
    lock_records({member.pk})
    content = fingerprint(
        change.kind, member.pk, change.points, change.funder_id, change.lot_id, change.expires_at
    )
    known = PointsRequest.objects.filter(key=change.key).first()
    if known is not None:
        if known.fingerprint != content:
            raise KeyReused()
        return known
    points = _points_of(change)
    id_ = uuid7()
    row = PointsRequest(
        id=id_,
        key=change.key,
        fingerprint=content,
        kind=change.kind,
        member=member,
        points=points,
        funder_kind=change.funder_kind,
        funder_id=change.funder_id,
        lot_id=change.lot_id,
        expires_at=change.expires_at,
        reason_sealed=_sealed(member.pk, text, request_context(id_)),
        status=RequestStatus.WAITING,
        is_second_needed=abs(points) > ALONE_UP_TO.value,
        asked_at=now(),
        asked_by_id=actor.id,
        asked_by_label=_label(actor),
    )
    if row.is_second_needed:
        row.save(force_insert=True)
        asking.ask(row, actor=actor)
    else:
        row.status = RequestStatus.DONE
        row.save(force_insert=True)
        _apply(row, actor=actor)
    _audit(row, "asked", actor)
    return row


@atomic_retrying
def decide_request(request_id: UUID, *, is_approved: bool, actor: Actor) -> PointsRequest:
    """A second person agrees, and the points change; or refuses, and nothing does.

    Raises `SamePerson`, `RequestDecided`, and what the ledger refuses by now.
    """
    actor.require(APPROVE_REQUEST)
    seen = visible_request(actor, request_id)
    lock_records({seen.member_id})
    row = PointsRequest.objects.select_for_update().get(pk=request_id)
    if row.status != RequestStatus.WAITING:
        raise RequestDecided()
    if actor.id is not None and actor.id == row.asked_by_id:
        raise SamePerson()
    row.status = RequestStatus.DONE if is_approved else RequestStatus.REFUSED
    row.decided_at, row.decided_by_id, row.decided_by_label = now(), actor.id, _label(actor)
    row.save(update_fields=["status", "decided_at", "decided_by_id", "decided_by_label"])
    if is_approved:
        _apply(row, actor=actor)
    asking.settle(row, actor=actor)
    _audit(row, "approved" if is_approved else "refused", actor)
    return row


@atomic_retrying
def give_points(
    *, giver_id: UUID, receiver_id: UUID, points: int, key: str, actor: Actor
) -> MemberGift:
    """Move points from one member to another within the limits of a day and a year.

    Raises `GiftTooLarge`, `CoolingDown` after a change of phone, `WalletFrozen`, and what the
    ledger refuses.
    """
    actor.require(GIVE_POINTS)
    giver, receiver = visible_member(actor, giver_id), visible_member(actor, receiver_id)
    records = lock_records({giver.pk, receiver.pk})[giver.pk].members
    known = MemberGift.objects.filter(key=key).first()
    if known is not None:
        if (known.giver_id, known.receiver_id, known.points) != (giver.pk, receiver.pk, points):
            raise KeyReused()
        return known
    at = now()
    for limit, days in ((GIFT_DAY_LIMIT.value, 1), (GIFT_YEAR_LIMIT.value, 365)):
        left = limit - given_since(records, at - dt.timedelta(days=days))
        if points > left:
            raise GiftTooLarge(limit=limit, days=days, left=max(left, 0))
    refuse_cooling_down(records, at=at)
    id_ = uuid7()
    ledger.give_points(
        ledger.Gift(
            key=f"gift:{id_}",
            giver_id=giver.pk,
            receiver_id=receiver.pk,
            points=points,
            source_kind=GIFT_SOURCE,
            source_id=id_,
            reason="gift",
            recorded_at=at,
            group_id=id_,
        ),
        actor=actor,
    )
    row = MemberGift.objects.create(
        id=id_,
        key=key,
        giver=giver,
        receiver=receiver,
        points=points,
        given_at=at,
        actor_label=_label(actor),
    )
    audit.record(actor, "wallets.points_given", "member", giver.pk, after={"points": points})
    announce(
        [PointsGiven(subject_id=id_, giver_id=giver.pk, receiver_id=receiver.pk, points=points)],
        actor=actor,
    )
    return row


# The lots are cut by the day on which they expire (UTC); a merged record counts for its survivor.
_EXPIRING = """
INSERT INTO wallets_expirynotice (member_id, expires_on, points, announced_at)
SELECT coalesce(m.merged_into_id, m.id), (l.expires_at AT TIME ZONE 'UTC')::date,
    sum(l.remaining - l.held), %s
FROM ledger_lot l JOIN members_member m ON m.id = l.member_id
WHERE l.remaining > l.held AND l.expires_at > %s AND l.expires_at <= %s AND m.status = 'open'
    AND NOT EXISTS (
        SELECT FROM wallets_expirynotice n
        WHERE n.member_id = coalesce(m.merged_into_id, m.id)
            AND n.expires_on = (l.expires_at AT TIME ZONE 'UTC')::date
    )
GROUP BY 1, 2 ORDER BY 2, 1 LIMIT %s
ON CONFLICT DO NOTHING
RETURNING member_id, expires_on, points
"""


@atomic_retrying
def announce_expiring(*, actor: Actor) -> int:
    """Announce whose points expire within 30 days, once for each member and day; returns how many.
    Call again while it is `NOTICE_BATCH`."""
    at = now()
    soon = at + dt.timedelta(days=NOTICE_DAYS)
    rows = fetch_rows(_EXPIRING, [at, at, soon, NOTICE_BATCH])
    announce(
        [
            PointsExpiring(subject_id=member_id, expires_on=day, points=int(points))
            for member_id, day, points in rows
        ],
        actor=actor,
    )
    return len(rows)


def _points_of(change: ChangeInput) -> int:
    """How many points a change is about, which decides who may do it alone."""
    if change.kind == RequestKind.ADJUST:
        if change.points == 0:
            raise AmountNotPositive(amount=0, fields={"points": AmountNotPositive.message})
        owners = _FUNDERS.get(change.funder_kind)
        if owners is None or not owners.objects.filter(pk=change.funder_id).exists():
            raise FunderUnknown(fields={"funder": FunderUnknown.message})
        return change.points
    lot = Lot.objects.filter(pk=change.lot_id, member_id__in=_records(change.member_id)).first()
    if lot is None:
        raise LotUnknown()
    is_all = change.kind == RequestKind.REVIVE or not lot.remaining
    return lot.amount if is_all else lot.remaining


def _records(member_id: UUID) -> tuple[UUID, ...]:
    return lock_records({member_id})[member_id].members


def _apply(row: PointsRequest, *, actor: Actor) -> None:
    at = now()
    if row.kind == RequestKind.ADJUST:
        if row.funder_id is None:
            raise FunderUnknown()
        ledger.open_wallets({row.member_id}, actor=actor)
        ledger.adjust(
            ledger.Adjustment(
                key=f"request:{row.id}",
                member_id=row.member_id,
                funder_id=ledger.open_funder(FunderKind(row.funder_kind), row.funder_id),
                points=row.points,
                reason="adjusted",
                source_kind=SOURCE_KIND,
                source_id=row.id,
                recorded_at=at,
                expires_at=row.expires_at if row.points > 0 else None,
                group_id=row.id,
            ),
            actor=actor,
        )
        return
    if row.lot_id is None or row.expires_at is None:
        raise LotUnknown()
    if row.kind == RequestKind.EXTEND:
        ledger.extend_lot(row.lot_id, expires_at=row.expires_at, at=at)
        return
    ledger.revive_lot(
        ledger.Revival(
            key=f"request:{row.id}",
            lot_id=row.lot_id,
            expires_at=row.expires_at,
            source_kind=SOURCE_KIND,
            source_id=row.id,
            reason="reinstated",
            recorded_at=at,
            group_id=row.id,
        ),
        actor=actor,
    )


def _audit(row: PointsRequest, verb: str, actor: Actor) -> None:
    after = {"kind": row.kind, "points": row.points, "status": row.status}
    audit.record(actor, f"wallets.request_{verb}", "points_request", row.pk, after=after)


def _checked_reason(reason: str) -> str:
    text = " ".join(reason.split())
    if not LEAST_REASON <= len(text) <= MOST_REASON:
        raise ReasonNeeded(fields={"reason": ReasonNeeded.message})
    return text


def _sealed(member_id: UUID, text: str, context: str) -> bytes:
    return open_keys([member_id])[member_id].seal(text.encode(), context)


def _label(actor: Actor) -> str:
    return actor.label[:200]
