"""What people do about an alert: look into it, confirm it or not, and say that it is enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.outbox.services import announce
from mallard.kernel.secrets.services import open_keys
from mallard.value.wallets.services import release_wallet
from mallard.value.watch.errors import (
    AlertDecided,
    AlertNotFound,
    AlertOfAnother,
    AlertUndecided,
    AnotherIsOpen,
    ExemptionInvalid,
    ExemptionNotFound,
    PeopleOnly,
    ReasonNeeded,
)
from mallard.value.watch.events import AlertDecided as AlertWasDecided
from mallard.value.watch.kinds import FRAUD, task_key, task_of
from mallard.value.watch.locks import lock_alert, lock_exemption
from mallard.value.watch.models import UNDECIDED, Alert, AlertStatus, Exemption
from mallard.value.watch.permissions import HANDLE_ALERT
from mallard.value.watch.queries import reason_context, visible_alert, visible_exemption
from mallard.world.members.errors import PaymentCardRefused
from mallard.world.members.rules import contains_payment_card
from mallard.world.staff.models import StaffUser
from mallard.world.tasks import services as tasks
from mallard.world.tasks.models import Task, TaskStatus
from mallard.world.tasks.queries import standing_of

LEAST_REASON, MOST_REASON = 5, 500
LONGEST_EXEMPTION = dt.timedelta(days=731)
ABOUT = ("member", "staff", "till", "store")
"""What an exemption may be about, as far as the alert is."""


def held_alert(alert_id: UUID, actor: Actor) -> Alert:
    """The alert, locked, of somebody who may decide it. Raises `AlertNotFound`."""
    actor.require(HANDLE_ALERT)
    visible_alert(actor, alert_id)
    row = lock_alert(alert_id)
    if row is None:
        raise AlertNotFound()
    return row


def person_of(actor: Actor) -> StaffUser:
    """Who decides. Raises `PeopleOnly` for a machine: it would accuse somebody."""
    if actor.id is None or actor.kind is not ActorKind.STAFF:
        raise PeopleOnly()
    person = StaffUser.objects.filter(pk=actor.id).first()
    if person is None:
        raise PeopleOnly()
    return person


@atomic_retrying
def take_alert(alert_id: UUID, *, actor: Actor) -> None:
    """Look into it: the alert is this person's from now on. Again changes nothing.

    Raises `AlertDecided`, and `AlertOfAnother` while somebody else looks into it.
    """
    person = person_of(actor)
    row = held_alert(alert_id, actor)
    if not row.is_undecided:
        raise AlertDecided()
    if row.owner_id == person.pk:
        return
    if row.owner_id is not None:
        raise AlertOfAnother(name=StaffUser.objects.get(pk=row.owner_id).name)
    row.owner, row.status = person, AlertStatus.LOOKING.value
    row.save(update_fields=["owner", "status"])
    take_task_of(row, actor)
    record(actor, "watch.alert_taken", "fraud_alert", row.pk, after={"owner_id": person.pk})


def take_task_of(row: Alert, actor: Actor) -> None:
    """Who looks into an alert has its task, too, where they may take it and nobody has."""
    task = Task.objects.filter(
        kind=FRAUD.code, subject_id=row.pk, status=TaskStatus.OPEN, assignee=None
    ).first()
    if task is not None and standing_of(task, actor).may_take:
        tasks.take_task(task.pk, actor=actor)


@atomic_retrying
def confirm_alert(alert_id: UUID, *, reason: str, actor: Actor) -> None:
    """It is fraud. What is frozen stays frozen. Raises `AlertDecided`, `ReasonNeeded`."""
    person_of(actor)
    text = _sound(reason)
    row = held_alert(alert_id, actor)
    _decide(row, AlertStatus.CONFIRMED, text, actor)


@atomic_retrying
def dismiss_alert(
    alert_id: UUID,
    *,
    reason: str,
    exempt: Collection[str] = (),
    until: dt.datetime | None = None,
    actor: Actor,
) -> None:
    """It is a false alarm: points that this alert froze are released. With ``exempt`` (of `ABOUT`)
    and ``until`` it is not said again of them till then.

    Raises `AlertDecided`, `ReasonNeeded`, `ExemptionInvalid`.
    """
    person_of(actor)
    text = _sound(reason)
    seen = visible_alert(actor, alert_id)
    if seen.is_undecided and seen.is_frozen and seen.member_id is not None:
        release_wallet(seen.member_id, reason=text[:200], actor=actor)  # locks the member first
    row = held_alert(alert_id, actor)
    if row.is_frozen != seen.is_frozen or row.status != seen.status:
        raise AlertDecided()  # somebody was quicker
    if row.is_frozen:
        row.released_at = now()
    _decide(row, AlertStatus.FALSE_ALARM, text, actor)
    if exempt:
        _exempt(row, exempt, until, actor)


def _sound(reason: str) -> str:
    words = reason.strip()
    if not LEAST_REASON <= len(words) <= MOST_REASON:
        raise ReasonNeeded(fields={"reason": ReasonNeeded.message})
    if contains_payment_card(words):
        raise PaymentCardRefused(fields={"reason": PaymentCardRefused.message})
    return words


def _decide(row: Alert, status: AlertStatus, text: str, actor: Actor) -> None:
    if not row.is_undecided:
        raise AlertDecided()
    person = person_of(actor)
    row.status, row.decided_at, row.decided_by = status.value, now(), person
    row.owner_id = row.owner_id or person.pk
    if row.member_id is None:
        row.reason = text
    else:
        key = open_keys([row.member_id]).get(row.member_id)  # none of somebody who was erased
        row.reason_sealed = key.seal(text.encode(), reason_context(row.pk)) if key else None
    row.save()
    tasks.settle_tasks(FRAUD.code, [task_key(row.pk)], actor=actor)
    after = {"status": row.status, "pattern": row.pattern}
    record(actor, "watch.alert_decided", "fraud_alert", row.pk, after=after)
    announce(
        [AlertWasDecided(subject_id=row.pk, pattern=row.pattern, verdict=row.status)], actor=actor
    )


def _exempt(row: Alert, about: Collection[str], until: dt.datetime | None, actor: Actor) -> None:
    moment = now()
    if until is None or not moment < until <= moment + LONGEST_EXEMPTION:
        raise ExemptionInvalid(fields={"until": ExemptionInvalid.message})
    values = {f"{name}_id": getattr(row, f"{name}_id") for name in ABOUT if name in about}
    if not any(values.values()):
        raise ExemptionInvalid(fields={"exempt": ExemptionInvalid.message})
    made = Exemption.objects.create(
        pattern=row.pattern,
        alert=row,
        ends_at=until,
        made_at=moment,
        made_by=person_of(actor),
        **values,
    )
    after = {"pattern": row.pattern, "ends_at": until, **values}
    record(actor, "watch.exemption_made", "exemption", made.pk, after=after)


@atomic_retrying
def reopen_alert(alert_id: UUID, *, actor: Actor) -> None:
    """The decision was wrong: look into it again, with a task anew. What was frozen or released
    stays so, and exemptions made of it end.

    Raises `AlertUndecided`, and `AnotherIsOpen` when a newer one about the same is undecided.
    """
    person = person_of(actor)
    row = held_alert(alert_id, actor)
    if row.is_undecided:
        raise AlertUndecided()
    if Alert.objects.filter(key=row.key, status__in=UNDECIDED).exists():
        raise AnotherIsOpen()
    before = {"status": row.status}
    row.status, row.decided_at, row.decided_by = AlertStatus.LOOKING.value, None, None
    row.reason, row.reason_sealed, row.owner = "", None, person
    row.save()
    row.exemptions.filter(ended_at=None).update(ended_at=now())
    tasks.open_tasks([task_of(row)], actor=actor)
    take_task_of(row, actor)
    record(actor, "watch.alert_reopened", "fraud_alert", row.pk, before=before)


@atomic_retrying
def end_exemption(exemption_id: UUID, *, actor: Actor) -> None:
    """Say it again from now on. Again changes nothing."""
    actor.require(HANDLE_ALERT)
    visible_exemption(actor, exemption_id)
    row = lock_exemption(exemption_id)
    if row is None:
        raise ExemptionNotFound()
    if row.ended_at is None:
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        record(actor, "watch.exemption_ended", "exemption", row.pk)
