"""A member takes a reward: points and goods move together, in one transaction, or not at all.

Locks: the members (through the ledger), the redemption, the stock. A deadline of ours ends an hour
before the hold in the ledger does, so that points and goods come free in the same moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils import timezone

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, retry_when_raced
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.kernel.provenance import Origin
from mallard.value.ledger import services as ledger
from mallard.value.ledger.fingerprints import fingerprint
from mallard.value.ledger.locks import Records, lock_records
from mallard.value.ledger.models import FunderKind
from mallard.value.loyalty.queries import programme, tier_names
from mallard.value.loyalty.standing import tiers_at
from mallard.value.rewards.errors import (
    CollectionOver,
    DeskClosed,
    HoldOver,
    KeyReused,
    LimitReached,
    MembershipClosed,
    NotFamily,
    NotHeld,
    NotWaiting,
    QuantityInvalid,
    RewardClosed,
    RewardUnknown,
    TierTooLow,
    WrongDesk,
)
from mallard.value.rewards.events import RewardCollected, RewardConfirmed
from mallard.value.rewards.inputs import RedemptionInput
from mallard.value.rewards.kinds import RewardKind, kind_of
from mallard.value.rewards.locks import lock_redemption
from mallard.value.rewards.models import Desk, Redemption, Reward, Status
from mallard.value.rewards.permissions import REDEEM_REWARD
from mallard.value.rewards.queries import reward_of, taken_by, visible_desk, visible_redemption
from mallard.value.rewards.rules import MAX_QUANTITY, counts_since, is_offered, new_code
from mallard.value.rewards.services.proving import prove_presence
from mallard.value.rewards.services.stock import hand_out, reserve
from mallard.value.wallets.queries import may_spend_of, refuse_spending_early
from mallard.world.members.models import Member, MemberStatus

SOURCE_KIND = "reward"
REASON = "reward"
LEDGER_SLACK = dt.timedelta(hours=1)

retry_when_raced("rewards_redemption_key_key", "rewards_redemption_code_key")

_ORIGINS = {
    ActorKind.API: Origin.API,
    ActorKind.SYSTEM: Origin.IMPORT,
    ActorKind.MEMBER: Origin.SOURCE,
}


@atomic_retrying
def place_redemption(
    wanted: RedemptionInput, *, is_confirmed: bool = False, actor: Actor
) -> Redemption:
    """Hold points and goods for a member; with ``is_confirmed`` the points are spent at once.

    A known key with the same content gives the first redemption, as it is now. Raises
    `RewardClosed`, `DeskClosed`, `TierTooLow`, `LimitReached`, `OutOfStock`, the ledger's
    `InsufficientPoints` and `MemberUnknown`, `KeyReused`, where the member's code is needed the
    refusals of `memberweb.services.spend_code`; then nothing has changed.
    """
    actor.require(REDEEM_REWARD)
    desk = visible_desk(actor, wanted.desk_id)
    return place_at(desk, wanted, is_confirmed=is_confirmed, actor=actor)


def place_at(
    desk: Desk, wanted: RedemptionInput, *, is_confirmed: bool = False, actor: Actor
) -> Redemption:
    """As `place_redemption`, for whoever may use this desk; inside the caller's transaction."""
    reward = reward_of(wanted.reward_id)
    if not 1 <= wanted.quantity <= MAX_QUANTITY:
        message = QuantityInvalid.message % {"limit": MAX_QUANTITY}
        raise QuantityInvalid(limit=MAX_QUANTITY, fields={"quantity": message})
    records = lock_records({wanted.member_id, *wanted.payers})
    content = fingerprint(
        "reward", wanted.member_id, reward.pk, desk.pk, wanted.quantity, *wanted.payers
    )
    known = Redemption.objects.select_related("reward", "desk__mall").filter(key=wanted.key).first()
    if known is not None:
        if known.fingerprint != content:
            raise KeyReused()
        return known
    prove_presence(wanted, actor=actor)
    at = now()
    kind = _check(wanted, reward, desk, records[wanted.member_id], at=at)
    _check_payers(wanted, records)
    row = _new(wanted, reward, desk, content, at=at, actor=actor)
    held = ledger.place_hold(
        _spending(row), deadline_at=row.deadline_at + LEDGER_SLACK, actor=actor
    )
    row.hold_id = held.hold_id
    row.save(force_insert=True)
    if is_confirmed:
        _confirm(row, kind, actor=actor)
    reserve(row)
    if is_confirmed and row.status == Status.COLLECTED:
        hand_out(row, actor=actor)
    return row


