"""Rewards over HTTP: what there is, and a redemption from hold to hand-over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.responses import Status as HttpStatus

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import HEADER, caller_of, idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.kernel.ids import uuid7
from mallard.value.rewards import queries, services
from mallard.value.rewards.errors import DeskUnknown, RewardUnknown
from mallard.value.rewards.inputs import RedemptionInput
from mallard.value.rewards.models import Desk, Redemption, Reward
from mallard.value.rewards.permissions import REDEEM_REWARD, VIEW_REWARD
from mallard.value.rewards.rules import MAX_QUANTITY
from mallard.world.members.queries import visible_member, visible_members

router = Router(tags=["rewards"])

Code = Annotated[str, Field(min_length=1, max_length=40)]


class StockOut(Schema):
    desk: str = Field(examples=["EAST-DESK"])
    free: int = Field(description="In stock and promised to nobody.")


class RewardOut(Schema):
    """What points buy, and where there is some."""

    code: str
    kind: str = Field(examples=["goods"])
    name_en: str
    name_zh: str
    points: int
    price_minor: int = Field(description="Paid on top of the points.")
    currency: str
    least_tier: str = Field(description="Empty: everybody.")
    member_limit: int | None
    limit_days: int | None
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    is_counted: bool = Field(description="false: there is always one.")
    stock: list[StockOut]


class RedemptionIn(Body):
    member_id: UUID
    reward: Code
    desk: Code
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)] = 1
    payers: list[UUID] = Field(
        default_factory=list,
        max_length=10,
        description="Members whose wallets pay after the member's own, in this order.",
    )
    is_confirmed: bool = Field(False, description="Spend the points at once.")
    card_code: str = Field(
        "",
        max_length=600,
        description="The code that changes, as scanned from the member's phone. Needed where the"
        " setting `rewards.code_at_tills` says so, unless this key took one by `POST /card-codes`"
        " within the last minutes.",
    )


class CancelIn(Body):
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    is_goods_back: bool = Field(True, description="Of one that was handed over.")


class RedemptionOut(Schema):
    id: UUID
    code: str = Field(description="What the member shows at the desk.")
    status: str = Field(examples=["held", "confirmed", "collected", "cancelled", "lapsed"])
    member_id: UUID | None = Field(description="null: out of the key's scope")
    reward: str
    desk: str
    quantity: int
    points: int
    price_minor: int
    currency: str
    placed_at: dt.datetime
    deadline_at: dt.datetime = Field(description="A hold that is not confirmed by then ends.")
    collect_by: dt.datetime | None
    collected_at: dt.datetime | None


class RedemptionQuery(Schema):
    status: str | None = None


REDEMPTION_EN = {
    "member_id": "0198a2b4-7d1e-7c3a-9f00-1d2c3b4a5968",
    "reward": "UMBRELLA",
    "desk": "EAST-DESK",
}
REDEMPTION_ZH = {**REDEMPTION_EN, "reward": "CINEMA", "quantity": 2, "is_confirmed": True}


@router.get("/rewards", response=Page[RewardOut], summary="List rewards that are offered")
@requires(VIEW_REWARD)
def list_rewards(request: HttpRequest, page: PageParameters) -> Page[RewardOut]:
    """What can be taken now, with the stock of the desks in the key's scope."""
    actor = actor_of(request)
    rows = queries.with_stocks_fetched(queries.offered_rewards(), actor)
    found = paginate(
        rows, order=("points", "id"), cursor=page.cursor, limit=page.limit, name="rewards"
    )
    return Page(items=[_reward_out(row) for row in found.rows], next_cursor=found.next_cursor)


def _reward_out(row: Reward) -> RewardOut:
    stock = [StockOut(desk=one.desk.code, free=one.free) for one in row.stocks.all()]
    same = (
        "code", "kind", "name_en", "name_zh", "points", "price_minor", "currency", "least_tier",
        "member_limit", "limit_days", "starts_at", "ends_at", "is_counted",
    )  # fmt: skip
    return RewardOut(stock=stock, **{name: getattr(row, name) for name in same})


@router.get("/rewards/redemptions", response=Page[RedemptionOut], summary="List redemptions")
@requires(VIEW_REWARD)
def list_redemptions(
    request: HttpRequest, page: PageParameters, wanted: Annotated[RedemptionQuery, Query()]
) -> Page[RedemptionOut]:
    """The redemptions at the desks in the key's scope, newest first."""
    rows = queries.visible_redemptions(actor_of(request))
    if wanted.status is not None:
        rows = rows.filter(status=wanted.status)
    found = paginate(rows, order=("-id",), cursor=page.cursor, limit=page.limit, name="redemptions")
    return Page(items=_out(actor_of(request), found.rows), next_cursor=found.next_cursor)


