"""What sales and loyalty show of a member: tier, receipts, returns, and lines of the timeline."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.money import Money
from mallard.kernel.ui.parts import Badge, TimelineEntry
from mallard.value.checkout.pages import cells
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.explaining import Glossary, explain, glossary
from mallard.value.loyalty.foretelling import fall_told
from mallard.value.loyalty.models import Tier
from mallard.value.loyalty.permissions import VIEW_PROGRAMME
from mallard.value.loyalty.queries import (
    AssessmentFacts,
    latest_assessments,
    programme,
)
from mallard.value.loyalty.standing import standings
from mallard.value.sales.models import Receipt, Return
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import visible_receipts, visible_returns
from mallard.world.members import panels
from mallard.world.members.panels import MemberInView
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)

SHOWN_RECEIPTS = 10
# The lowest tier is everybody's: it says nothing, so it stays quiet.
_TONES: dict[int, Any] = {1: "neutral", 2: "info", 3: "warning"}


def register() -> None:
    """Offer the panels to the members' screens."""
    panels.register_mark(panels.MemberMark("tier", VIEW_PROGRAMME, _tier_mark, order=10))
    panels.register_panel(
        panels.MemberPanel(
            "tier",
            _("Tier"),
            "checkout/parts/member_tier.html",
            VIEW_PROGRAMME,
            _tier_panel,
            order=20,
            place="side",
        )
    )
    panels.register_panel(
        panels.MemberPanel(
            "receipts",
            _("Receipts"),
            "checkout/parts/member_receipts.html",
            VIEW_RECEIPT,
            _receipts_panel,
            order=40,
        )
    )
    register_timeline(
        MemberTimeline("sales", _("Purchases and returns"), VIEW_RECEIPT, _timeline, order=20)
    )
    panels.register_column(
        panels.MemberColumn("tier", _("Tier"), VIEW_PROGRAMME, _tier_column, order=20)
    )


def _badge(tier: Tier) -> Badge:
    return Badge(tier.name, _TONES.get(tier.rank, "accent"), "award")


def _tiers() -> dict[str, Tier]:
    return {tier.code: tier for tier in Tier.objects.order_by("rank")}


def _tier_mark(view: MemberInView) -> Badge | None:
    today = clock.now().date()
    standing = standings([view.member.id], day=today, with_falls=False).get(view.member.id)
    if standing is None or standing.tier_code is None:
        return None
    return _badge(_tiers()[standing.tier_code])


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing to the next tier, as a bar: ``done`` of ``total``."""

    label: str
    done: int
    total: int


def _tier_panel(view: MemberInView) -> Mapping[str, Any] | None:
    try:
        facts = programme()
    except NoProgramme:
        return None
    standing = standings([view.member.id], day=clock.now().date()).get(view.member.id)
    if standing is None:
        return None
    tiers = _tiers()
    if not (view.actor.scope.is_group or view.actor.scope.mall_ids):
        # What the member spends elsewhere is not a tenant's business: the tier is enough.
        return {"tier": tiers.get(standing.tier_code or ""), "is_tier_only": True}
    following = tiers.get(standing.next_tier_code or "")
    unit = 10 ** get_currency_precision(facts.currency)
    gaps = []
    needed = next((x for x in facts.tiers if x.code == standing.next_tier_code), None)
    if following is not None and needed is not None:
        gaps = [
            # The bar counts whole units of the currency: nobody aims at cents.
            Gap(
                gettext("Spent in this period, %(currency)s") % {"currency": facts.currency},
                min(standing.spend_minor, needed.spend_minor) // unit,
                needed.spend_minor // unit,
            ),
            Gap(
                gettext("Visits in this period"),
                min(standing.visits, needed.visits),
                needed.visits,
            ),
            Gap(
                gettext("Qualifying value"),
                min(standing.value, needed.value),
                needed.value,
            ),
        ]
        gaps = [gap for gap in gaps if gap.total]
    return {
        "falls": fall_told(standing, facts.currency),
        "falls_soon": standing.falls_soon,
        "history_url": reverse("loyalty:member_tier", args=[view.member.id]),
        "tier": tiers.get(standing.tier_code or ""),
        "following": following,
        "gaps": gaps,
        "spent": Money(standing.spend_minor, facts.currency),
        "visits": standing.visits,
    }


def _receipts_panel(view: MemberInView) -> Mapping[str, Any]:
    rows = (
        visible_receipts(view.actor)
        .filter(member_id__in=view.record_ids)
        .select_related("store__mall")
        .prefetch_related("assessments")
        .order_by("-occurred_at")[:SHOWN_RECEIPTS]
    )
    return {
        "rows": [
            {
                "url": reverse("checkout:receipt", args=[row.pk]),
                "number": row.number,
                "when": cells.when(row),
                "store": row.store.name,
                "mall": row.store.mall.name,
                "paid": Money(row.net_minor, row.currency),
                "points": cells.points(row),
            }
            for row in rows
        ]
    }


def _timeline(view: MemberInView, window: Window) -> list[Happened]:
    receipts = window.newest(
        visible_receipts(view.actor)
        .filter(member_id__in=view.record_ids)
        .select_related("store__mall"),
        at="occurred_at",
    )
    backs = window.newest(
        visible_returns(view.actor)
        .filter(receipt__member_id__in=view.record_ids)
        .select_related("store__mall", "receipt"),
        at="occurred_at",
    )
    earned = latest_assessments([row.pk for row in receipts])
    words = glossary(list(earned.values()))
    found = [happened(row.pk, _bought(row, earned.get(row.pk), words)) for row in receipts]
    found += [happened(back.pk, _brought_back(back)) for back in backs]
    return found


def _brought_back(back: Return) -> TimelineEntry:
    return TimelineEntry(
        at=back.occurred_at,
        title=gettext("Returned goods to %(store)s") % {"store": back.store.name},
        detail=cells.refunded(back),
        icon="receipt-refund",
        url=reverse("checkout:receipt", args=[back.receipt_id]),
        tone="warning",
        zone=ZoneInfo(back.store.mall.time_zone),
    )


def _bought(row: Receipt, earned: AssessmentFacts | None, words: Glossary) -> TimelineEntry:
    why = f" · {explain(earned, words).summary}" if earned else ""
    return TimelineEntry(
        at=row.occurred_at,
        title=gettext("Bought at %(store)s") % {"store": row.store.name},
        detail=cells.paid(row) + why,
        icon="receipt",
        url=reverse("checkout:receipt", args=[row.pk]),
        zone=cells.zone_of(row),
    )


def _tier_column(member_ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Any]:
    tiers = _tiers()
    found = standings(list(member_ids), day=clock.now().date(), with_falls=False)
    return {
        member_id: _badge(tiers[standing.tier_code])
        for member_id, standing in found.items()
        if standing.tier_code
    }
