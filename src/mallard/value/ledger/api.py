"""Points over HTTP: what a member has, where it came from, where it went."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.value.ledger import queries
from mallard.value.ledger.models import Lot, Transfer
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.ledger.showing import amount_for_member
from mallard.world.members.queries import visible_member

router = Router(tags=["ledger"])


class WalletOut(Schema):
    """A member's points now; records merged into the member count as theirs."""

    member_id: UUID
    balance: int = Field(description="available + held + maturing", examples=[1234])
    available: int = Field(description="Can be spent now.", examples=[1000])
    held: int = Field(description="Pinned for baskets that are not paid yet.", examples=[34])
    maturing: int = Field(description="Earned, but not to be spent yet.", examples=[200])
    owed: int = Field(description="Settled first from the next points.", examples=[0])
    expiring: int = Field(description="Of available and maturing, within 30 days.", examples=[50])
    next_expiry_at: dt.datetime | None


class LotOut(Schema):
    """Points that came together, from one funder, with one life."""

    id: UUID = Field(description="The id of the transfer that opened the lot.")
    amount: int
    remaining: int
    held: int
    matures_at: dt.datetime
    expires_at: dt.datetime | None = Field(description="null: never")
    reason: str = Field(examples=["1 point for each 1.00"])
    source_kind: str = Field(examples=["receipt"])
    source_id: UUID


class TransferOut(Schema):
    """One movement of points, as the member feels it."""

    id: UUID
    group_id: UUID = Field(description="Transfers of one group were posted together.")
    kind: str = Field(examples=["accrue"])
    amount: int = Field(description="Negative: points went away.", examples=[120])
    reason: str
    source_kind: str
    source_id: UUID
    reverses_id: UUID | None
    occurred_at: dt.datetime
    recorded_at: dt.datetime


class LotQuery(Schema):
    spent: bool = Field(False, description="Also lots of which nothing is left.")


@router.get("/members/{member_id}/points", response=WalletOut, summary="A member's points")
@requires(VIEW_WALLET)
def read_wallet(request: HttpRequest, member_id: UUID) -> WalletOut:
    """What the member has, may spend, and owes. 404 for a member out of the key's scope."""
    member = visible_member(actor_of(request), member_id)
    view = queries.wallet_of([member.pk])[member.pk]
    return WalletOut(
        member_id=member.pk,
        balance=view.balance,
        available=view.available,
        held=view.held,
        maturing=view.maturing,
        owed=view.owed,
        expiring=view.expiring,
        next_expiry_at=view.next_expiry_at,
    )


@router.get("/members/{member_id}/lots", response=Page[LotOut], summary="A member's lots")
@requires(VIEW_WALLET)
def list_lots(
    request: HttpRequest,
    member_id: UUID,
    page: PageParameters,
    wanted: Annotated[LotQuery, Query()],
) -> Page[LotOut]:
    """The member's lots, the oldest first; from the sales of the stores in the key's scope."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    rows = queries.lots_of(member.pk, actor=actor, with_spent=wanted.spent)
    found = paginate(
        rows, order=("transfer_id",), cursor=page.cursor, limit=page.limit, name="lots"
    )
    return Page(items=[lot_out(lot) for lot in found.rows], next_cursor=found.next_cursor)


def lot_out(lot: Lot) -> LotOut:
    """A lot with its transfer fetched."""
    return LotOut(
        id=lot.pk,
        amount=lot.amount,
        remaining=lot.remaining,
        held=lot.held,
        matures_at=lot.matures_at,
        expires_at=lot.expires_at,
        reason=lot.transfer.reason,
        source_kind=lot.transfer.source_kind,
        source_id=lot.transfer.source_id,
    )


@router.get(
    "/members/{member_id}/transfers", response=Page[TransferOut], summary="A member's transfers"
)
@requires(VIEW_WALLET)
def list_transfers(
    request: HttpRequest, member_id: UUID, page: PageParameters
) -> Page[TransferOut]:
    """What moved the member's points, newest first; by sales of the stores in the key's scope."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    found = paginate(
        queries.transfers_of(member.pk, actor=actor),
        order=("-id",),
        cursor=page.cursor,
        limit=page.limit,
        name="transfers",
    )
    return Page(
        items=[transfer_out(transfer) for transfer in found.rows], next_cursor=found.next_cursor
    )


def transfer_out(transfer: Transfer) -> TransferOut:
    """A transfer with its debit account fetched."""
    return TransferOut(
        id=transfer.id,
        group_id=transfer.group_id,
        kind=transfer.kind,
        amount=amount_for_member(transfer),
        reason=transfer.reason,
        source_kind=transfer.source_kind,
        source_id=transfer.source_id,
        reverses_id=transfer.reverses_id,
        occurred_at=transfer.occurred_at,
        recorded_at=transfer.recorded_at,
    )