@router.post(
    "/rewards/redemptions",
    response={201: RedemptionOut},
    openapi_extra=examples(en=REDEMPTION_EN, zh=REDEMPTION_ZH),
    summary="Redeem a reward",
)
@requires(REDEEM_REWARD)
@idempotent(moves_value=True)
def place_redemption(request: HttpRequest, redemption: RedemptionIn) -> HttpStatus[RedemptionOut]:
    """Points and goods are held until confirmed; both, or neither. 409 with too few points, without
    stock, beyond a limit, below the tier."""
    actor = actor_of(request)
    member = visible_member(actor, redemption.member_id)
    payers = tuple(visible_member(actor, payer).pk for payer in redemption.payers)
    key = request.headers.get(HEADER) or str(uuid7())
    row = services.place_redemption(
        RedemptionInput(
            key=f"{caller_of(actor)}:{key}"[:200],
            member_id=member.pk,
            reward_id=_reward_id(redemption.reward),
            desk_id=_desk_id(actor, redemption.desk),
            quantity=redemption.quantity,
            payers=payers,
            card_code=redemption.card_code,
        ),
        is_confirmed=redemption.is_confirmed,
        actor=actor,
    )
    return HttpStatus(201, _out(actor, [row])[0])


@router.get(
    "/rewards/redemptions/{redemption_id}", response=RedemptionOut, summary="Get a redemption"
)
@requires(VIEW_REWARD)
def get_redemption(request: HttpRequest, redemption_id: UUID) -> RedemptionOut:
    """Where it is in its life."""
    actor = actor_of(request)
    return _out(actor, [queries.visible_redemption(actor, redemption_id)])[0]


@router.post(
    "/rewards/redemptions/{redemption_id}/confirm",
    response=RedemptionOut,
    summary="Spend the points of a held redemption",
)
@requires(REDEEM_REWARD)
@idempotent(moves_value=True)
def confirm_redemption(request: HttpRequest, redemption_id: UUID) -> RedemptionOut:
    """Again gives the same answer. 409 once the time to confirm is over."""
    actor = actor_of(request)
    return _out(actor, [services.confirm_redemption(redemption_id, actor=actor)])[0]


@router.post(
    "/rewards/redemptions/{redemption_id}/collect",
    response=RedemptionOut,
    summary="Hand a reward over",
)
@requires(REDEEM_REWARD)
@idempotent(moves_value=True)
def collect_redemption(request: HttpRequest, redemption_id: UUID) -> RedemptionOut:
    """Once: 409 when it was handed over before."""
    actor = actor_of(request)
    return _out(actor, [services.collect_redemption(redemption_id, actor=actor)])[0]


@router.post(
    "/rewards/redemptions/{redemption_id}/cancel",
    response=RedemptionOut,
    openapi_extra=examples(en={"reason": "Changed their mind"}, zh={"reason": "会员改变主意"}),
    summary="Cancel a redemption",
)
@requires(REDEEM_REWARD)
@idempotent(moves_value=True)
def cancel_redemption(request: HttpRequest, redemption_id: UUID, cancel: CancelIn) -> RedemptionOut:
    """The points go back to the lots they came from, once."""
    row = services.cancel_redemption(
        redemption_id,
        reason=cancel.reason,
        is_goods_back=cancel.is_goods_back,
        actor=actor_of(request),
    )
    return _out(actor_of(request), [row])[0]


def _reward_id(code: str) -> UUID:
    found = Reward.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise RewardUnknown()
    return found


def _desk_id(actor: Actor, code: str) -> UUID:
    found: Desk | None = queries.visible_desks(actor).filter(code=code).first()
    if found is None:
        raise DeskUnknown()
    return found.pk


def _out(actor: Actor, rows: Sequence[Redemption]) -> list[RedemptionOut]:
    """Whoever sees a desk learns its members only where they may know of them."""
    members = visible_members(actor).filter(pk__in={row.member_id for row in rows})
    known = set(members.values_list("pk", flat=True)) if rows else set()
    return [_one(row, is_known=row.member_id in known) for row in rows]


def _one(row: Redemption, *, is_known: bool) -> RedemptionOut:
    return RedemptionOut(
        id=row.id,
        code=row.code,
        status=row.status,
        member_id=row.member_id if is_known else None,
        reward=row.reward.code,
        desk=row.desk.code,
        quantity=row.quantity,
        points=row.points,
        price_minor=row.price_minor,
        currency=row.currency,
        placed_at=row.placed_at,
        deadline_at=row.deadline_at,
        collect_by=row.collect_by,
        collected_at=row.collected_at,
    )
