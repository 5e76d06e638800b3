"""Every write of corrections: proposed, accepted, declined."""

from __future__ import annotations

from uuid import UUID

from django.utils import translation

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Forbidden, NotFound
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.workspace.services.notifying import notify
from mallard.world.corrections import queries
from mallard.world.corrections.errors import (
    CorrectionDecided,
    CorrectionNotFound,
    CorrectionStale,
    FieldUnknown,
    NothingToCorrect,
    OwnCorrection,
    ReasonNeeded,
)
from mallard.world.corrections.kinds import PROPOSED
from mallard.world.corrections.locks import lock_correction
from mallard.world.corrections.member_fields import identities_in
from mallard.world.corrections.models import Correction, Decision
from mallard.world.corrections.permissions import PROPOSE_CORRECTION
from mallard.world.corrections.records import Field, record_kind
from mallard.world.corrections.sealing import answer_context, seal_words
from mallard.world.members.errors import PaymentCardRefused
from mallard.world.members.permissions import REVEAL_IDENTITY
from mallard.world.members.rules import contains_payment_card
from mallard.world.members.services import reveal_values
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.kinds import CORRECTION
from mallard.world.tasks.services import open_task, settle_tasks

MAX_VALUE = 300
MAX_REASON = 500


@atomic_retrying
def propose_correction(
    kind_code: str, subject_id: UUID, *, field: str, value: str, reason: str, actor: Actor
) -> Correction:
    """Propose a new value for a field of a record that the actor sees; its owner gets a task.

    Raises `FieldUnknown`, `NotFound`, `NothingToCorrect`, `ReasonNeeded`, `PaymentCardRefused`.
    """
    actor.require(PROPOSE_CORRECTION)
    kind = record_kind(kind_code)
    if kind is None or actor.id is None:
        raise FieldUnknown()
    actor.require(kind.view_permission)
    row = kind.visible(actor).filter(pk=subject_id).first()
    if row is None:
        raise NotFound()
    known = kind.field_of(row, field, actor)
    if known is None:
        raise FieldUnknown(fields={"field": FieldUnknown.message})
    new, why = _new_value(known, value), _reason(reason)
    old = kind.present(row, known)
    place = kind.place(row)
    member_id = place.get("member_id")
    # Who may not see a member's profile must not find out by guessing.
    if new == old and (member_id is None or actor.may(kind.edit_permission)):
        raise NothingToCorrect(fields={"value": NothingToCorrect.message})
    correction = Correction(
        id=uuid7(), subject_kind=kind.code, subject_id=subject_id, member_id=member_id,
        field=field, proposed_by_id=actor.id,
    )  # fmt: skip
    if member_id is None:
        correction.old_value, correction.new_value, correction.reason = old, new, why
    else:
        key = open_keys([member_id]).get(member_id)
        if key is None:
            raise NotFound()
        correction.words_sealed = seal_words(correction.id, old=old, new=new, reason=why, key=key)
    task = TaskInput(
        kind=CORRECTION.code,
        message=PROPOSED,
        params={"field": _in_both_languages(known)},
        key=str(correction.id),
        subject_kind=kind.code,
        subject_id=subject_id,
        role=kind.owner_role,
        member_id=member_id,
        store_id=place.get("store_id"),
        mall_id=place.get("mall_id"),
    )
    correction.task_id = open_task(task, actor=actor).id
    correction.save(force_insert=True)
    after = {"correction_id": correction.id, "field": field}
    record(actor, "corrections.correction_proposed", kind.code, subject_id, after=after)
    return correction


def _in_both_languages(field: Field) -> dict[str, str]:
    words = {}
    for language, name in (("en", "en"), ("zh-hans", "zh")):
        with translation.override(language):
            words[name] = str(field.told or field.label)
    return words


def _new_value(field: Field, text: str) -> str:
    """``text`` as it is kept: by the field's own rules where it has them."""
    if field.check is None:
        return _sound("value", text, MAX_VALUE)
    return field.check(" ".join(text.split()))


