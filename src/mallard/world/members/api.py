"""Members for tills, apps and partners: authenticate, check, call, return.

Personal values come in bodies, never in addresses: an address ends up in logs and histories.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status
from pydantic import AwareDatetime

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.world.malls.models import Mall, Store
from mallard.world.malls.queries import covers_mall, sees_store
from mallard.world.members import permissions, services
from mallard.world.members.answers import (
    ConsentOut,
    IdentityOut,
    MemberInFullOut,
    MemberOut,
    consent_out,
    fields,
    identity_out,
    in_full,
)
from mallard.world.members.errors import MemberNotFound, PlaceInvalid
from mallard.world.members.inputs import ConsentInput, Enrolment, IdentityInput, MemberRef
from mallard.world.members.lifecycle_api import router as lifecycle_router
from mallard.world.members.models import Consent
from mallard.world.members.portraits import portrait
from mallard.world.members.queries import (
    find_by_identities,
    records_under,
    visible_member,
    visible_members,
)
from mallard.world.members.referral_api import router as referral_router
from mallard.world.members.showing import cards
from mallard.world.members.tag_api import router as tag_router
from mallard.world.members.timeline_api import router as timeline_router

router = Router(tags=["members"])
router.add_router("", tag_router)
router.add_router("", referral_router)
router.add_router("", timeline_router)
router.add_router("", lifecycle_router)

Code = Annotated[str, Field(min_length=1, max_length=40)]
Text = Annotated[str, Field(max_length=80)]
CustomIn = dict[str, Annotated[str, Field(max_length=200)] | list[Code]]
Value = Annotated[str, Field(min_length=1, max_length=200)]


class IdentityIn(Body):
    kind: Code = Field(description="phone, card, email, wechat, alipay or plate")
    value: Value
    is_verified: bool = Field(False, description="The person proved that it is theirs.")


class ConsentIn(Body):
    purpose: Code = Field(
        description="programme, marketing, profiling, share_with_tenant or research"
    )
    is_granted: bool
    channel: Code = Field("any", description="any, sms, phone, email or wechat")
    occurred_at: AwareDatetime | None = None
    source: Text = ""
    proof: Annotated[str, Field(max_length=200)] = ""


class EnrolmentIn(Body):
    profile: dict[Code, Text] = Field(default_factory=dict, max_length=20)
    identities: list[IdentityIn] = Field(min_length=1, max_length=20)
    consents: list[ConsentIn] = Field(default_factory=list, max_length=20)
    tags: list[Code] = Field(default_factory=list, max_length=20)
    custom: CustomIn = Field(default_factory=dict, max_length=60)
    store_code: Code | None = None
    mall_code: Code | None = None
    joined_at: AwareDatetime | None = None
    language: Annotated[str, Field(pattern="^(en|zh-hans)$")] = "zh-hans"
    referrer: Annotated[str, Field(max_length=16)] = Field(
        "", description="Referral code or member number of whoever brought them."
    )


class MemberChangeIn(Body):
    profile: dict[Code, Text] = Field(
        default_factory=dict, max_length=20, description="An empty value forgets a fact."
    )
    language: Annotated[str, Field(pattern="^(en|zh-hans)$")] | None = None
    custom: CustomIn = Field(
        default_factory=dict, max_length=60, description="By code; an empty value forgets one."
    )


class SearchIn(Body):
    kind: Code = Field(
        description="An identity kind, `number` for the member's number, or `card_code` for the"
        " code that changes on the member's phone."
    )
    value: Annotated[str, Field(min_length=1, max_length=600)]


class EnrolledOut(Schema):
    id: UUID
    number: str


class MadeOut(Schema):
    id: UUID


def _place(body: EnrolmentIn, actor: Actor) -> tuple[UUID | None, UUID | None]:
    """Ids of the store and mall named by code. Outside the key's scope they do not exist; a key
    that does not hold the whole group says where."""
    store = Store.objects.filter(code=body.store_code).first() if body.store_code else None
    mall = Mall.objects.filter(code=body.mall_code).first() if body.mall_code else None
    if body.store_code and (store is None or not sees_store(actor.scope, store.id)):
        raise PlaceInvalid(fields={"store_code": PlaceInvalid.message})
    if body.mall_code and (mall is None or not covers_mall(actor.scope, mall.id)):
        raise PlaceInvalid(fields={"mall_code": PlaceInvalid.message})
    if store is None and mall is None and not actor.scope.is_group:
        raise PlaceInvalid(fields={"store_code": PlaceInvalid.message})
    return (store.id if store else None), (mall.id if mall else None)


def _consent(body: ConsentIn) -> ConsentInput:
    return ConsentInput(
        body.purpose,
        is_granted=body.is_granted,
        channel=body.channel,
        occurred_at=body.occurred_at,
        source=body.source,
        proof=body.proof,
    )


def _identity(body: IdentityIn, at: dt.datetime) -> IdentityInput:
    return IdentityInput(body.kind, body.value, verified_at=at if body.is_verified else None)


@router.post(
    "/members",
    response={201: EnrolledOut},
    summary="Enrol a member",
    openapi_extra=examples(
        en={
            "profile": {"name": "Ann Baker", "gender": "female"},
            "identities": [{"kind": "phone", "value": "+1 415 555 2671"}],
            "consents": [{"purpose": "marketing", "channel": "email", "is_granted": True}],
            "store_code": "LAKE-BAKERY",
            "language": "en",
        },
        zh={
            "profile": {"name": "王小明", "birth_date": "1990-05-21"},
            "identities": [{"kind": "phone", "value": "138 0013 8000", "is_verified": True}],
            "consents": [{"purpose": "share_with_tenant", "is_granted": True}],
            "store_code": "LAKE-BAKERY",
            "language": "zh-hans",
        },
    ),
)
@requires(permissions.ENROL_MEMBER)
@idempotent()
def enrol_member(request: HttpRequest, body: EnrolmentIn) -> Status[EnrolledOut]:
    """A person joins, with at least one identity."""
    actor = actor_of(request)
    store_id, mall_id = _place(body, actor)
    at = now()
    enrolled = services.enrol_member(
        Enrolment(
            profile=body.profile,
            identities=tuple(_identity(each, at) for each in body.identities),
            consents=tuple(_consent(each) for each in body.consents),
            tags=tuple(body.tags),
            custom=body.custom,
            store_id=store_id,
            mall_id=mall_id,
            joined_at=body.joined_at,
            language=body.language,
            referrer=body.referrer,
        ),
        actor=actor,
    )
    return Status(201, EnrolledOut(id=enrolled.id, number=enrolled.number))


@router.get("/members", response=Page[MemberOut], summary="List members")
@requires(permissions.VIEW_MEMBER)
def list_members(request: HttpRequest, page: PageParameters) -> Page[MemberOut]:
    """The members within the key's scope, newest first; identities masked."""
    actor = actor_of(request)
    found = paginate(
        visible_members(actor),
        order=["-joined_at", "-id"],
        cursor=page.cursor,
        limit=page.limit,
        name="members",
    )
    shown = cards(found.rows, actor)
    items = [MemberOut(**fields(member, shown[member.id])) for member in found.rows]
    return Page[MemberOut](items=items, next_cursor=found.next_cursor)


