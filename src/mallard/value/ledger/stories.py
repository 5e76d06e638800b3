"""What moved a member's points, in the timeline.

What a purchase earned and what a reward cost stands with the purchase and the redemption, which
other apps tell: those sources are named by them (`told_elsewhere`).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import TimelineEntry
from mallard.value.ledger.models import Hold, HoldStatus, TransferKind
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.ledger.queries import visible_transfers
from mallard.value.ledger.showing import transfer_rows
from mallard.world.members.panels import MemberInView
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)

_told: dict[tuple[str, str], str] = {}


def told_elsewhere(source_kind: str, kind: TransferKind, permission: str) -> None:
    """Transfers of ``kind`` with such a source are told by the app that has the source, to who
    holds its ``permission``."""
    _told[source_kind, kind.value] = permission


def register() -> None:
    """Called once, when the app is ready."""
    register_timeline(MemberTimeline("points", _("Points"), VIEW_WALLET, _transfers, order=25))
    register_timeline(
        MemberTimeline("holds", _("Points"), VIEW_WALLET, _holds, order=26, kind="points")
    )


def _transfers(view: MemberInView, window: Window) -> Iterable[Happened]:
    rows = visible_transfers(view.actor).filter(member_id__in=view.record_ids)
    for (source_kind, kind), permission in _told.items():
        if view.actor.may(permission):
            rows = rows.exclude(source_kind=source_kind, kind=kind)
    rows = rows.select_related("debit_account", "credit_account")
    for row in transfer_rows(window.newest(rows, at="occurred_at"), view.actor):
        detail = " · ".join(
            str(part) for part in (row.reason, row.source.label if row.source else "") if part
        )
        entry = TimelineEntry(
            row.transfer.occurred_at,
            f"{row.kind.text}: {formats.points(row.amount)}",
            detail,
            "coins",
            row.url,
            row.kind.tone,
        )
        yield happened(row.transfer.pk, entry)


def _holds(view: MemberInView, window: Window) -> Iterable[Happened]:
    """Points reserved for a basket, and let go: for the group alone, as on the wallet."""
    if not view.actor.scope.is_group:
        return
    told = [source for source, kind in _told if kind == TransferKind.REDEEM.value]
    rows = Hold.objects.filter(member_id__in=view.record_ids).exclude(source_kind__in=told)
    url = reverse("members:detail", args=[view.member.pk])
    for row in window.newest(rows, at="placed_at", part="placed"):
        title = gettext("%(points)s held for a basket") % {"points": formats.points(row.points)}
        yield happened(
            row.pk, TimelineEntry(row.placed_at, title, icon="hourglass", url=url), "placed"
        )
    let_go = rows.filter(Q(status=HoldStatus.VOIDED))
    for row in window.newest(let_go, at="closed_at", part="closed"):
        if row.closed_at is not None:
            title = gettext("%(points)s no longer held") % {"points": formats.points(row.points)}
            yield happened(
                row.pk, TimelineEntry(row.closed_at, title, icon="hourglass", url=url), "closed"
            )