def _sound(name: str, text: str, limit: int) -> str:
    words = " ".join(text.split())
    if len(words) > limit or not words.isprintable():
        raise FieldUnknown(fields={name: ReasonNeeded.message})
    if contains_payment_card(words):
        raise PaymentCardRefused(fields={name: PaymentCardRefused.message})
    return words


def _reason(text: str) -> str:
    words = _sound("reason", text, MAX_REASON)
    if not words:
        raise ReasonNeeded(fields={"reason": ReasonNeeded.message})
    return words


@atomic_retrying
def accept_correction(correction_id: UUID, *, even_if_stale: bool = False, actor: Actor) -> None:
    """Change the record as proposed, by its owner's ordinary service.

    Raises what that service refuses, `CorrectionNotFound`, `CorrectionDecided`, `OwnCorrection`,
    and `CorrectionStale` when the value changed meanwhile and nobody said that they saw it.
    """
    standing = _held(correction_id, actor)
    if standing.words is None:
        raise CorrectionNotFound()
    if standing.is_stale and not even_if_stale:
        raise CorrectionStale(fields={"seen": CorrectionStale.message})
    row = standing.correction
    standing.kind.put_in(standing.row, standing.field, standing.words.new, actor)
    _decide(row, Decision.ACCEPTED, "", actor)


@atomic_retrying
def decline_correction(correction_id: UUID, *, reason: str, actor: Actor) -> None:
    """Leave the record as it is and say why. Raises as `accept_correction`, and `ReasonNeeded`."""
    standing = _held(correction_id, actor)
    _decide(standing.correction, Decision.DECLINED, _reason(reason), actor)


@atomic_retrying
def reveal_words(correction_id: UUID, part: str, *, reason: str, actor: Actor) -> str:
    """An identity that a proposal speaks of in full, for who decides about it and says why: what
    stood there (``part`` is ``old``) or what is proposed (``new``). Leaves the audit's entry.

    Raises as `accept_correction`, `NotFound` where nothing is masked, and as `reveal_values`.
    """
    actor.require(REVEAL_IDENTITY)
    standing = _held(correction_id, actor)
    row, kind = standing.correction, standing.field.identity
    if standing.words is None or row.member_id is None:
        raise CorrectionNotFound()
    value = {"old": standing.words.old, "new": standing.words.new}.get(part, "")
    if not kind or not value:
        raise NotFound()
    reveal_values(
        kind,
        identities_in(value),
        subject=("correction", row.id),
        member_id=row.member_id,
        reason=reason,
        actor=actor,
    )
    return value


def _held(correction_id: UUID, actor: Actor) -> queries.Standing:
    if lock_correction(correction_id) is None:
        raise CorrectionNotFound()
    standing = queries.standing_of(correction_id, actor)
    if not standing.correction.is_open or not standing.correction.task.is_open:
        raise CorrectionDecided()
    if standing.correction.proposed_by_id == actor.id:
        raise OwnCorrection()
    actor.require(standing.kind.edit_permission)
    if not standing.may_decide:
        raise Forbidden()
    return standing


def _decide(row: Correction, decision: Decision, answer: str, actor: Actor) -> None:
    row.decision, row.decided_at, row.decided_by_id = decision.value, now(), actor.id
    if row.member_id is None:
        row.answer = answer
    elif answer:
        key = open_keys([row.member_id])[row.member_id]
        row.answer_sealed = key.seal(answer.encode(), answer_context(row.id))
    row.save(update_fields=["decision", "decided_at", "decided_by", "answer", "answer_sealed"])
    settle_tasks(CORRECTION.code, [str(row.id)], actor=actor)
    told = {"correction_id": row.id, "field": row.field, "proposed_by": row.proposed_by_id}
    action = f"corrections.correction_{decision.value}"
    record(actor, action, row.subject_kind, row.subject_id, after=told)
    notify([row.proposed_by_id], f"corrections.{decision.value}", url=f"/corrections/{row.id}/")
