"""What staff did to a member's points, in the timeline: requests, freezes, families, lifts.

The transfers of what was done are told by the ledger; here stands what moved nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import TimelineEntry
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.wallets.models import (
    CoolDownLift,
    FamilyRight,
    Freeze,
    PointsRequest,
    RequestKind,
    RequestStatus,
)
from mallard.value.wallets.permissions import CHANGE_POINTS
from mallard.value.wallets.queries import visible_requests
from mallard.world.members.panels import MemberInView
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)


def register() -> None:
    """Called once, when the app is ready."""
    for key, permission, load in (
        ("points_requests", CHANGE_POINTS, _requests),
        ("wallets", VIEW_WALLET, _wallet),
    ):
        register_timeline(
            MemberTimeline(key, _("Points"), permission, load, order=27, kind="points")
        )


def _requests(view: MemberInView, window: Window) -> Iterable[Happened]:
    """What was asked of a second person or refused, and extensions, which move no points."""
    rows = visible_requests(view.actor).filter(member__in=view.record_ids)
    for row in window.newest(rows.filter(is_second_needed=True), at="asked_at", part="asked"):
        title = gettext("%(change)s asked for: %(points)s") % _said(row)
        yield happened(row.pk, _request(row, row.asked_at, title, row.asked_by_label), "asked")
    decided = rows.filter(Q(status=RequestStatus.REFUSED) | Q(is_second_needed=True))
    for row in window.newest(decided, at="decided_at", part="decided"):
        if row.decided_at is not None:
            title = (
                gettext("%(change)s refused: %(points)s")
                if row.status == RequestStatus.REFUSED
                else gettext("%(change)s approved: %(points)s")
            )
            entry = _request(row, row.decided_at, title % _said(row), row.decided_by_label)
            yield happened(row.pk, entry, "decided")
    alone = rows.filter(kind=RequestKind.EXTEND, status=RequestStatus.DONE, is_second_needed=False)
    for row in window.newest(alone, at="asked_at", part="alone"):
        title = gettext("%(change)s done: %(points)s") % _said(row)
        yield happened(row.pk, _request(row, row.asked_at, title, row.asked_by_label), "alone")


def _said(row: PointsRequest) -> dict[str, str]:
    return {"change": str(row.get_kind_display()), "points": formats.points(row.points)}


def _request(row: PointsRequest, at: object, title: str, by: str) -> TimelineEntry:
    until = (
        gettext("until %(day)s") % {"day": formats.day(row.expires_at)} if row.expires_at else ""
    )
    detail = " · ".join(part for part in (until, by) if part)
    url = reverse("wallets:request", args=[row.pk])
    return TimelineEntry(at, title, detail, "coins", url)  # type: ignore[arg-type]


def _wallet(view: MemberInView, window: Window) -> Iterable[Happened]:
    """Freezes, families and time limits after a change of phone that were lifted."""
    freezes = Freeze.objects.filter(member__in=view.record_ids)
    rights = FamilyRight.objects.filter(
        Q(owner__in=view.record_ids) | Q(spender__in=view.record_ids)
    )
    lifts = CoolDownLift.objects.filter(member__in=view.record_ids)
    # Who did it where the row says so; the reason stays sealed.
    for rows, at, by, title, icon in (
        (freezes, "frozen_at", "frozen_by_label", _("Points frozen"), "lock"),
        (freezes, "released_at", "", _("Points released"), "lock-open"),
        (rights, "granted_at", "granted_by_label", _("Family: a right to spend given"), "users"),
        (rights, "ended_at", "", _("Family: a right to spend ended"), "users"),
        (lifts, "lifted_at", "lifted_by_label", _("Spending allowed again sooner"), "lock-open"),
    ):
        for row in window.newest(rows, at=at, part=at):
            who = getattr(row, by) if by else ""
            yield happened(row.pk, TimelineEntry(getattr(row, at), title, who, icon), at)
