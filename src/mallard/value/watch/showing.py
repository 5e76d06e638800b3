"""Alerts, their evidence and patterns as people read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.marks import Tone
from mallard.kernel.ui.parts import Badge
from mallard.kernel.ui.templatetags.ui import at
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.ledger.queries import visible_transfers
from mallard.value.sales.models import Source
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import visible_receipts, visible_returns
from mallard.value.watch.models import Alert, AlertStatus, Evidence, Exemption, FactKind
from mallard.value.watch.patterns import LINKS, PATTERNS
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.queries import visible_members
from mallard.world.members.showing import cards

TONES: dict[str, Tone] = {
    AlertStatus.OPEN: "warning",
    AlertStatus.LOOKING: "info",
    AlertStatus.CONFIRMED: "danger",
    AlertStatus.FALSE_ALARM: "neutral",
}
STRONG, CLEAR = 85, 65
"""From these scores on a finding is called strong, or clear."""


def state(alert: Alert) -> Badge:
    return Badge(AlertStatus(alert.status).label, TONES[alert.status])


def score(alert: Alert) -> Badge:
    """The score with its word."""
    word, tone = _("weak"), "neutral"
    if alert.score >= STRONG:
        word, tone = _("strong"), "danger"
    elif alert.score >= CLEAR:
        word, tone = _("clear"), "warning"
    return Badge(f"{alert.score} · {word}", tone)  # type: ignore[arg-type]


def pattern_name(code: str) -> str:
    """What a pattern is called; its code, when there is no such pattern any more."""
    pattern = PATTERNS.get(code)
    return str(pattern.name) if pattern else code


class _Figures(dict[str, str]):
    """A figure that an old alert does not have is a dash, never an error."""

    def __missing__(self, _key: str) -> str:
        return "–"


def why(alert: Alert) -> str:
    """The sentence of a finding, with its figures as the reader writes them."""
    pattern = PATTERNS.get(alert.pattern)
    return str(pattern.why) % _figures(alert.why) if pattern else ""


def _figures(given: Mapping[str, Any]) -> _Figures:
    figures = _Figures()
    for name, value in given.items():
        if name == "link":
            figures[name] = str(LINKS.get(value, value))
        elif name.endswith("_bp"):
            figures[name.removesuffix("_bp")] = formats.percent(value, 10_000)
        else:
            figures[name] = formats.number(value)
    return figures


def at_stake(alert: Alert) -> str:
    """The points, and what they cost the programme."""
    points = formats.points(alert.points)
    if alert.cost_minor is None:
        return points
    return f"{points} · {formats.money(Money(alert.cost_minor, alert.currency))}"


def place(alert: Alert) -> str:
    """The store, else the mall, else that there are several malls."""
    if alert.store is not None:
        return str(alert.store.name)
    if alert.mall is not None:
        return gettext("Several stores, %(mall)s") % {"mall": alert.mall.name}
    return gettext("Several malls")


def recorder(alert: Alert) -> str | None:
    """Who gave the receipts: a person by name, a till by that of its key."""
    if alert.staff is not None:
        return alert.staff.name
    return alert.till.name if alert.till is not None else None


def zone_of(alert: Alert) -> ZoneInfo | None:
    return ZoneInfo(alert.mall.time_zone) if alert.mall is not None else None


def seen_members(member_ids: Collection[UUID], actor: Actor) -> dict[UUID, str]:
    """Name (masked, unless the reader may see it) and number of whom the reader may know of."""
    if not actor.may(VIEW_MEMBER):
        return {}
    rows = list(visible_members(actor).filter(pk__in=member_ids))
    shown = cards(rows, actor)
    return {
        row.pk: f"{shown[row.pk].name} · {row.number}" if shown[row.pk].name else row.number
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A fact as the alert's page lists it; ``link`` opens it, where the reader may."""

    link: SafeString | str
    kind: str
    when: str
    store: str
    amount: str
    points: str
    is_generated: bool = False


def evidence_rows(alert: Alert, rows: Sequence[Evidence], actor: Actor) -> list[EvidenceRow]:
    """These facts, with links to those that the reader may open; a constant number of queries."""
    known = {
        FactKind.RECEIPT: _receipts(rows, actor),
        FactKind.RETURN: _returns(rows, actor),
        FactKind.TRANSFER: _transfers(rows, actor, FactKind.TRANSFER),
        FactKind.CHANGE: _transfers(rows, actor, FactKind.CHANGE),
    }
    zone = zone_of(alert)
    told = []
    for row in rows:
        link, is_generated = known[FactKind(row.kind)].get(row.fact_id, ("", False))
        told.append(
            EvidenceRow(
                link=link or gettext("Not yours to open"),
                kind=str(FactKind(row.kind).label),
                when=at(row.occurred_at, zone),
                store=str(row.store.name) if row.store else "",
                amount=formats.money(Money(row.amount_minor, row.currency)) if row.currency else "",
                points=formats.number(row.points) if row.points else "",
                is_generated=is_generated,
            )
        )
    return told


Known = dict[UUID, tuple[SafeString, bool]]


def _ids(rows: Sequence[Evidence], kind: FactKind) -> list[UUID]:
    return [row.fact_id for row in rows if row.kind == kind]


def _receipts(rows: Sequence[Evidence], actor: Actor) -> Known:
    if not actor.may(VIEW_RECEIPT):
        return {}
    seen = visible_receipts(actor).filter(pk__in=_ids(rows, FactKind.RECEIPT))
    return {
        pk: (_link("checkout:receipt", pk, number), source == Source.GENERATED)
        for pk, number, source in seen.values_list("pk", "number", "source")
    }


def _returns(rows: Sequence[Evidence], actor: Actor) -> Known:
    """A return is shown on the page of its receipt."""
    if not actor.may(VIEW_RECEIPT):
        return {}
    seen = visible_returns(actor).filter(pk__in=_ids(rows, FactKind.RETURN))
    return {
        pk: (_link("checkout:receipt", receipt_id, number), source == Source.GENERATED)
        for pk, receipt_id, number, source in seen.values_list(
            "pk", "receipt_id", "number", "source"
        )
    }


def _transfers(rows: Sequence[Evidence], actor: Actor, kind: FactKind) -> Known:
    if not actor.may(VIEW_WALLET):
        return {}
    seen = visible_transfers(actor).filter(pk__in=_ids(rows, kind))
    label = str(kind.label)
    return {
        pk: (_link("ledger:transfer", pk, label), False) for pk in seen.values_list("pk", flat=True)
    }


def _link(name: str, pk: UUID, label: str) -> SafeString:
    return format_html('<a class="num" href="{}">{}</a>', reverse(name, args=[pk]), label)


def about(exemption: Exemption, actor: Actor) -> str:
    """Of whom an exemption is, in words; a member whom the reader may not know of has no number."""
    parts = []
    if exemption.member_id is not None:
        seen = seen_members([exemption.member_id], actor)
        parts.append(seen.get(exemption.member_id, gettext("This member")))
    if exemption.staff is not None:
        parts.append(exemption.staff.name)
    if exemption.till is not None:
        parts.append(exemption.till.name)
    if exemption.store is not None:
        parts.append(str(exemption.store.name))
    return " · ".join(parts)
