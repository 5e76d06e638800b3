"""Other thresholds: typed, counted over the last year, then put in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, statement_limits
from mallard.value.loyalty.services.programme import require_whole_group
from mallard.value.watch.errors import PatternUnknown, TermsNotCounted, ThresholdInvalid
from mallard.value.watch.finding import FINDERS, Period
from mallard.value.watch.finding.findings import merged
from mallard.value.watch.locks import lock_terms
from mallard.value.watch.models import Alert, AlertStatus, PatternTerms, TermsStatus
from mallard.value.watch.patterns import PATTERNS, Pattern
from mallard.value.watch.permissions import EDIT_PATTERN
from mallard.value.watch.queries import terms_in_force
from mallard.value.watch.services.deciding import person_of

YEAR = dt.timedelta(days=365)


@atomic_retrying
def try_terms(
    code: str, *, thresholds: Mapping[str, int], is_on: bool, actor: Actor
) -> PatternTerms:
    """Keep thresholds as a draft and let a job count what they would have found in a year.

    Raises `PatternUnknown`, and `ThresholdInvalid` with the fields at fault.
    """
    from mallard.value.watch.jobs import count_terms as counting

    actor.require(EDIT_PATTERN)
    require_whole_group(actor)
    pattern = PATTERNS.get(code)
    if pattern is None:
        raise PatternUnknown()
    row = PatternTerms.objects.create(
        pattern=code,
        is_on=is_on,
        thresholds=_checked(pattern, thresholds),
        made_by=person_of(actor),
    )
    record(actor, "watch.terms_tried", "thresholds", row.pk, after=_told(row))
    counting.defer(terms_id=str(row.pk))
    return row


def _checked(pattern: Pattern, given: Mapping[str, int]) -> dict[str, int]:
    wrong = {}
    for each in pattern.thresholds:
        value = given.get(each.code)
        if not isinstance(value, int) or not each.fits(value):
            error = ThresholdInvalid(least=each.least, most=each.most)
            wrong[each.code] = error.sentence
    if wrong:
        first = next(each for each in pattern.thresholds if each.code in wrong)
        raise ThresholdInvalid(least=first.least, most=first.most, fields=wrong)
    return {each.code: given[each.code] for each in pattern.thresholds}


def _told(row: PatternTerms) -> dict[str, object]:
    return {"pattern": row.pattern, "is_on": row.is_on, **row.thresholds}


def count_terms(terms_id: UUID) -> None:
    """Count what a draft would have found. Again counts again: the draft is the same."""
    row = PatternTerms.objects.filter(pk=terms_id, status=TermsStatus.COUNTING).first()
    if row is None or row.pattern not in PATTERNS:
        return
    moment = now()
    keys: set[str] = set()
    if row.is_on:
        terms = PATTERNS[row.pattern].complete(row.thresholds)
        with statement_limits(statement_ms=0):
            found = merged(FINDERS[row.pattern](Period(moment - YEAR, moment), terms))
            keys = {finding.key for finding in found}
    decided = dict(
        Alert.objects.filter(pattern=row.pattern, key__in=keys)
        .order_by("key", "decided_at")
        .values_list("key", "status")
    )
    PatternTerms.objects.filter(pk=terms_id, status=TermsStatus.COUNTING).update(
        status=TermsStatus.COUNTED,
        found=len(keys),
        found_confirmed=sum(one == AlertStatus.CONFIRMED for one in decided.values()),
        found_false=sum(one == AlertStatus.FALSE_ALARM for one in decided.values()),
    )


@atomic_retrying
def put_in_force(terms_id: UUID, *, actor: Actor) -> PatternTerms:
    """Let a draft hold from now on. Again changes nothing. Raises `TermsNotCounted`,
    `PatternUnknown`."""
    actor.require(EDIT_PATTERN)
    require_whole_group(actor)
    row = lock_terms(terms_id)
    if row is None:
        raise PatternUnknown()
    if row.status == TermsStatus.COUNTING:
        raise TermsNotCounted()
    if row.status == TermsStatus.IN_FORCE:
        return row
    former = terms_in_force()[row.pattern]
    row.status, row.since, row.set_by = TermsStatus.IN_FORCE.value, now(), person_of(actor)
    row.save(update_fields=["status", "since", "set_by"])
    before = {"is_on": former.is_on, **former.thresholds}
    record(actor, "watch.terms_set", "thresholds", row.pk, before=before, after=_told(row))
    return row
