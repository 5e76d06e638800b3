"""What members allow and refuse. Only ever added to: the latest word counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey
from mallard.world.members.errors import ConsentInvalid, PaymentCardRefused
from mallard.world.members.events import ConsentRecorded
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.models import Consent, ConsentChannel, ConsentPurpose
from mallard.world.members.rules import contains_payment_card
from mallard.world.members.services.subject import data_key_of, locked_open_member, origin_of

MAX_PROOF = 200
MAX_SOURCE = 40
CLOCK_TOLERANCE = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent ready to be written."""

    id: UUID
    member_id: UUID
    purpose: str
    channel: str
    is_granted: bool
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    source: str
    proof_sealed: bytes | None
    origin: str


def consent_row(
    member_id: UUID,
    consent: ConsentInput,
    *,
    key: DataKey,
    at: dt.datetime,
    actor: Actor,
    origin: Origin,
    joined_at: dt.datetime | None = None,
) -> ConsentRow:
    """``consent`` of ``member_id``; without its own time it was given at ``joined_at`` or now.

    Raises `ConsentInvalid` and `PaymentCardRefused`.
    """
    occurred_at = consent.occurred_at or joined_at or at
    if (
        consent.purpose not in ConsentPurpose.values
        or consent.channel not in ConsentChannel.values
        or occurred_at > at + CLOCK_TOLERANCE
        or len(consent.source) > MAX_SOURCE
        or len(consent.proof) > MAX_PROOF
    ):
        raise ConsentInvalid()
    if contains_payment_card(consent.proof) or contains_payment_card(consent.source):
        raise PaymentCardRefused(fields={"proof": PaymentCardRefused.message})
    id_ = uuid7()
    proof = key.seal(consent.proof.encode(), proof_context(id_)) if consent.proof else None
    return ConsentRow(
        id=id_,
        member_id=member_id,
        purpose=consent.purpose,
        channel=consent.channel,
        is_granted=consent.is_granted,
        occurred_at=occurred_at,
        recorded_at=at,
        source=consent.source or actor.kind.value,
        proof_sealed=proof,
        origin=(consent.origin or origin).value,
    )


def proof_context(consent_id: UUID) -> str:
    """What a sealed proof is bound to."""
    return f"members.consent.proof:{consent_id}"


def copy_consents(rows: Collection[ConsentRow]) -> None:
    """Write consents with one COPY."""
    if not rows:
        return
    copy_rows(
        Consent._meta.db_table,
        (
            "id", "member_id", "purpose", "channel", "is_granted", "occurred_at", "recorded_at",
            "source", "proof_sealed", "origin",
        ),
        (
            (
                row.id, row.member_id, row.purpose, row.channel, row.is_granted, row.occurred_at,
                row.recorded_at, row.source, row.proof_sealed, row.origin,
            )
            for row in rows
        ),
    )  # fmt: skip


@atomic_retrying
def record_consents(
    member_id: UUID, consents: Sequence[ConsentInput], *, actor: Actor
) -> list[UUID]:
    """Record what an open member allowed or refused; returns the ids in the order given.

    A consent row carries actor's source and time and is never changed: it is its own audit.
    """
    member = locked_open_member(member_id)
    key = data_key_of(member)
    at = now()
    rows = [
        consent_row(member.id, consent, key=key, at=at, actor=actor, origin=origin_of(actor))
        for consent in consents
    ]
    copy_consents(rows)
    announce(
        [
            ConsentRecorded(
                subject_id=member.id,
                purpose=row.purpose,
                channel=row.channel,
                is_granted=row.is_granted,
            )
            for row in rows
        ],
        actor=actor,
    )
    return [row.id for row in rows]


def give_consent(
    member_id: UUID,
    *,
    purpose: str,
    channel: str = "any",
    source: str = "",
    proof: str = "",
    actor: Actor,
) -> UUID:
    """The member allows ``purpose`` on ``channel``."""
    said = ConsentInput(purpose, is_granted=True, channel=channel, source=source, proof=proof)
    return record_consents(member_id, [said], actor=actor)[0]


def withdraw_consent(
    member_id: UUID,
    *,
    purpose: str,
    channel: str = "any",
    source: str = "",
    proof: str = "",
    actor: Actor,
) -> UUID:
    """The member refuses ``purpose`` on ``channel`` from now on."""
    said = ConsentInput(purpose, is_granted=False, channel=channel, source=source, proof=proof)
    return record_consents(member_id, [said], actor=actor)[0]
