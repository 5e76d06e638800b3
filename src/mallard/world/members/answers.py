"""What the API answers of members: opened, masked, each thing with where it comes from."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from mallard.kernel.access.actor import Actor
from mallard.world.members.models import Consent, Member
from mallard.world.members.portraits import portrait
from mallard.world.members.queries import children_without_guardian, current_consents
from mallard.world.members.showing import Card, ShownIdentity, cards

_HOLDER = Field(description="The record that it stands on: this member's, or one merged into it.")


class IdentityOut(Schema):
    id: UUID
    kind: str
    masked: str
    verified_at: dt.datetime | None
    member_id: UUID = _HOLDER
    origin: str = Field(description="Where it comes from: source, generated, staff, api, import.")
    recorded_at: dt.datetime


class ConsentOut(Schema):
    id: UUID
    purpose: str
    channel: str
    is_granted: bool
    occurred_at: dt.datetime
    source: str
    member_id: UUID = _HOLDER


class FactOut(Schema):
    value: str
    origin: str
    recorded_at: dt.datetime
    member_id: UUID = _HOLDER


class MemberOut(Schema):
    id: UUID
    number: str
    status: str
    name: str = Field(description="Masked unless the key may see names.")
    language: str
    joined_at: dt.datetime
    last_visit_at: dt.datetime | None
    merged_into_id: UUID | None
    identities: list[IdentityOut]
    tags: list[str]


class MemberInFullOut(MemberOut):
    profile: dict[str, FactOut]
    custom: dict[str, str] = Field(description="Custom fields that the key may see, to read.")
    custom_facts: dict[str, FactOut] = Field(description="The same with where they come from.")
    merged_ids: list[UUID] = Field(description="Records that were merged into this member's.")
    consents: list[ConsentOut]
    needs_guardian: bool = Field(
        description="Too young, and no guardian has consented: nothing is offered to them and they"
        " are not profiled, whatever their consents say."
    )


def identity_out(shown: ShownIdentity) -> IdentityOut:
    return IdentityOut(
        id=shown.id,
        kind=shown.kind,
        masked=shown.masked,
        verified_at=shown.verified_at,
        member_id=shown.record_id,
        origin=shown.origin.value,
        recorded_at=shown.at,
    )


def consent_out(row: Consent) -> ConsentOut:
    return ConsentOut(
        id=row.id,
        purpose=row.purpose,
        channel=row.channel,
        is_granted=row.is_granted,
        occurred_at=row.occurred_at,
        source=row.source,
        member_id=row.member_id,
    )


def fields(member: Member, card: Card) -> dict[str, Any]:
    return {
        "id": member.id,
        "number": member.number,
        "status": member.status,
        "name": card.name,
        "language": member.language,
        "joined_at": member.joined_at,
        "last_visit_at": card.last_visit,
        "merged_into_id": member.merged_into_id,
        "identities": [identity_out(shown) for shown in card.identities],
        "tags": [tag.code for tag in card.tags],
    }


def in_full(member: Member, actor: Actor) -> MemberInFullOut:
    shown = portrait(member, actor)
    leading = [one for one in shown.custom if one.is_leading]
    return MemberInFullOut(
        **fields(member, cards([member], actor)[member.id]),
        profile={
            fact.code: FactOut(
                value=fact.value,
                origin=fact.origin.value,
                recorded_at=fact.at,
                member_id=fact.record_id,
            )
            for fact in shown.facts
            if fact.is_leading
        },
        custom={one.field.code: one.value for one in leading},
        custom_facts={
            one.field.code: FactOut(
                value=one.value,
                origin=one.origin.value,
                recorded_at=one.at,
                member_id=one.record_id,
            )
            for one in leading
        },
        merged_ids=list(shown.person.ids[1:]),
        consents=[consent_out(row) for row in current_consents([member.id])[member.id]],
        needs_guardian=bool(children_without_guardian([member.id])),
    )