@router.post(
    "/members/search",
    response=MemberInFullOut,
    summary="Find a member by an identity",
    openapi_extra=examples(
        en={"kind": "number", "value": "M00000422"},
        zh={"kind": "phone", "value": "138 0013 8000"},
    ),
)
@requires(permissions.VIEW_MEMBER)
def search_member(request: HttpRequest, body: SearchIn) -> MemberInFullOut:
    """The member who is known by this identity today; 404 when there is none within the scope.

    A record that was merged is answered by its survivor.
    """
    actor = actor_of(request)
    ref = MemberRef(body.kind, body.value)
    found = find_by_identities([ref]).get(ref)
    if found is None:
        raise MemberNotFound()
    return in_full(visible_member(actor, found.survivor_id), actor)


@router.get("/members/{member_id}", response=MemberInFullOut, summary="A member in full")
@requires(permissions.VIEW_MEMBER)
def get_member(request: HttpRequest, member_id: UUID) -> MemberInFullOut:
    """Profile with the origin of each fact, masked identities, current consents."""
    actor = actor_of(request)
    return in_full(visible_member(actor, member_id), actor)


@router.patch(
    "/members/{member_id}",
    response=MemberInFullOut,
    summary="Change a member",
    openapi_extra=examples(
        en={"profile": {"occupation": "Teacher"}}, zh={"profile": {"occupation": "教师"}}
    ),
)
@requires(permissions.CHANGE_MEMBER)
@idempotent(personal_of=lambda result: result.id)
def change_member(request: HttpRequest, member_id: UUID, body: MemberChangeIn) -> MemberInFullOut:
    """Change the profile facts that are named; the others stay."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    _change(member.id, body, actor)
    return in_full(visible_member(actor, member_id), actor)


@atomic_retrying
def _change(member_id: UUID, body: MemberChangeIn, actor: Actor) -> None:
    services.change_member(member_id, profile=body.profile, language=body.language, actor=actor)
    if body.custom:
        services.set_field_values(member_id, body.custom, actor=actor)


@router.get(
    "/members/{member_id}/identities", response=list[IdentityOut], summary="Identities, masked"
)
@requires(permissions.VIEW_MEMBER)
def list_identities(request: HttpRequest, member_id: UUID) -> list[IdentityOut]:
    """What the member is known by today."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    return [identity_out(shown) for shown in portrait(member, actor).identities]


