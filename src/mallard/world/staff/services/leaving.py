"""Somebody leaves: what they hold is handed over and the door is shut, at once or at a time."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from mallard.kernel.access.actor import Actor, ActorKind, system
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.kernel.http.authentication import forget_keys
from mallard.kernel.workspace.services.lists import give_shared_views
from mallard.kernel.workspace.services.notifying import notify
from mallard.world.staff import queries, reach
from mallard.world.staff.errors import (
    AccountOpen,
    HeirNeeded,
    LeavingNotFound,
    LeavingPlanned,
    LeavingTooFar,
    StaffNotFound,
    at,
)
from mallard.world.staff.handover import every_holdings
from mallard.world.staff.locks import lock_leaving, lock_staff
from mallard.world.staff.models import ApiKey, Leaving, StaffUser
from mallard.world.staff.permissions import MANAGE_API_KEY, MANAGE_STAFF
from mallard.world.staff.services.roles import require_another_administrator
from mallard.world.staff.services.sessions import end_all

FARTHEST = dt.timedelta(days=366)


@atomic_retrying
def plan_leaving(
    user_id: UUID,
    *,
    leaves_at: dt.datetime | None,
    heir_id: UUID | None,
    keys_go_to_heir: bool = False,
    actor: Actor,
) -> Leaving:
    """Somebody leaves: now (``leaves_at`` None or past) or later, when a job carries it out.

    The heir takes over shared views and whatever apps registered (`handover`); the keys too if
    ``keys_go_to_heir``, otherwise they are revoked. Raises `StaffNotFound`, `HeirNeeded`,
    `LeavingPlanned`, `LeavingTooFar`, `LastAdministrator`, `reach.BeyondOwn`.
    """
    actor.require(MANAGE_STAFF)
    require_another_administrator(user_id)
    user = _account(user_id)
    reach.require_over(user_id, actor)
    if not user.is_active:
        raise StaffNotFound()
    moment = now()
    when = max(leaves_at or moment, moment)
    if when > moment + FARTHEST:
        raise at("last_day", LeavingTooFar())
    _require_heir(user_id, heir_id, actor)
    if keys_go_to_heir and heir_id is None:
        raise at("heir", HeirNeeded())
    if queries.open_keys_of(user_id).exists():
        actor.require(MANAGE_API_KEY)
    leaving = Leaving(
        user_id=user_id,
        heir_id=heir_id,
        keys_go_to_heir=keys_go_to_heir,
        leaves_at=when,
        planned_by_id=actor.id if actor.kind is ActorKind.STAFF else None,
    )
    try:
        with transaction.atomic():
            leaving.save(force_insert=True)
    except IntegrityError:
        raise LeavingPlanned() from None
    after = {"leaves_at": when, "heir_id": heir_id, "keys_go_to_heir": keys_go_to_heir}
    record(actor, "staff.leaving_planned", "staff", user_id, after=after)
    if when <= moment:
        _carry_out(leaving, actor=actor)
    return leaving


def _account(user_id: UUID) -> StaffUser:
    user = lock_staff(user_id)
    if user is None:
        raise StaffNotFound()
    return user


def _require_heir(user_id: UUID, heir_id: UUID | None, actor: Actor) -> None:
    if heir_id is None:
        return
    people = StaffUser.objects.all() if actor.everything else queries.visible_staff(actor)
    if heir_id == user_id or not people.filter(pk=heir_id, is_active=True).exists():
        raise at("heir", HeirNeeded())


def _carry_out(leaving: Leaving, *, actor: Actor) -> None:
    """Hand over, shut the door, write it down: with the caller's transaction or not at all."""
    user_id, heir_id = leaving.user_id, leaving.heir_id
    if heir_id is not None and not StaffUser.objects.filter(pk=heir_id, is_active=True).exists():
        raise HeirNeeded()
    given = {
        holdings.code: holdings.hand_over(user_id, heir_id=heir_id, actor=actor)
        for holdings in every_holdings()
    }
    if heir_id is not None:
        given["views"] = give_shared_views(user_id, heir_id, actor=actor)
    keys = _settle_keys(leaving, actor=actor)
    ended = end_all(user_id)
    StaffUser.objects.filter(pk=user_id).update(is_active=False)
    leaving.done_at, leaving.handed_over, leaving.problem = now(), {**given, "keys": keys}, ""
    leaving.save(update_fields=["done_at", "handed_over", "problem"])
    record(
        actor,
        "staff.staff_left",
        "staff",
        user_id,
        before={"is_active": True},
        after={"is_active": False, "heir_id": heir_id, "sessions": ended, **leaving.handed_over},
    )
    if heir_id is not None:
        notify([heir_id], "staff.took_over", url="/")