@atomic_retrying
def confirm_redemption(redemption_id: UUID, *, actor: Actor) -> Redemption:
    """Spend the points that were held. Confirming again changes nothing.

    Raises `NotHeld` for one that ended, `HoldOver` after its deadline.
    """
    return confirm_locked(locked_redemption(redemption_id, actor), actor=actor)


def confirm_locked(row: Redemption, *, actor: Actor) -> Redemption:
    """As `confirm_redemption`, for whoever may act on this one; the caller holds its locks."""
    if row.status in (Status.CONFIRMED, Status.COLLECTED):
        return row
    if row.status != Status.HELD:
        raise NotHeld(status=row.get_status_display())
    if row.deadline_at <= now():
        raise HoldOver()
    _confirm(row, known_kind(row.reward), actor=actor)
    if row.status == Status.COLLECTED:
        hand_out(row, actor=actor)
    return row


@atomic_retrying
def collect_redemption(
    redemption_id: UUID, *, desk_id: UUID | None = None, actor: Actor
) -> Redemption:
    """Hand over what was confirmed; the goods leave the desk's stock. Once: a second time is
    refused (`NotWaiting`), and so is handing over soon after a change of phone. Raises
    `CollectionOver`, `WrongDesk` when they lie elsewhere."""
    row = locked_redemption(redemption_id, actor)
    if row.status != Status.CONFIRMED:
        raise NotWaiting(status=row.get_status_display())
    refuse_spending_early({row.member_id, *payers_of(row)})
    at = now()
    if row.collect_by is not None and row.collect_by <= at:
        raise CollectionOver()
    if desk_id is not None and desk_id != row.desk_id:
        raise WrongDesk(desk=row.desk.name)
    row.status, row.collected_at = Status.COLLECTED, at
    row.save(update_fields=["status", "collected_at"])
    hand_out(row, actor=actor)
    _tell_collected(row, actor)
    return row


def locked_redemption(redemption_id: UUID, actor: Actor) -> Redemption:
    """A redemption that the actor sees, under the locks of its members and its own row."""
    actor.require(REDEEM_REWARD)
    return lock_seen(visible_redemption(actor, redemption_id))


def lock_seen(seen: Redemption) -> Redemption:
    """The redemption under the locks of its members and its own row."""
    lock_records({seen.member_id, *payers_of(seen)})
    return lock_redemption(seen.pk)


def payers_of(row: Redemption) -> tuple[UUID, ...]:
    return tuple(UUID(each) for each in row.payers)


def known_kind(reward: Reward) -> RewardKind:
    """The reward's kind. Raises `RewardUnknown` when the app that brought it is gone."""
    kind = kind_of(reward.kind)
    if kind is None:
        raise RewardUnknown()
    return kind


def _check(
    wanted: RedemptionInput, reward: Reward, desk: Desk, records: Records, *, at: dt.datetime
) -> RewardKind:
    """Whether this member may take this reward here and now."""
    kind = known_kind(reward)
    if not is_offered(
        at, starts_at=reward.starts_at, ends_at=reward.ends_at, closed_at=reward.closed_at
    ):
        raise RewardClosed(reward=reward.name)
    if desk.closed_at is not None:
        raise DeskClosed(desk=desk.name)
    status = Member.objects.values_list("status", flat=True).get(pk=records.survivor)
    if status != MemberStatus.OPEN:
        raise MembershipClosed()
    _check_tier(reward, records.survivor, day=timezone.localtime(at, desk.mall.zone).date())
    if reward.member_limit is not None:
        since = counts_since(at, reward.limit_days)
        taken = taken_by(records.members, reward.pk, since=since)
        if taken + wanted.quantity > reward.member_limit:
            raise LimitReached(limit=reward.member_limit, taken=taken)
    if kind.fulfilment is not None:
        kind.fulfilment.check(reward)
    return kind


