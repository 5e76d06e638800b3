"""Stock of rewards at desks. Every change is a movement; none lets a figure fall below zero."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, retry_when_raced
from mallard.kernel.ids import uuid7
from mallard.value.rewards.errors import (
    KeyReused,
    NotCounted,
    OutOfStock,
    QuantityInvalid,
    ReasonNeeded,
    SameDesk,
    StockPromised,
)
from mallard.value.rewards.locks import lock_stocks
from mallard.value.rewards.models import (
    Desk,
    MovementKind,
    Redemption,
    Reward,
    Stock,
    StockMovement,
)
from mallard.value.rewards.permissions import MOVE_STOCK
from mallard.value.rewards.queries import reward_of, visible_desk
from mallard.value.rewards.rules import MAX_STOCK

retry_when_raced("rewards_movement_key")


@dataclass(frozen=True, slots=True)
class _Act:
    """One act on stock: all its movements carry its key."""

    key: str
    reward: Reward
    actor: Actor
    reason: str

    def move(
        self,
        stock: Stock,
        kind: MovementKind,
        quantity: int,
        *,
        group_id: UUID,
        part: int = 0,
        redemption: Redemption | None = None,
    ) -> StockMovement:
        """Change a locked stock by ``quantity`` and say so."""
        stock.on_hand += quantity
        Stock.objects.filter(reward_id=stock.reward_id, desk_id=stock.desk_id).update(
            on_hand=stock.on_hand
        )
        return StockMovement.objects.create(
            key=self.key,
            part=part,
            group_id=group_id,
            reward_id=stock.reward_id,
            desk_id=stock.desk_id,
            kind=kind,
            quantity=quantity,
            on_hand_after=stock.on_hand,
            reason=self.reason,
            redemption=redemption,
            recorded_at=now(),
            actor_kind=self.actor.kind.value,
            actor_id=self.actor.id,
            actor_label=self.actor.label[:200],
        )


@atomic_retrying
def receive_stock(
    *, reward_id: UUID, desk_id: UUID, quantity: int, key: str, reason: str = "", actor: Actor
) -> StockMovement:
    """Goods arrived at a desk. A known key gives the first movement again."""
    act, desk = _begin(reward_id, desk_id, key, reason, actor)
    _check_quantity(quantity)
    known = _known(act, MovementKind.RECEIVE, quantity, desk)
    if known:
        return known
    stock = lock_stocks(reward_id, [desk_id])[desk_id]
    return act.move(stock, MovementKind.RECEIVE, quantity, group_id=uuid7())


@atomic_retrying
def count_stock(
    *, reward_id: UUID, desk_id: UUID, counted: int, key: str, reason: str = "", actor: Actor
) -> StockMovement:
    """Somebody counted: the stock is ``counted`` from now on, the difference is a movement.

    A difference needs a reason. Raises `StockPromised` when fewer were counted than are promised
    to members: cancel those first, so that nobody comes in vain.
    """
    act, desk = _begin(reward_id, desk_id, key, reason, actor)
    _check_quantity(counted, least=0)
    known = StockMovement.objects.filter(key=key).first()
    if known is not None:
        return _same(known, MovementKind.COUNT, known.quantity, desk)
    stock = lock_stocks(reward_id, [desk_id])[desk_id]
    if counted < stock.reserved:
        raise StockPromised(reserved=stock.reserved)
    if counted != stock.on_hand and not act.reason:
        raise ReasonNeeded(fields={"reason": ReasonNeeded.message})
    return act.move(stock, MovementKind.COUNT, counted - stock.on_hand, group_id=uuid7())


@atomic_retrying
def correct_stock(
    *, reward_id: UUID, desk_id: UUID, quantity: int, key: str, reason: str, actor: Actor
) -> StockMovement:
    """Add or take ``quantity`` (broken, given away, found) with a reason."""
    act, desk = _begin(reward_id, desk_id, key, reason, actor)
    if not act.reason:
        raise ReasonNeeded(fields={"reason": ReasonNeeded.message})
    _check_quantity(abs(quantity))
    known = _known(act, MovementKind.CORRECT, quantity, desk)
    if known:
        return known
    stock = lock_stocks(reward_id, [desk_id])[desk_id]
    _check_free(stock, desk, -quantity)
    return act.move(stock, MovementKind.CORRECT, quantity, group_id=uuid7())


@atomic_retrying
def send_stock(
    *,
    reward_id: UUID,
    desk_id: UUID,
    to_desk_id: UUID,
    quantity: int,
    key: str,
    reason: str = "",
    actor: Actor,
) -> StockMovement:
    """Goods went from one desk to another; both ends are one act. Returns the sending end."""
    act, desk = _begin(reward_id, desk_id, key, reason, actor)
    if to_desk_id == desk_id:
        raise SameDesk(fields={"to_desk": SameDesk.message})
    visible_desk(actor, to_desk_id)
    _check_quantity(quantity)
    known = _known(act, MovementKind.SEND, -quantity, desk)
    if known:
        return known
    stocks = lock_stocks(reward_id, [desk_id, to_desk_id])
    _check_free(stocks[desk_id], desk, quantity)
    group_id = uuid7()
    sent = act.move(stocks[desk_id], MovementKind.SEND, -quantity, group_id=group_id)
    act.move(stocks[to_desk_id], MovementKind.ARRIVE, quantity, group_id=group_id, part=1)
    return sent


def reserve(redemption: Redemption) -> None:
    """Promise goods to a redemption: one conditional update, the last thing before the commit.
    Raises `OutOfStock`."""
    if not redemption.is_counted:
        return
    asked = redemption.quantity
    here = Stock.objects.filter(reward_id=redemption.reward_id, desk_id=redemption.desk_id)
    if not here.filter(on_hand__gte=F("reserved") + asked).update(reserved=F("reserved") + asked):
        stock = here.first()
        raise OutOfStock(free=stock.free if stock else 0, desk=redemption.desk.name, asked=asked)


def release(redemption: Redemption) -> None:
    """Take a promise back."""
    if redemption.is_counted:
        Stock.objects.filter(reward_id=redemption.reward_id, desk_id=redemption.desk_id).update(
            reserved=F("reserved") - redemption.quantity
        )


def hand_out(redemption: Redemption, *, actor: Actor) -> None:
    """What was promised leaves the desk."""
    if not redemption.is_counted:
        return
    stock = lock_stocks(redemption.reward_id, [redemption.desk_id])[redemption.desk_id]
    release(redemption)
    act = _Act(f"hand_out:{redemption.id}", redemption.reward, actor, "")
    act.move(
        stock,
        MovementKind.HAND_OUT,
        -redemption.quantity,
        group_id=redemption.id,
        redemption=redemption,
    )


def take_back(redemption: Redemption, *, reason: str, actor: Actor) -> None:
    """What was handed out comes back to its desk."""
    if not redemption.is_counted:
        return
    stock = lock_stocks(redemption.reward_id, [redemption.desk_id])[redemption.desk_id]
    act = _Act(f"take_back:{redemption.id}", redemption.reward, actor, reason)
    act.move(
        stock,
        MovementKind.TAKE_BACK,
        redemption.quantity,
        group_id=redemption.id,
        redemption=redemption,
    )


def _begin(
    reward_id: UUID, desk_id: UUID, key: str, reason: str, actor: Actor
) -> tuple[_Act, Desk]:
    actor.require(MOVE_STOCK)
    desk = visible_desk(actor, desk_id)
    reward = reward_of(reward_id)
    if not reward.is_counted:
        raise NotCounted(reward=reward.name)
    return _Act(key, reward, actor, reason.strip()[:200]), desk


def _check_quantity(quantity: int, *, least: int = 1) -> None:
    if not least <= quantity <= MAX_STOCK:
        message = QuantityInvalid.message % {"limit": MAX_STOCK}
        raise QuantityInvalid(limit=MAX_STOCK, fields={"quantity": message})


def _check_free(stock: Stock, desk: Desk, asked: int) -> None:
    if asked > stock.free:
        raise OutOfStock(free=stock.free, desk=desk.name, asked=asked)


def _known(act: _Act, kind: MovementKind, quantity: int, desk: Desk) -> StockMovement | None:
    found = StockMovement.objects.filter(key=act.key, part=0).first()
    return _same(found, kind, quantity, desk) if found else None


def _same(found: StockMovement, kind: MovementKind, quantity: int, desk: Desk) -> StockMovement:
    if (found.kind, found.quantity, found.desk_id) != (kind, quantity, desk.pk):
        raise KeyReused()
    return found
