"""Which alerts somebody may see, what holds for a pattern, and how well each pattern does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Value

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.clock import now
from mallard.kernel.secrets.services import open_keys
from mallard.value.watch.errors import AlertNotFound, ExemptionNotFound
from mallard.value.watch.models import (
    Alert,
    AlertStatus,
    Exemption,
    PatternTerms,
    TermsStatus,
    WatchRun,
)
from mallard.value.watch.patterns import PATTERNS
from mallard.value.watch.permissions import HANDLE_ALERT
from mallard.world.malls.queries import stores_in, whole_malls_in
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.queries import visible_members
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user


def visible_alerts(actor: Actor) -> QuerySet[Alert]:
    """Alerts of the actor's stores. One that spans stores is seen with the whole mall in scope, one
    that spans malls by the group: it would tell where else a member shops. Nobody sees an alert
    about themself."""
    rows = Alert.objects.select_related("member", "staff", "till", "store", "mall", "owner")
    if actor.kind is ActorKind.STAFF:
        rows = rows.exclude(staff=actor.id)
    if actor.scope.is_group:
        return rows
    return rows.filter(
        Q(store__in=stores_in(actor.scope).values("pk"))
        | Q(store=None, mall__in=whole_malls_in(actor.scope).values("pk"))
    )


def with_shown_member(rows: QuerySet[Alert], actor: Actor) -> QuerySet[Alert]:
    """With ``shown_member``, the number of the member where the actor may know of them."""
    if not actor.may(VIEW_MEMBER):
        return rows.annotate(shown_member=Value(None, output_field=CharField()))
    seen = visible_members(actor).filter(pk=OuterRef("member"))
    return rows.annotate(shown_member=Subquery(seen.values("number")[:1]))


def visible_alert(actor: Actor, alert_id: UUID) -> Alert:
    """Raises `AlertNotFound`."""
    found = visible_alerts(actor).select_related("decided_by").filter(pk=alert_id).first()
    if found is None:
        raise AlertNotFound()
    return found


def related_alerts(alert: Alert, actor: Actor) -> list[Alert]:
    """Other alerts about the same member, or by the same person or till."""
    same = Q(pk__in=[])
    for name in ("member_id", "staff_id", "till_id"):
        if (value := getattr(alert, name)) is not None:
            same |= Q(**{name: value})
    return list(visible_alerts(actor).filter(same).exclude(pk=alert.pk)[:20])


def reason_context(alert_id: UUID) -> str:
    """What the words of a decision are bound to."""
    return f"watch.alert.reason:{alert_id}"


def reason_of(alert: Alert) -> str:
    """Why it was decided so; empty where it was not, or the member was erased."""
    if alert.member_id is None or alert.reason_sealed is None:
        return alert.reason
    key = open_keys([alert.member_id]).get(alert.member_id)
    return key.open(bytes(alert.reason_sealed), reason_context(alert.pk)).decode() if key else ""


def visible_exemptions(actor: Actor) -> QuerySet[Exemption]:
    """Exemptions whose alert the actor may see."""
    return Exemption.objects.filter(alert__in=visible_alerts(actor).values("pk")).select_related(
        "alert", "member", "staff", "till", "store", "made_by"
    )


def visible_exemption(actor: Actor, exemption_id: UUID) -> Exemption:
    """Raises `ExemptionNotFound`."""
    found = visible_exemptions(actor).filter(pk=exemption_id).first()
    if found is None:
        raise ExemptionNotFound()
    return found


def exemptions_in_force(at: dt.datetime) -> QuerySet[Exemption]:
    """What is not to be said again."""
    return Exemption.objects.filter(ended_at=None, made_at__lte=at, ends_at__gt=at)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a pattern: ``since`` None means its defaults, which nobody has changed."""

    is_on: bool
    thresholds: Mapping[str, int]
    since: dt.datetime | None = None
    set_by: str = ""


def terms_in_force(at: dt.datetime | None = None) -> dict[str, Terms]:
    """Of every pattern, what holds at ``at``: now, if left out."""
    rows = (
        PatternTerms.objects.filter(status=TermsStatus.IN_FORCE, since__lte=at or now())
        .select_related("set_by")
        .order_by("pattern", "-since", "-id")
        .distinct("pattern")
    )
    latest = {row.pattern: row for row in rows}
    found = {}
    for code, pattern in PATTERNS.items():
        row = latest.get(code)
        if row is None:
            found[code] = Terms(True, pattern.defaults())
        else:
            complete = pattern.complete(row.thresholds)
            name = row.set_by.name if row.set_by else ""
            found[code] = Terms(row.is_on, complete, row.since, name)
    return found


@dataclass(frozen=True, slots=True)
class Precision:
    """How a pattern has done: of what was decided, how much was confirmed."""

    pattern: str
    found: int
    undecided: int
    confirmed: int
    false: int

    @property
    def decided(self) -> int:
        return self.confirmed + self.false


def precision_by_pattern(actor: Actor) -> list[Precision]:
    """Every pattern, in the catalogue's order, over the alerts that the actor may see."""
    counts: dict[str, Mapping[str, Any]] = {
        row["pattern"]: row
        for row in visible_alerts(actor)
        .order_by()
        .values("pattern")
        .annotate(
            found=Count("pk"),
            confirmed=Count("pk", filter=Q(status=AlertStatus.CONFIRMED)),
            false=Count("pk", filter=Q(status=AlertStatus.FALSE_ALARM)),
        )
    }
    return [_precision(code, counts.get(code, {})) for code in PATTERNS]


def _precision(code: str, row: Mapping[str, Any]) -> Precision:
    found, confirmed, false = (row.get(name, 0) for name in ("found", "confirmed", "false"))
    return Precision(code, found, found - confirmed - false, confirmed, false)


def latest_run() -> WatchRun | None:
    """When the watch looked last."""
    return WatchRun.objects.first()


def handlers_of(alerts: Collection[Alert]) -> dict[UUID, int]:
    """Who may decide these alerts, and how many of them each. Asked when alerts are raised."""
    counts: dict[UUID, int] = {}
    if not alerts:
        return counts
    for user in StaffUser.objects.filter(is_active=True):
        actor = actor_for_user(user)
        if actor.may(HANDLE_ALERT):
            seen = visible_alerts(actor).filter(pk__in=[alert.pk for alert in alerts]).count()
            if seen:
                counts[user.pk] = seen
    return counts


def exemptions_in_force_now() -> Any:
    """The ids of those that hold at present."""
    return exemptions_in_force(now()).order_by().values("pk")
