"""Every write of targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.bulk import insert_unnest
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.review.targets.errors import TargetInvalid, TooManyTargets
from mallard.review.targets.models import Metric, Target
from mallard.review.targets.rules import MAX_AMOUNT, first_of
from mallard.world.malls.errors import OutsideScope
from mallard.world.malls.models import Mall, Store
from mallard.world.malls.queries import covers_mall
from mallard.world.staff.models import StaffUser

MAX_BATCH = 5_000
_KEY = ("mall_id", "month", "metric", "store_id", "person_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetInput:
    """A target as `models.Target` has it; ``amount`` 0 takes it away."""

    month: dt.date
    mall_id: UUID
    amount: int
    store_id: UUID | None = None
    person_id: UUID | None = None
    metric: str = Metric.NET_SALES.value
    origin: Origin = Origin.STAFF


@atomic_retrying
def set_targets(targets: Sequence[TargetInput], *, actor: Actor) -> int:
    """Set up to 5,000 targets, each once for its month, place and person; returns how many changed.

    Refused whole: `TargetInvalid` (not the first of a month, a store of another mall, an amount
    that makes no sense), `OutsideScope` unless the actor has the whole mall, `TooManyTargets`.
    """
    if len(targets) > MAX_BATCH:
        raise TooManyTargets(limit=MAX_BATCH)
    wanted = {_key(target): target for target in targets}
    _check(list(wanted.values()), actor)
    present = {
        tuple(row[:5]): row[5]
        for row in Target.objects.filter(
            mall__in={one.mall_id for one in wanted.values()},
            month__in={one.month for one in wanted.values()},
        ).values_list(*_KEY, "amount")
    }
    changed = [one for key, one in wanted.items() if present.get(key, 0) != one.amount]
    if not changed:
        return 0
    at = now()
    insert_unnest(
        Target._meta.db_table,
        [
            ("id", "uuid"), ("month", "date"), ("metric", "text"), ("mall_id", "uuid"),
            ("store_id", "uuid"), ("person_id", "uuid"), ("amount", "bigint"),
            ("set_at", "timestamptz"), ("origin", "text"),
        ],
        [
            (
                uuid7(), one.month, one.metric, one.mall_id, one.store_id, one.person_id,
                one.amount, at, one.origin.value,
            )
            for one in changed
            if one.amount
        ],
        on_conflict="ON CONFLICT (mall_id, month, metric, store_id, person_id) DO UPDATE SET"
        " amount = excluded.amount, set_at = excluded.set_at, origin = excluded.origin",
    )  # fmt: skip
    for one in changed:
        if not one.amount:
            Target.objects.filter(**dict(zip(_KEY, _key(one), strict=True))).delete()
    told = [_told(one, present.get(_key(one), 0)) for one in changed[:50]]
    after = {"changed": len(changed), "targets": told}
    record(actor, "targets.targets_set", "target", None, after=after)
    return len(changed)


def _key(target: TargetInput) -> tuple[UUID, dt.date, str, UUID | None, UUID | None]:
    return (target.mall_id, target.month, target.metric, target.store_id, target.person_id)


def _told(target: TargetInput, before: int) -> dict[str, object]:
    """One target in the audit log. Large batches name the first fifty."""
    place = target.person_id or target.store_id or target.mall_id
    return {
        "month": target.month,
        "of": place,
        "metric": target.metric,
        "before": before,
        "after": target.amount,
    }


def _check(targets: Sequence[TargetInput], actor: Actor) -> None:
    malls = {one.mall_id for one in targets}
    if Mall.objects.filter(pk__in=malls).count() < len(malls):
        raise TargetInvalid(fields={"mall": _("There is no such mall.")})
    if not all(covers_mall(actor.scope, mall_id) for mall_id in malls):
        raise OutsideScope()
    store_ids = {one.store_id for one in targets if one.store_id}
    mall_of = dict(Store.objects.filter(pk__in=store_ids).values_list("id", "mall_id"))
    people = {one.person_id for one in targets if one.person_id}
    if StaffUser.objects.filter(pk__in=people).count() < len(people):
        raise TargetInvalid(fields={"person": _("There is no such colleague.")})
    for one in targets:
        if one.month != first_of(one.month) or one.metric not in Metric.values:
            raise TargetInvalid(fields={"month": _("A target is for a whole month.")})
        if one.store_id is not None and mall_of.get(one.store_id) != one.mall_id:
            raise TargetInvalid(fields={"store": _("This store is not in that mall.")})
        if one.person_id is not None and one.store_id is None:
            raise TargetInvalid(fields={"store": _("Name the store at which the person works.")})
        if not 0 <= one.amount <= MAX_AMOUNT:
            raise TargetInvalid(fields={"amount": _("A target is a positive amount.")})