def _settle_keys(leaving: Leaving, *, actor: Actor) -> int:
    """The heir answers for the keys, or they open nothing any more."""
    keys = list(
        queries.open_keys_of(leaving.user_id).order_by("id").select_for_update(of=("self",))
    )
    rows = ApiKey.objects.filter(pk__in=[key.id for key in keys])
    if leaving.keys_go_to_heir:
        rows.update(owner_id=leaving.heir_id)
    else:
        rows.update(revoked_at=now())
        for key in keys:
            record(actor, "staff.api_key_revoked", "api_key", key.id)
        transaction.on_commit(forget_keys)
    return len(keys)


@atomic_retrying
def cancel_leaving(user_id: UUID, *, actor: Actor) -> None:
    """They stay after all. Raises `LeavingNotFound`, `reach.BeyondOwn`."""
    actor.require(MANAGE_STAFF)
    reach.require_over(user_id, actor)
    leaving = lock_leaving(user_id=user_id)
    if leaving is None:
        raise LeavingNotFound()
    Leaving.objects.filter(pk=leaving.pk).update(cancelled_at=now())
    record(actor, "staff.leaving_cancelled", "staff", user_id)


@atomic_retrying
def reopen_account(user_id: UUID, *, actor: Actor) -> None:
    """Let somebody in again, in the roles they had. What was handed over stays where it is; keys
    and sessions stay ended. Raises `StaffNotFound`, `AccountOpen`, `reach.BeyondOwn`."""
    actor.require(MANAGE_STAFF)
    user = _account(user_id)
    reach.require_over(user_id, actor)
    if user.is_active:
        raise AccountOpen()
    StaffUser.objects.filter(pk=user_id).update(is_active=True)
    record(
        actor,
        "staff.account_reopened",
        "staff",
        user_id,
        before={"is_active": False},
        after={"is_active": True},
    )


def carry_out_due() -> int:
    """Close the accounts whose time has come; how many. One that is refused keeps its reason, and
    whoever planned it is told once; it is tried again."""
    due = Leaving.objects.filter(done_at=None, cancelled_at=None, leaves_at__lte=now())
    ids = list(due.order_by("leaves_at").values_list("pk", flat=True))
    return sum(_carry_out_planned(id_) for id_ in ids)


def _carry_out_planned(leaving_id: UUID) -> bool:
    try:
        return _close_account(leaving_id)
    except DomainError as error:
        changed = Leaving.objects.filter(pk=leaving_id).exclude(problem=error.code)
        if changed.update(problem=error.code):
            _tell_planner(leaving_id)
        return False


@atomic_retrying
def _close_account(leaving_id: UUID) -> bool:
    planned = Leaving.objects.filter(pk=leaving_id).values_list("user_id", flat=True).first()
    if planned is None:
        return False
    require_another_administrator(planned)
    _account(planned)
    leaving = lock_leaving(user_id=planned)
    if leaving is None or leaving.pk != leaving_id or leaving.leaves_at > now():
        return False
    _carry_out(leaving, actor=system("leaving"))
    return True


@atomic_retrying
def _tell_planner(leaving_id: UUID) -> None:
    leaving = Leaving.objects.get(pk=leaving_id)
    if leaving.planned_by_id is not None:
        notify(
            [leaving.planned_by_id],
            "staff.leaving_refused",
            url=f"/staff/{leaving.user_id}/leave",
        )
