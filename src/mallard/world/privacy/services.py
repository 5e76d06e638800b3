"""Every write of privacy requests: asked, answered, refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.utils.timezone import localtime

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.secrets.services import open_keys
from mallard.world.members.errors import PaymentCardRefused
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.models import ConsentChannel, ConsentPurpose
from mallard.world.members.permissions import ERASE_MEMBER
from mallard.world.members.rules import contains_payment_card
from mallard.world.members.services import erase_member, record_consents
from mallard.world.privacy.errors import (
    OutcomeNeeded,
    RequestClosed,
    RequestNotFound,
    WordsNeeded,
)
from mallard.world.privacy.kinds import PRIVACY
from mallard.world.privacy.locks import lock_request
from mallard.world.privacy.models import (
    PrivacyRequest,
    RequestKind,
    RequestSource,
    RequestStatus,
)
from mallard.world.privacy.permissions import HANDLE_REQUEST
from mallard.world.privacy.queries import outcome_context, visible_request
from mallard.world.privacy.rules import deadline
from mallard.world.privacy.settings import ANSWER_DAYS
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.services import open_task, settle_tasks

MAX_OUTCOME = 1_000
NEEDS_WORDS = frozenset({RequestKind.CORRECTION, RequestKind.RESTRICTION})
# What stops, on every channel; the membership itself and what it needs go on.
STOPS = {
    RequestKind.RESTRICTION: (
        ConsentPurpose.MARKETING,
        ConsentPurpose.PROFILING,
        ConsentPurpose.RESEARCH,
        ConsentPurpose.SHARE_WITH_TENANT,
    ),
    RequestKind.OBJECTION: (ConsentPurpose.PROFILING,),
}


def _key(member_id: UUID | None, kind: str) -> str:
    return f"{member_id}:{kind}"


@atomic_retrying
def ask(
    member_id: UUID, kind: str, *, words: str = "", at: dt.datetime | None = None, actor: Actor
) -> tuple[PrivacyRequest, bool]:
    """A member asks for something, on their page or through the desk; a task with the deadline.

    ``at``: when it was received, now if left out.

    Returns the request and whether it is new: one that is open already is answered again.
    Raises `WordsNeeded`, `TaskInvalid`, `PaymentCardRefused`, with the fields at fault.
    """
    is_desk = actor.kind is not ActorKind.MEMBER
    if is_desk:
        actor.require(HANDLE_REQUEST)
    asked = RequestKind(kind)
    if asked in NEEDS_WORDS and not words.strip():
        raise WordsNeeded(fields={"detail": WordsNeeded.message})
    open_one = PrivacyRequest.objects.filter(
        member=member_id, kind=asked, status=RequestStatus.OPEN
    ).first()
    if open_one is not None:
        return open_one, False
    at = at or now()
    due_at = deadline(localtime(at), ANSWER_DAYS.value)
    opened = open_task(
        TaskInput(
            kind=PRIVACY.code,
            message=asked.value,
            detail=words,
            key=_key(member_id, asked),
            member_id=member_id,
            opened_at=at,
            due_at=due_at,
        ),
        actor=actor,
    )
    row, is_new = PrivacyRequest.objects.get_or_create(
        task_id=opened.id,
        defaults={
            "member_id": member_id,
            "kind": asked.value,
            "source": RequestSource.DESK if is_desk else RequestSource.PAGE,
            "received_at": at,
            "due_at": due_at,
        },
    )
    if is_new:
        after = {"kind": row.kind, "member_id": member_id, "due_at": due_at}
        record(actor, "privacy.request_received", "privacy_request", row.id, after=after)
    return row, is_new


@atomic_retrying
def answer(request_id: UUID, *, outcome: str = "", actor: Actor) -> None:
    """Do what was asked and close the request: an erasure erases, a restriction or an objection
    withdraws consents on every channel; a correction or a copy was made, ``outcome`` says how.

    Raises what those services refuse, `OutcomeNeeded`, `RequestClosed`, `RequestNotFound`.
    """
    row = _held(request_id, actor)
    if row.kind == RequestKind.ERASURE:
        actor.require(ERASE_MEMBER)
        _close(row, RequestStatus.DONE, "", actor)
        erase_member(row.member_id, actor=actor)
        return
    text = _sound(outcome, is_needed=row.kind not in STOPS)
    _stop(row, actor)
    _close(row, RequestStatus.DONE, text, actor)


@atomic_retrying
def refuse(request_id: UUID, *, reason: str, actor: Actor) -> None:
    """Do not do what was asked, and say why: the law asks for it (PIPL art. 50)."""
    row = _held(request_id, actor)
    _close(row, RequestStatus.REFUSED, _sound(reason, is_needed=True), actor)


def _held(request_id: UUID, actor: Actor) -> PrivacyRequest:
    actor.require(HANDLE_REQUEST)
    visible_request(actor, request_id)
    row = lock_request(request_id)
    if row is None:
        raise RequestNotFound()
    if not row.is_open:
        raise RequestClosed()
    return row


def _sound(text: str, *, is_needed: bool) -> str:
    words = text.strip()
    if len(words) > MAX_OUTCOME or (is_needed and not words):
        raise OutcomeNeeded(fields={"outcome": OutcomeNeeded.message})
    if contains_payment_card(words):
        raise PaymentCardRefused(fields={"outcome": PaymentCardRefused.message})
    return words


def _stop(row: PrivacyRequest, actor: Actor) -> None:
    """Withdraw on every channel what this kind stops, with the request as proof."""
    said = [
        ConsentInput(
            purpose, is_granted=False, channel=channel, source="privacy request", proof=str(row.id)
        )
        for purpose in STOPS.get(RequestKind(row.kind), ())
        for channel in ConsentChannel.values
    ]
    if said:
        record_consents(row.member_id, said, actor=actor)


def _close(row: PrivacyRequest, status: RequestStatus, text: str, actor: Actor) -> None:
    row.status, row.closed_at = status, now()
    row.handled_by_id = actor.id if actor.kind is ActorKind.STAFF else None
    if text:
        key = open_keys([row.member_id]).get(row.member_id)
        if key is None:
            raise RequestNotFound()
        row.outcome_sealed = key.seal(text.encode(), outcome_context(row.pk))
    row.save(update_fields=["status", "closed_at", "handled_by", "outcome_sealed"])
    settle_tasks(PRIVACY.code, [_key(row.member_id, row.kind)], actor=actor)
    after = {"kind": row.kind, "status": row.status, "member_id": row.member_id}
    record(actor, "privacy.request_closed", "privacy_request", row.pk, after=after)


@atomic_retrying
def clear_after_erasure(member_ids: Collection[UUID], *, actor: Actor) -> int:
    """Clear what was written about erased members; what is open is settled. How many were open."""
    theirs = PrivacyRequest.objects.filter(member__in=member_ids)
    theirs.update(outcome_sealed=None)
    ids = list(theirs.filter(status=RequestStatus.OPEN).order_by("pk").values_list("pk", flat=True))
    theirs.filter(pk__in=ids).update(status=RequestStatus.GONE, closed_at=now())
    if ids:
        record(actor, "privacy.members_forgotten", "privacy_request", None, ids=ids)
    return len(ids)
