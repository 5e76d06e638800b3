"""The watch looks: each finding of a pattern becomes an alert, or lets one grow."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Sum
from procrastinate.exceptions import AlreadyEnqueued

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import (
    atomic_retrying,
    retry_when_raced,
    statement_limits,
)
from mallard.kernel.outbox.services import announce
from mallard.kernel.workspace.services.notifying import notify
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import programme
from mallard.value.rewards.valuing import cost_of
from mallard.value.watch.events import AlertRaised
from mallard.value.watch.finding import FINDERS, Finding, Period
from mallard.value.watch.finding.findings import merged
from mallard.value.watch.kinds import GREW, RAISED, task_of
from mallard.value.watch.locks import lock_undecided, wait_for_turn
from mallard.value.watch.models import (
    UNDECIDED,
    Alert,
    Evidence,
    Exemption,
    FactKind,
    WatchRun,
)
from mallard.value.watch.permissions import HANDLE_ALERT
from mallard.value.watch.queries import exemptions_in_force, handlers_of, terms_in_force
from mallard.world.tasks import services as tasks

LOOK_BACK = dt.timedelta(days=8)
"""How far back the nightly watch looks besides the patterns' own windows: late facts are normal."""

MOST_AT_ONCE = 500
MOST_EVIDENCE = 1_000
"""Of one alert: beyond this the newest say enough."""

retry_when_raced("watch_alert_undecided_once")


@dataclass(slots=True)
class Report:
    """What came of a look. ``by_pattern`` counts findings, exempted and known ones included."""

    since: dt.datetime
    until: dt.datetime
    by_pattern: dict[str, int] = field(default_factory=dict)
    raised: list[UUID] = field(default_factory=list)
    grown: list[UUID] = field(default_factory=list)
    exempted: int = 0


def look(
    *, actor: Actor, since: dt.datetime | None = None, until: dt.datetime | None = None
) -> Report:
    """Look over ``since`` to ``until`` (the last `LOOK_BACK`, if left out) with the thresholds in
    force. Again over the same facts changes nothing."""
    started = now()
    until = until or started
    period = Period(since or until - LOOK_BACK, until)
    report = Report(period.since, period.until)
    findings: list[Finding] = []
    with statement_limits(statement_ms=0):
        for code, terms in terms_in_force(started).items():
            found = list(merged(FINDERS[code](period, terms.thresholds))) if terms.is_on else []
            report.by_pattern[code] = len(found)
            findings += found
    for start in range(0, len(findings), MOST_AT_ONCE):
        kept = _keep(findings[start : start + MOST_AT_ONCE], actor=actor)
        report.raised += kept.raised
        report.grown += kept.grown
        report.exempted += kept.exempted
    _note(report, started)
    return report


@atomic_retrying
def start_looking(*, actor: Actor) -> None:
    """Let a job look now instead of tonight."""
    from mallard.value.watch.jobs import look_now

    actor.require(HANDLE_ALERT)
    actor.require_change()
    with contextlib.suppress(AlreadyEnqueued):
        look_now.defer()


@dataclass(frozen=True, slots=True)
class _Kept:
    raised: list[UUID]
    grown: list[UUID]
    exempted: int


@atomic_retrying
def _keep(findings: Sequence[Finding], *, actor: Actor) -> _Kept:
    """New alerts of these findings, and those that grew."""
    wait_for_turn()
    exempted = _exempted(findings)
    decided = _decided({finding.key for finding in findings})
    undecided = lock_undecided({finding.key for finding in findings})
    raised: list[Alert] = []
    grown: list[tuple[Alert, int]] = []
    for finding in findings:
        if finding.key in exempted:
            continue
        alert = undecided.get(finding.key)
        if alert is not None:
            added = _grow(alert, finding)
            if added:
                grown.append((alert, added))
        elif _is_news(finding, decided.get(finding.key, set())):
            raised.append(_raise(finding))
    if raised:
        tasks.open_tasks([task_of(alert) for alert in raised], actor=actor)
        announce(
            [
                AlertRaised(subject_id=one.pk, pattern=one.pattern, score=one.score)
                for one in raised
            ],
            actor=actor,
        )
        ids = [alert.pk for alert in raised]
        record(actor, "watch.alerts_raised", "fraud_alert", None, ids=ids)
        _tell(raised)
    for alert, added in grown:
        if alert.owner_id is not None:
            notify([alert.owner_id], GREW, params={"count": added}, url=f"/watch/{alert.pk}/")
    return _Kept(
        [alert.pk for alert in raised], [alert.pk for alert, _added in grown], len(exempted)
    )


def _tell(raised: Collection[Alert]) -> None:
    by_count: dict[int, list[UUID]] = defaultdict(list)
    for user_id, count in handlers_of(raised).items():
        by_count[count].append(user_id)
    for count, user_ids in by_count.items():
        notify(user_ids, RAISED, params={"count": count}, url="/watch/")


