"""Who brought whom, for apps and partners."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.world.members import services
from mallard.world.members.permissions import CHANGE_MEMBER, VIEW_MEMBER
from mallard.world.members.queries import visible_member, visible_members
from mallard.world.members.referrals import referrals_of, referrer_of

router = Router(tags=["members"])


class ReferrerIn(Body):
    referrer: Annotated[str, Field(min_length=1, max_length=16)] = Field(
        description="Referral code or member number."
    )


class ReferralOut(Schema):
    member_id: UUID
    number: str
    since: dt.datetime
    source: str


class ReferralsOut(Schema):
    referrer: ReferralOut | None = Field(description="Who brought the member.")
    friends: list[ReferralOut] = Field(description="Whom the member brought, newest first.")


@router.get("/members/{member_id}/referrals", response=ReferralsOut, summary="Who brought whom")
@requires(VIEW_MEMBER)
def list_referrals(request: HttpRequest, member_id: UUID) -> ReferralsOut:
    """Only members within the key's scope are named."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    by, friends = referrer_of(member.pk), referrals_of(member.pk)
    ids = {row.to_member_id for row in friends} | ({by.from_member_id} if by else set())
    visible = set(visible_members(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return ReferralsOut(
        referrer=ReferralOut(
            member_id=by.from_member_id, number=by.from_member.number, since=by.since,
            source=by.source,
        ) if by and by.from_member_id in visible else None,
        friends=[
            ReferralOut(
                member_id=row.to_member_id, number=row.to_member.number, since=row.since,
                source=row.source,
            )
            for row in friends
            if row.to_member_id in visible
        ],
    )  # fmt: skip


@router.post(
    "/members/{member_id}/referrer",
    response={204: None},
    summary="Say who brought a member",
    openapi_extra=examples(en={"referrer": "K7P2WXQ9"}, zh={"referrer": "M00000422"}),
)
@requires(CHANGE_MEMBER)
@idempotent()
def name_referrer(request: HttpRequest, member_id: UUID, body: ReferrerIn) -> Status[None]:
    """Within the days after joining that the operator allows; said once."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    services.refer_member(member.pk, body.referrer, source="api", actor=actor)
    return Status(204, None)