@router.post(
    "/members/{member_id}/identities",
    response={201: MadeOut},
    summary="Add an identity",
    openapi_extra=examples(
        en={"kind": "email", "value": "ann@example.com"},
        zh={"kind": "plate", "value": "沪A·12345"},
    ),
)
@requires(permissions.CHANGE_MEMBER)
@idempotent()
def add_identity(request: HttpRequest, member_id: UUID, body: IdentityIn) -> Status[MadeOut]:
    """One more thing that the member is known by."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    made = services.add_identity(member.id, _identity(body, now()), actor=actor)
    return Status(201, MadeOut(id=made))


@router.delete(
    "/members/{member_id}/identities/{identity_id}",
    response={204: None},
    summary="Remove an identity",
)
@requires(permissions.CHANGE_MEMBER)
def remove_identity(request: HttpRequest, member_id: UUID, identity_id: UUID) -> Status[None]:
    """The member is no longer known by it; somebody else may be."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    services.remove_identity(identity_id, member_id=member.id, actor=actor)
    return Status(204, None)


@router.get(
    "/members/{member_id}/consents", response=list[ConsentOut], summary="History of consents"
)
@requires(permissions.VIEW_MEMBER)
def list_consents(request: HttpRequest, member_id: UUID) -> list[ConsentOut]:
    """Everything that was allowed or refused, newest first, at most 500."""
    member = visible_member(actor_of(request), member_id)
    records = records_under([member.id])[member.id]
    return [consent_out(row) for row in Consent.objects.filter(member__in=records)[:500]]


@router.post(
    "/members/{member_id}/consents",
    response={201: MadeOut},
    summary="Record a consent",
    openapi_extra=examples(
        en={"purpose": "marketing", "channel": "email", "is_granted": False, "source": "web"},
        zh={"purpose": "marketing", "channel": "sms", "is_granted": True, "source": "小程序"},
    ),
)
@requires(permissions.RECORD_CONSENT)
@idempotent()
def record_consent(request: HttpRequest, member_id: UUID, body: ConsentIn) -> Status[MadeOut]:
    """The member allowed or refused a purpose on a channel; the latest word counts."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    made = services.record_consents(member.id, [_consent(body)], actor=actor)
    return Status(201, MadeOut(id=made[0]))