def _exempted(findings: Sequence[Finding]) -> set[str]:
    exemptions = list(exemptions_in_force(now()))
    return {
        finding.key
        for finding in findings
        if any(_covers(exemption, finding) for exemption in exemptions)
    }


def _covers(exemption: Exemption, finding: Finding) -> bool:
    if exemption.pattern != finding.pattern:
        return False
    subject = finding.subject
    pairs = (
        (exemption.member_id, subject.member_id),
        (exemption.staff_id, subject.staff_id),
        (exemption.till_id, subject.till_id),
        (exemption.store_id, subject.store_id),
    )
    return all(wanted is None or wanted == given for wanted, given in pairs)


def _decided(keys: Collection[str]) -> dict[str, set[UUID]]:
    """The facts behind alerts with these keys that were decided."""
    rows = Evidence.objects.filter(alert__key__in=keys).exclude(alert__status__in=UNDECIDED)
    facts: dict[str, set[UUID]] = defaultdict(set)
    for key, fact_id in rows.values_list("alert__key", "fact_id"):
        facts[key].add(fact_id)
    return facts


def _is_news(finding: Finding, decided: Collection[UUID]) -> bool:
    """Whether so much of it has not been decided that the pattern is met by it alone."""
    new = [
        fact for fact in finding.facts if fact.kind in finding.counted and fact.id not in decided
    ]
    return len(new) >= finding.least


def _raise(finding: Finding) -> Alert:
    subject = finding.subject
    alert = Alert(
        pattern=finding.pattern,
        key=finding.key,
        member_id=subject.member_id,
        staff_id=subject.staff_id,
        till_id=subject.till_id,
        store_id=subject.store_id,
        mall_id=subject.mall_id,
        score=finding.verdict.score,
        why=dict(finding.verdict.why),
        first_at=finding.facts[0].occurred_at,
        last_at=finding.facts[-1].occurred_at,
    )
    alert.save(force_insert=True)
    _add_evidence(alert, finding)
    _reckon(alert)
    return alert


def _grow(alert: Alert, finding: Finding) -> int:
    """Add what is new; how many facts. The stronger verdict is told from now on."""
    before = Evidence.objects.filter(alert=alert).count()
    _add_evidence(alert, finding)
    added = Evidence.objects.filter(alert=alert).count() - before
    if not added:
        return 0
    if finding.verdict.score >= alert.score:
        alert.score, alert.why = finding.verdict.score, dict(finding.verdict.why)
    alert.first_at = min(alert.first_at, finding.facts[0].occurred_at)
    alert.last_at = max(alert.last_at, finding.facts[-1].occurred_at)
    alert.grown_at = now()
    _reckon(alert)
    return added


def _add_evidence(alert: Alert, finding: Finding) -> None:
    Evidence.objects.bulk_create(
        [
            Evidence(
                alert=alert,
                kind=fact.kind,
                fact_id=fact.id,
                store_id=fact.store_id,
                occurred_at=fact.occurred_at,
                amount_minor=fact.amount_minor,
                currency=fact.currency,
                points=fact.points,
            )
            for fact in finding.facts[-MOST_EVIDENCE:]
        ],
        ignore_conflicts=True,
    )


def _reckon(alert: Alert) -> None:
    """What is at stake and where, by all evidence: points that redemptions took, where there are
    redemptions, else what receipts earned and changes gave. A store or mall where there is one."""
    rows = Evidence.objects.filter(alert=alert)
    by_kind: Mapping[str, int] = dict(
        rows.order_by().values_list("kind").annotate(points=Sum("points"))
    )
    given = by_kind.get(FactKind.RECEIPT, 0) + by_kind.get(FactKind.CHANGE, 0)
    alert.points = -by_kind.get(FactKind.TRANSFER, 0) or given
    places = set(
        rows.filter(store__isnull=False).values_list("store_id", "store__mall_id").distinct()
    )
    stores, malls = {store for store, _m in places}, {mall for _s, mall in places}
    if places:  # points by hand and redemptions are of no store: the mall stays as it was found
        alert.store_id = next(iter(stores)) if len(stores) == 1 else None
        alert.mall_id = next(iter(malls)) if len(malls) == 1 else None
    try:
        facts = programme()
    except NoProgramme:
        pass
    else:
        alert.cost_minor = cost_of(alert.points, facts.point_cost_micro)
        alert.currency = facts.currency
    alert.save()


@atomic_retrying
def _note(report: Report, started: dt.datetime) -> None:
    WatchRun.objects.create(
        started_at=started,
        finished_at=max(now(), started),
        since=report.since,
        until=report.until,
        new=len(report.raised),
        grown=len(report.grown),
        exempted=report.exempted,
    )
