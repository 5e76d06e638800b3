"""What the page and the checks read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils.translation import get_language

from mallard.kernel import clock
from mallard.kernel.health.models import CheckState, Evidence
from mallard.kernel.health.registry import Check, Status, registered_checks, run_check


@dataclass(frozen=True, slots=True)
class Reading:
    """A check as people see it now. ``checked_at`` None: it has not been run yet."""

    check: Check
    status: Status | None
    what: str
    cause: str
    cure: str
    since: dt.datetime | None
    checked_at: dt.datetime | None


def readings() -> list[Reading]:
    """Every check: quick ones run here and now, the others as the job found them."""
    kept = {state.code: state for state in CheckState.objects.all()}
    return [_reading(check, kept.get(check.code)) for check in registered_checks()]


def _reading(check: Check, state: CheckState | None) -> Reading:
    if check.is_quick:
        finding = run_check(check).finding
        is_same = state is not None and state.status == finding.status
        since = state.since if state is not None and is_same else None
        return Reading(
            check, finding.status, **finding.sentences(), since=since, checked_at=clock.now()
        )
    if state is None:
        return Reading(check, None, "", "", "", None, None)
    texts = state.texts.get(get_language() or "en") or state.texts["en"]
    return Reading(
        check, Status(state.status), **texts, since=state.since, checked_at=state.checked_at
    )


def latest_evidence(code: str) -> Evidence | None:
    """What the examination of that name found last; None when it never ran."""
    return Evidence.objects.filter(pk=code).first()


def is_younger_than(period: dt.timedelta) -> bool:
    """Whether this installation's first tables were made less than ``period`` ago: what runs by
    the clock need not have run yet."""
    made_at = MigrationRecorder.Migration.objects.aggregate(at=Min("applied"))["at"]
    return made_at is not None and age_of(made_at) < period


def age_of(moment: dt.datetime) -> dt.timedelta:
    """How long ago ``moment`` was."""
    return clock.now() - moment
