"""Saying when malls and stores are open: a place's hours are replaced as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Invalid
from mallard.world.malls import checks, locks, queries
from mallard.world.malls.models import OpeningHours
from mallard.world.malls.opening import MOST_EXCEPTIONS, Said, clock_text, hours_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class DayException:
    """A day on which it is otherwise than on its weekday; ``said`` None: closed."""

    day: dt.date
    said: Said
    note_en: str = ""
    note_zh: str = ""


@atomic_retrying
def set_mall_hours(
    mall_id: UUID,
    weekly: Mapping[int, Said],
    exceptions: Sequence[DayException] = (),
    *,
    actor: Actor,
) -> None:
    """A mall's hours by weekday (1 Monday to 7) and its exceptions; a weekday left out is unsaid.

    Raises `Invalid` with what is wrong, `NotFound`, `OutsideScope`.
    """
    checks.require_mall(actor, mall_id)
    _replace(mall_id, None, weekly, exceptions, actor)


@atomic_retrying
def set_store_hours(
    store_id: UUID,
    weekly: Mapping[int, Said],
    exceptions: Sequence[DayException] = (),
    *,
    actor: Actor,
) -> None:
    """A store's own hours; a weekday left out is its mall's. Raises as `set_mall_hours`."""
    store = checks.visible(queries.stores_in(actor.scope), store_id)
    _replace(store.mall_id, store.pk, weekly, exceptions, actor)


def _replace(
    mall_id: UUID,
    store_id: UUID | None,
    weekly: Mapping[int, Said],
    exceptions: Sequence[DayException],
    actor: Actor,
) -> None:
    days = [one.day for one in exceptions]
    if len(days) > MOST_EXCEPTIONS:
        raise Invalid(fields={"day": _("A place has at most 100 exceptions.")})
    if len(set(days)) < len(days):
        raise Invalid(fields={"day": _("A day occurs twice.")})
    for said in [*weekly.values(), *(one.said for one in exceptions)]:
        if said is not None:
            checks.refuse(hours_problems(said.opens, said.closes))
    locks.lock_mall(mall_id)
    rows = OpeningHours.objects.filter(mall=mall_id, store=store_id)
    before = _told(rows)
    rows.delete()
    made = [
        _row(mall_id, store_id, said, weekday=weekday) for weekday, said in sorted(weekly.items())
    ]
    made += [
        _row(mall_id, store_id, one.said, day=one.day, note_en=one.note_en, note_zh=one.note_zh)
        for one in sorted(exceptions, key=lambda one: one.day)
    ]
    OpeningHours.objects.bulk_create(made)
    after = _told(made)
    if before != after:
        subject = ("store", store_id) if store_id else ("mall", mall_id)
        record(actor, "malls.hours_changed", *subject, before=before, after=after)


def _row(mall_id: UUID, store_id: UUID | None, said: Said, **what: object) -> OpeningHours:
    opens, closes = (said.opens, said.closes) if said else (None, None)
    return OpeningHours(mall_id=mall_id, store_id=store_id, opens=opens, closes=closes, **what)


def _told(rows: Iterable[OpeningHours]) -> dict[str, object]:
    """Hours as the audit log keeps them: by weekday or day."""
    return {
        str(row.weekday or row.day): (
            "closed"
            if row.opens is None or row.closes is None
            else f"{clock_text(row.opens)}-{clock_text(row.closes)}"
        )
        for row in rows
    }