def _check_payers(wanted: RedemptionInput, records: Mapping[UUID, Records]) -> None:
    """Whoever pays besides the member gave them the right to spend. Raises `NotFamily`."""
    own = records[wanted.member_id].members
    for payer in wanted.payers:
        theirs = records[payer].members
        if payer not in own and not may_spend_of(own, theirs):
            raise NotFamily()


def _check_tier(reward: Reward, member_id: UUID, *, day: dt.date) -> None:
    if not reward.least_tier:
        return
    facts = programme()
    needed = facts.tier_on(reward.least_tier, day)
    [reached] = tiers_at([(member_id, day)], facts).values()
    # A tier that begins later is known to no scheme of today, and nobody has it.
    if needed is None or reached is None or reached.rank < needed.rank:
        tier = tier_names().get(reward.least_tier, reward.least_tier)
        raise TierTooLow(reward=reward.name, tier=tier)


def _new(
    wanted: RedemptionInput,
    reward: Reward,
    desk: Desk,
    content: int,
    *,
    at: dt.datetime,
    actor: Actor,
) -> Redemption:
    return Redemption(
        id=uuid7(),
        code=new_code(),
        key=wanted.key,
        fingerprint=content,
        member_id=wanted.member_id,
        reward=reward,
        desk=desk,
        quantity=wanted.quantity,
        points=reward.points * wanted.quantity,
        price_minor=reward.price_minor * wanted.quantity,
        cost_minor=reward.cost_minor * wanted.quantity,
        currency=reward.currency,
        funder_kind=reward.funder_kind,
        funder_id=reward.funder_id,
        is_counted=reward.is_counted,
        payers=[str(payer) for payer in wanted.payers],
        placed_at=at,
        deadline_at=at + dt.timedelta(minutes=reward.hold_minutes),
        origin=wanted.origin or _ORIGINS.get(actor.kind, Origin.STAFF),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )


def _spending(row: Redemption) -> ledger.Redemption:
    return ledger.Redemption(
        key=f"reward:{row.id}",
        member_id=row.member_id,
        redemption_account_id=ledger.open_redemption(FunderKind.MALL, row.desk.mall_id),
        points=row.points,
        source_kind=SOURCE_KIND,
        source_id=row.id,
        reason=REASON,
        occurred_at=row.placed_at,
        recorded_at=row.placed_at,
        group_id=row.id,
        further_wallets=payers_of(row),
    )


def _confirm(row: Redemption, kind: RewardKind, *, actor: Actor) -> None:
    """Spend what is held, deliver what needs no handing over. The caller holds the locks."""
    if row.hold_id is None:
        raise NotHeld(status=row.get_status_display())
    at = now()
    spent = ledger.post_hold(row.hold_id, group_id=row.id, actor=actor)
    row.points_key = spent.key
    row.status, row.confirmed_at = Status.CONFIRMED, at
    row.collect_by = at + dt.timedelta(days=row.reward.collect_days)
    if not kind.is_collected:
        row.status, row.collected_at = Status.COLLECTED, at
    row.save(update_fields=["points_key", "status", "confirmed_at", "collect_by", "collected_at"])
    if kind.fulfilment is not None:
        kind.fulfilment.deliver(row, actor=actor)
    announce(
        [
            RewardConfirmed(
                subject_id=row.id,
                member_id=row.member_id,
                reward_id=row.reward_id,
                desk_id=row.desk_id,
                points=row.points,
            )
        ],
        actor=actor,
    )
    if row.status == Status.COLLECTED:
        _tell_collected(row, actor)


def _tell_collected(row: Redemption, actor: Actor) -> None:
    announce(
        [
            RewardCollected(
                subject_id=row.id,
                member_id=row.member_id,
                reward_id=row.reward_id,
                desk_id=row.desk_id,
            )
        ],
        actor=actor,
    )


def accounts_of_malls(mall_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The account that a mall's counters take points into, for each mall."""
    return {
        mall_id: ledger.open_redemption(FunderKind.MALL, mall_id) for mall_id in sorted(mall_ids)
    }
